import { toItem } from '#editor/document/item-id.ts'
import { type Action, isOpen, onlyItem } from './action.ts'

export const rename: Action = {
  name: 'rename',
  group: 'edit',
  shortcuts: ['F2'],
  when: (studio) => isOpen(studio) && onlyItem(studio) !== null,
  perform(studio) {
    const item = onlyItem(studio)
    if (item === null || toItem(item).kind === 'block') studio.canvas.focusInspector('name')
    else studio.canvas.editItem(item)
  },
}
