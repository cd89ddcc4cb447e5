import type { GraphDocument } from '#runtime/graph/document.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { edgesByEnd, pipelineOrder, talkNodes } from '#runtime/graph/topology.ts'

/** Blocks in the order in which things happen: Learn along its data, then Talk from its start, then what nothing reaches. */
export function flowOrder(document: GraphDocument, registry: NodeRegistry): string[] {
  const { order, cycle } = pipelineOrder(document, registry)
  const talk = talkNodes(document, registry)
  const at = (id: string) => document.view.positions[id] ?? { x: 0, y: 0 }
  const byPlace = (a: string, b: string) => at(a).x - at(b).x || at(a).y - at(b).y
  const isTalk = new Set(talk)
  const { outOf } = edgesByEnd(document)
  const seen = new Set<string>()
  const walk = (start: string) => {
    const stack = [start]
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (seen.has(id) || !isTalk.has(id)) continue
      seen.add(id)
      const next = [...new Set(outOf.get(id)?.map((edge) => edge.to.node))]
      stack.push(...next.sort(byPlace).reverse())
    }
  }
  for (const id of talk.filter((id) => registry.nodes[document.nodes[id]!.type]?.single)) walk(id)
  for (const id of talk.filter((id) => !seen.has(id)).sort(byPlace)) walk(id)
  const placed = new Set([...order, ...cycle, ...seen])
  const rest = Object.keys(document.nodes)
    .filter((id) => !placed.has(id))
    .sort()
  return [...placed, ...rest]
}
