import { addGroup, groupOf, removeGroups } from '#editor/document/groups.ts'
import { groupItem } from '#editor/document/item-id.ts'
import { type Action, isOpen, type Studio } from './action.ts'

/** Puts the picked blocks into one group, those of picked groups too, and asks for its name. */
export const group: Action = {
  name: 'group',
  group: 'edit',
  shortcuts: ['Mod+G'],
  when: (studio) => isOpen(studio) && studio.selection.getState().nodes.length > 0,
  perform({ draft, selection, selectItems, canvas }) {
    const { nodes, groups } = selection.getState()
    const { view } = draft.getState().document
    const members = new Set([...groups.flatMap((id) => view.groups[id]?.nodes ?? []), ...nodes])
    let added: string | null = null
    draft.commit(
      (document) => {
        added = addGroup(document, [...members], canvas.word('group.new'))
      },
      { label: 'group' },
    )
    if (added === null) return
    selectItems([groupItem(added)])
    canvas.announce(canvas.word('said.grouped', { count: members.size }))
    canvas.editItem(groupItem(added))
  },
}

/** Groups that are meant: those picked, or else those of the picked blocks. */
function meantGroups({ draft, selection }: Studio): string[] {
  const { nodes, groups } = selection.getState()
  const { document } = draft.getState()
  if (groups.length > 0) return groups.filter((id) => document.view.groups[id])
  return [...new Set(nodes.flatMap((node) => groupOf(document, node) ?? []))]
}

/** Takes the frame away; its blocks stay and are picked. */
export const ungroup: Action = {
  name: 'ungroup',
  group: 'edit',
  shortcuts: ['Mod+Shift+G'],
  when: (studio) => isOpen(studio) && meantGroups(studio).length > 0,
  perform(studio) {
    const { draft, select, canvas } = studio
    const meant = meantGroups(studio)
    const { view } = draft.getState().document
    const members = meant.flatMap((id) => view.groups[id]?.nodes ?? [])
    draft.commit((document) => removeGroups(document, meant), { label: 'ungroup' })
    select(members)
    canvas.announce(canvas.word('said.ungrouped', { count: members.length }))
  },
}
