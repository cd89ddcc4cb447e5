import { type Action, isOpen } from './action.ts'

export const selectAll: Action = {
  name: 'select-all',
  group: 'edit',
  shortcuts: ['Mod+A'],
  when: isOpen,
  perform({ draft, select }) {
    select(Object.keys(draft.getState().document.nodes))
  },
}
