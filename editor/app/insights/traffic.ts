import type { GraphDocument } from '#runtime/graph/document.ts'
import type { InsightGraph } from '#server/api/dto.ts'

/** A place at which people stopped, the one with most of them first. */
export interface Stop {
  block: string
  stopped: number
  /** Conversations that came by. */
  conversations: number
  /** The wires that led those there who stopped. */
  via: { edge: string; from: string; stopped: number }[]
}

export function stopsOf(graph: InsightGraph, { edges }: Pick<GraphDocument, 'edges'>): Stop[] {
  return Object.entries(graph.blocks)
    .filter(([, { stopped }]) => stopped > 0)
    .map(([block, { stopped, conversations }]) => ({
      block,
      stopped,
      conversations,
      via: Object.values(edges)
        .filter(({ id, to }) => to.node === block && (graph.wires[id]?.stopped ?? 0) > 0)
        .map(({ id, from }) => ({ edge: id, from: from.node, stopped: graph.wires[id]!.stopped }))
        .sort((a, b) => b.stopped - a.stopped),
    }))
    .sort((a, b) => b.stopped - a.stopped || (a.block < b.block ? -1 : 1))
}
