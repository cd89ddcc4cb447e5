import { type Action, isOpen } from './action.ts'

export const openInspector: Action = {
  name: 'open-inspector',
  group: 'walk',
  shortcuts: ['Enter'],
  when: (studio) => isOpen(studio) && studio.selection.getState().nodes.length === 1,
  perform: ({ canvas }) => canvas.focusInspector(),
}
