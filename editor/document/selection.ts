import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { groupItem, noteItem, toItem } from './item-id.ts'

/** What is picked on the canvas, apart from the document: it is neither saved nor undone. */
export interface Selection {
  nodes: readonly string[]
  edges: readonly string[]
  notes: readonly string[]
  groups: readonly string[]
  /** The output port that the keyboard is on, for "what can this connect to". */
  port: { node: string; port: string } | null
}
export const nothingSelected: Selection = { nodes: [], edges: [], notes: [], groups: [], port: null }

export const selection = createStore<Selection>()(() => nothingSelected)

const nothing: readonly string[] = []

export function select(
  nodes: readonly string[],
  edges: readonly string[] = nothing,
  { notes = nothing, groups = nothing }: { notes?: readonly string[]; groups?: readonly string[] } = {},
): void {
  const now = selection.getState()
  const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((id, i) => id === b[i])
  const unchanged =
    same(now.nodes, nodes) && same(now.edges, edges) && same(now.notes, notes) && same(now.groups, groups)
  if (!unchanged) selection.setState({ nodes, edges, notes, groups, port: null })
}

/** Picks whatever the items are: blocks, notes, groups. */
export function selectItems(items: readonly string[], edges: readonly string[] = nothing): void {
  const of = (kind: string) => items.map(toItem).flatMap((item) => (item.kind === kind ? [item.id] : []))
  select(of('block'), edges, { notes: of('note'), groups: of('group') })
}

/** Everything picked but wires, as items; groups first, as they lie below. */
export function pickedItems({ nodes, notes, groups }: Pick<Selection, 'nodes' | 'notes' | 'groups'>): string[] {
  return [...groups.map(groupItem), ...notes.map(noteItem), ...nodes]
}

export function useSelection<T>(pick: (state: Selection) => T): T {
  return useStore(selection, pick)
}
