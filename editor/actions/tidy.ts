import { moveBlocks } from '#editor/document/edits.ts'
import { registry } from '#editor/document/registry.ts'
import { type Action, isOpen } from './action.ts'

/** Lays everything out afresh, Learn above Talk, as one step that can be undone. */
export const tidy: Action = {
  name: 'tidy',
  group: 'view',
  shortcuts: ['Shift+T'],
  when: (studio) => isOpen(studio) && Object.keys(studio.draft.getState().document.nodes).length > 0,
  async perform({ draft, canvas }) {
    const { layOut } = await import('#editor/canvas/layout.ts')
    const places = layOut(draft.getState().document, registry, canvas.sizeOf)
    draft.commit((document) => moveBlocks(document, places), { label: 'tidy' })
    canvas.announce(canvas.word('said.tidied'))
    canvas.fitCanvas()
  },
}
