import type { EdgeRecord, GraphDocument } from './document.ts'
import { namedBlocks } from './field-refs.ts'
import type { NodeRegistry } from './registry.ts'

/** All wires, by the block at either end. For whoever asks about many blocks of a document that stays as it is. */
export interface EdgesByEnd {
  into: ReadonlyMap<string, EdgeRecord[]>
  outOf: ReadonlyMap<string, EdgeRecord[]>
}

export function edgesByEnd(document: GraphDocument): EdgesByEnd {
  const into = new Map<string, EdgeRecord[]>()
  const outOf = new Map<string, EdgeRecord[]>()
  const add = (to: Map<string, EdgeRecord[]>, node: string, edge: EdgeRecord): void => {
    const list = to.get(node)
    if (list) list.push(edge)
    else to.set(node, [edge])
  }
  for (const edge of Object.values(document.edges)) {
    add(into, edge.to.node, edge)
    add(outOf, edge.from.node, edge)
  }
  return { into, outOf }
}

export function edgesInto(document: GraphDocument, node: string): EdgeRecord[] {
  return Object.values(document.edges).filter((edge) => edge.to.node === node)
}
export function edgesOutOf(document: GraphDocument, node: string): EdgeRecord[] {
  return Object.values(document.edges).filter((edge) => edge.from.node === node)
}

/** Ids of the Learn half's blocks, in stable order. */
export function learnNodes(document: GraphDocument, registry: NodeRegistry): string[] {
  return Object.keys(document.nodes)
    .filter((id) => registry.nodes[document.nodes[id]!.type]?.family === 'pipeline')
    .sort()
}
/** Ids of the Talk half's blocks, in stable order. */
export function talkNodes(document: GraphDocument, registry: NodeRegistry): string[] {
  return Object.keys(document.nodes)
    .filter((id) => registry.nodes[document.nodes[id]!.type]?.family === 'dialog')
    .sort()
}

/** All blocks that a block's data comes from, nearest first, itself left out; along the wires that `follows` agrees to. */
export function upstream(
  document: GraphDocument,
  registry: NodeRegistry,
  node: string,
  follows: (edge: EdgeRecord) => boolean = () => true,
  { into } = edgesByEnd(document),
): string[] {
  const isLearn = (id: string) => registry.nodes[document.nodes[id]?.type ?? '']?.family === 'pipeline'
  const found = new Set<string>()
  const queue = [node]
  for (let at = queue.shift(); at !== undefined; at = queue.shift())
    for (const edge of into.get(at) ?? []) {
      const from = edge.from.node
      if (from === node || found.has(from) || !follows(edge) || !isLearn(from)) continue
      found.add(from)
      queue.push(from)
    }
  return [...found]
}

/** Kahn's algorithm over the Learn half; `cycle` holds what lies on a cycle, or between two of them. */
export function pipelineOrder(document: GraphDocument, registry: NodeRegistry): { order: string[]; cycle: string[] } {
  const learn = learnNodes(document, registry)
  const members = new Set(learn)
  const { into } = edgesByEnd(document)
  const waiting = new Map(
    learn.map((id) => [
      id,
      new Set((into.get(id) ?? []).map((edge) => edge.from.node).filter((from) => members.has(from))),
    ]),
  )
  const order: string[] = []
  for (;;) {
    const ready = [...waiting].filter(([, sources]) => sources.size === 0).map(([id]) => id)
    if (ready.length === 0) break
    for (const id of ready) {
      order.push(id)
      waiting.delete(id)
    }
    for (const sources of waiting.values()) for (const id of ready) sources.delete(id)
  }
  // What only waits for a cycle has nobody to blame itself: the same from the other end.
  for (;;) {
    const awaited = new Set([...waiting.values()].flatMap((sources) => [...sources]))
    const last = [...waiting.keys()].filter((id) => !awaited.has(id))
    if (last.length === 0) break
    for (const id of last) waiting.delete(id)
  }
  return { order, cycle: [...waiting.keys()] }
}

/** The block that a dialog begins at; of two the first. */
export function startOf(document: GraphDocument, registry: NodeRegistry, dialog: string): string | undefined {
  return talkNodes(document, registry).find(
    (id) => document.nodes[id]!.dialog === dialog && registry.nodes[document.nodes[id]!.type]!.single,
  )
}

/** Blocks that a conversation can reach from the starts of its dialogs, by wires and by what blocks name. */
export function reachableTalk(document: GraphDocument, registry: NodeRegistry): Set<string> {
  const talk = new Set(talkNodes(document, registry))
  const reached = new Set<string>()
  const { outOf } = edgesByEnd(document)
  const queue = [...talk].filter((id) => registry.nodes[document.nodes[id]!.type]?.single)
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (reached.has(at)) continue
    reached.add(at)
    const next = [...(outOf.get(at) ?? []).map((edge) => edge.to.node), ...namedBlocks(registry, document.nodes[at]!)]
    queue.push(...next.filter((id) => talk.has(id)))
  }
  return reached
}
