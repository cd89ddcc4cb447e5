import type { BlockView } from '#editor/document/block-views.ts'
import { refusalOf } from '#editor/document/edits.ts'
import type { GraphView } from '#runtime/graph/graph-view.ts'
import type { End } from '#runtime/graph/wiring.ts'

/** Every port that can take a wire from `end`, as `i:<port>` or `o:<port>` by block; `end` itself is among them. */
export function findTakers(
  graph: GraphView,
  views: Readonly<Record<string, BlockView>>,
  end: End & { side: 'input' | 'output' },
): Map<string, Set<string>> {
  const takers = new Map<string, Set<string>>()
  const add = (node: string, port: string) => takers.set(node, (takers.get(node) ?? new Set()).add(port))
  add(end.node, `${end.side === 'input' ? 'i' : 'o'}:${end.port}`)
  const own = views[end.node]
  const type = (end.side === 'input' ? own?.inputs : own?.outputs)?.[end.port]?.type
  for (const [node, view] of Object.entries(views)) {
    const ports = end.side === 'output' ? view.inputs : view.outputs
    for (const [port, { type: other }] of Object.entries(ports)) {
      // The cheap rule first: most ports fall out by their type.
      if (other !== type) continue
      const refusal =
        end.side === 'output' ? refusalOf(graph, end, { node, port }) : refusalOf(graph, { node, port }, end)
      if (!refusal) add(node, `${end.side === 'output' ? 'i' : 'o'}:${port}`)
    }
  }
  return takers
}
