import { itemsOf } from '#editor/document/boxes.ts'
import { shownPart } from '#editor/document/shown-dialog.ts'
import { type Action, isOpen } from './action.ts'

export const selectAll: Action = {
  name: 'select-all',
  group: 'edit',
  shortcuts: ['Mod+A'],
  when: isOpen,
  perform({ draft, selectItems }) {
    selectItems(itemsOf(shownPart(draft.getState().document)))
  },
}
