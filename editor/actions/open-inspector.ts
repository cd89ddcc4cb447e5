import { toItem } from '#editor/document/item-id.ts'
import { type Action, isOpen, onlyItem } from './action.ts'

/** Enter opens what is picked: a block's settings, a note's text, a group's name. */
export const openInspector: Action = {
  name: 'open-inspector',
  group: 'walk',
  shortcuts: ['Enter'],
  when: (studio) => isOpen(studio) && onlyItem(studio) !== null,
  perform(studio) {
    const item = onlyItem(studio)
    if (item === null || toItem(item).kind === 'block') studio.canvas.focusInspector()
    else studio.canvas.editItem(item)
  },
}
