import { type Action, isOpen } from './action.ts'

export const rename: Action = {
  name: 'rename',
  group: 'edit',
  shortcuts: ['F2'],
  when: (studio) => isOpen(studio) && studio.selection.getState().nodes.length === 1,
  perform: ({ canvas }) => canvas.focusInspector('name'),
}
