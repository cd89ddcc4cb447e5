import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/** What is picked on the canvas, apart from the document: it is neither saved nor undone. */
export interface Selection {
  nodes: readonly string[]
  edges: readonly string[]
  /** The output port that the keyboard is on, for "what can this connect to". */
  port: { node: string; port: string } | null
}
export const nothingSelected: Selection = { nodes: [], edges: [], port: null }

export const selection = createStore<Selection>()(() => nothingSelected)

export function select(nodes: readonly string[], edges: readonly string[] = []): void {
  const now = selection.getState()
  const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((id, i) => id === b[i])
  if (same(now.nodes, nodes) && same(now.edges, edges)) return
  selection.setState({ nodes, edges, port: null })
}

export function useSelection<T>(pick: (state: Selection) => T): T {
  return useStore(selection, pick)
}
