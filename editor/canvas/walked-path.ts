import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { draft } from '#editor/document/store.ts'

interface Walked {
  /** Place in the walk, from 0, by block and by wire; empty while nothing is lit. */
  nodes: Record<string, number>
  edges: Record<string, number>
}
const unlit: Walked = { nodes: {}, edges: {} }

export const walked = createStore<Walked>()(() => unlit)

/** Lights the blocks and wires that a conversation passed, one after the other. Null puts the light out. */
export function setWalkedPath(path: readonly { node: string; port: string | null }[] | null): void {
  if (!path || path.length === 0) {
    walked.setState(unlit, true)
    return
  }
  const { document } = draft.getState()
  const edges = Object.values(document.edges)
  const lit: Walked = { nodes: {}, edges: {} }
  path.forEach(({ node, port }, step) => {
    lit.nodes[node] ??= step
    const next = path[step + 1]
    if (port === null || !next) return
    const wire = edges.find((edge) => edge.from.node === node && edge.from.port === port && edge.to.node === next.node)
    if (wire) lit.edges[wire.id] ??= step
  })
  walked.setState(lit, true)
}

export function useWalkedNode(id: string): number | undefined {
  return useStore(walked, (state) => state.nodes[id])
}
export function useWalkedEdge(id: string): number | undefined {
  return useStore(walked, (state) => state.edges[id])
}
/** True while a path is lit: everything else steps back. */
export function useSomethingWalked(): boolean {
  return useStore(walked, (state) => state !== unlit && Object.keys(state.nodes).length > 0)
}
