import { layOutAside } from '#editor/canvas/lay-out-aside.ts'
import { moveBlocks } from '#editor/document/edits.ts'
import { shownPart } from '#editor/document/shown-dialog.ts'
import { type Action, isOpen } from './action.ts'

/** Lays everything out afresh, Learn above Talk, as one step that can be undone. */
export const tidy: Action = {
  name: 'tidy',
  group: 'view',
  shortcuts: ['Shift+T'],
  when: (studio) => isOpen(studio) && Object.keys(studio.draft.getState().document.nodes).length > 0,
  async perform({ draft, canvas }) {
    const places = await layOutAside(shownPart(draft.getState().document), canvas.sizeOf)
    draft.commit((document) => moveBlocks(document, places), { label: 'tidy' })
    canvas.announce(canvas.word('said.tidied'))
    canvas.fitCanvas()
  },
}
