import { removeBlocks } from '#editor/document/edits.ts'
import { type Action, isOpen } from './action.ts'

export const deleteSelection: Action = {
  name: 'delete',
  group: 'edit',
  shortcuts: ['Delete', 'Backspace'],
  when(studio) {
    const { nodes, edges } = studio.selection.getState()
    return isOpen(studio) && nodes.length + edges.length > 0
  },
  perform({ draft, selection, select, canvas }) {
    const { nodes, edges } = selection.getState()
    draft.commit(
      (document) => {
        for (const edge of edges) delete document.edges[edge]
        removeBlocks(document, draft.getState().facts, nodes)
      },
      { label: 'delete', allowLargeRemoval: true },
    )
    select([])
    canvas.announce(canvas.word('said.deleted', { count: nodes.length + edges.length }))
  },
}
