import { type Action, isOpen } from './action.ts'

export const redo: Action = {
  name: 'redo',
  group: 'edit',
  shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
  inFields: true,
  when: (studio) => isOpen(studio) && studio.draft.getState().history.future.length > 0,
  perform({ draft, canvas }) {
    const entry = draft.redo()
    if (entry) canvas.announce(canvas.word('said.redone', { what: canvas.word(`history.${entry.label}`) }))
  },
}
