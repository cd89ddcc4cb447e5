import { type Action, isOpen } from './action.ts'

export const undo: Action = {
  name: 'undo',
  group: 'edit',
  shortcuts: ['Mod+Z'],
  inFields: true,
  when: (studio) => isOpen(studio) && studio.draft.getState().history.past.length > 0,
  perform({ draft, canvas }) {
    const entry = draft.undo()
    if (entry) canvas.announce(canvas.word('said.undone', { what: canvas.word(`history.${entry.label}`) }))
  },
}
