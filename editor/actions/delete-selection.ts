import { removeBlocks } from '#editor/document/edits.ts'
import { removeGroups } from '#editor/document/groups.ts'
import { removeNotes } from '#editor/document/notes.ts'
import { type Action, isOpen } from './action.ts'

/** Deletes what is picked; of a group the frame goes and the blocks stay. */
export const deleteSelection: Action = {
  name: 'delete',
  group: 'edit',
  shortcuts: ['Delete', 'Backspace'],
  when(studio) {
    const { nodes, edges, notes, groups } = studio.selection.getState()
    return isOpen(studio) && nodes.length + edges.length + notes.length + groups.length > 0
  },
  perform({ draft, selection, select, canvas }) {
    const { nodes, edges, notes, groups } = selection.getState()
    draft.commit(
      (document) => {
        for (const edge of edges) delete document.edges[edge]
        removeBlocks(document, draft.getState().facts, nodes)
        removeNotes(document, notes)
        removeGroups(document, groups)
      },
      { label: 'delete', allowLargeRemoval: true },
    )
    select([])
    const count = nodes.length + edges.length + notes.length + groups.length
    canvas.announce(canvas.word('said.deleted', { count }))
  },
}
