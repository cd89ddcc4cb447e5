import type { Edge, Node } from '@xyflow/react'
import type { BlockView } from '#editor/document/block-views.ts'
import type { Selection } from '#editor/document/selection.ts'
import type { EdgeRecord, GraphDocument, NodeRecord } from '#runtime/graph/document.ts'

const noData = {}
const unplaced = { x: 0, y: 0 }

/**
 * The nodes for React Flow. A node holds no data: the block reads its own from the stores. An unchanged node keeps its
 * identity, and the array as well where nothing changed, so that a keystroke in the inspector redraws no canvas.
 */
export function toFlowNodes(
  before: readonly Node[],
  nodes: Readonly<Record<string, NodeRecord>>,
  positions: GraphDocument['view']['positions'],
  picked: Selection['nodes'],
): Node[] {
  const known = new Map(before.map((node) => [node.id, node]))
  const chosen = new Set(picked)
  const ids = Object.keys(nodes)
  let same = ids.length === before.length
  const next = ids.map((id, index): Node => {
    const old = known.get(id)
    const position = positions[id] ?? unplaced
    const selected = chosen.has(id)
    if (old) {
      const still = old.dragging || (old.position.x === position.x && old.position.y === position.y)
      if (still && (old.selected ?? false) === selected) {
        if (before[index] !== old) same = false
        return old
      }
      same = false
      return { ...old, selected, position: still ? old.position : position }
    }
    same = false
    return {
      id,
      type: 'block',
      position,
      selected,
      data: noData,
      domAttributes: { 'aria-labelledby': `bl-say-${id}` },
    }
  })
  return same ? (before as Node[]) : next
}

/** The wires for React Flow, kept as the nodes are. A wire whose port went away is left out: it leads nowhere. */
export function toFlowEdges(
  before: readonly Edge[],
  edges: Readonly<Record<string, EdgeRecord>>,
  views: Readonly<Record<string, BlockView>>,
  picked: Selection['edges'],
): Edge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]))
  const chosen = new Set(picked)
  const next: Edge[] = []
  for (const record of Object.values(edges)) {
    const type = views[record.from.node]?.outputs[record.from.port]?.type
    if (!type || !views[record.to.node]?.inputs[record.to.port]) continue
    const selected = chosen.has(record.id)
    const old = known.get(record.id)
    const still =
      old &&
      old.source === record.from.node &&
      old.sourceHandle === record.from.port &&
      old.target === record.to.node &&
      old.targetHandle === record.to.port &&
      old.data?.type === type &&
      (old.selected ?? false) === selected
    next.push(
      still
        ? old
        : {
            id: record.id,
            type: 'wire',
            source: record.from.node,
            sourceHandle: record.from.port,
            target: record.to.node,
            targetHandle: record.to.port,
            selected,
            data: { type },
            // The signature lies over the others.
            zIndex: type === 'classifier' ? 2 : selected ? 1 : 0,
          },
    )
  }
  return next.length === before.length && next.every((edge, index) => edge === before[index])
    ? (before as Edge[])
    : next
}
