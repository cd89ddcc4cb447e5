import { type AnyNode, type Facts, inputPorts, type NodeFacts, noFacts, outputPorts, type Ports } from '#kit'
import type { EdgeRecord, GraphDocument } from './document.ts'
import { type NodeRegistry, readableConfig } from './registry.ts'
import { edgesInto, upstream } from './topology.ts'

/**
 * The labels upstream of a block, united by id in order of first sight. A label of a model counts as trained; one that
 * only the data know does not yet.
 */
export function nodeFacts(document: GraphDocument, registry: NodeRegistry, facts: Facts, node: string): NodeFacts {
  const carriesLabels = carries(document, registry)
  const sources = [
    node,
    ...edgesInto(document, node)
      .filter(carriesLabels)
      .map((edge) => edge.from.node),
    ...upstream(document, registry, node, carriesLabels),
  ]
  const labels = new Map<string, NodeFacts['labels'][number]>()
  let rows = 0
  let pairs = false
  for (const source of new Set(sources)) {
    rows += facts.rows[source] ?? 0
    pairs ||= facts.pairs?.[source] === true
    for (const label of facts.labels[source] ?? []) {
      const known = labels.get(label.id)
      labels.set(
        label.id,
        known
          ? {
              ...label,
              // A model keeps the name that it learned; the data have what people call it now.
              name: label.trained ? known.name : label.name,
              rows: Math.max(known.rows, label.rows),
              trained: known.trained || label.trained,
            }
          : label,
      )
    }
  }
  const gives = sources.map((source) => givesAnswers(document, registry, source)).find((kind) => kind !== undefined)
  if (labels.size === 0 && rows === 0 && !pairs && !gives) return noFacts
  return { labels: [...labels.values()], rows, ...(pairs ? { pairs } : {}), ...(gives ? { gives } : {}) }
}

/** Whether a wire passes on what is known of the data and the model before it. */
const carries =
  (document: GraphDocument, registry: NodeRegistry) =>
  ({ to }: EdgeRecord): boolean => {
    const inputs = registry.nodes[document.nodes[to.node]?.type ?? '']?.inputs
    return typeof inputs === 'function' || !inputs?.[to.port]?.endsLabels
  }

/** What else than labels the model gives that a block itself makes; undefined: labels, or no model. */
function givesAnswers(document: GraphDocument, registry: NodeRegistry, node: string): NodeFacts['gives'] {
  const record = document.nodes[node]
  return record && registry.nodes[record.type]?.gives?.(readableConfig(registry, record))
}

export interface NodePorts {
  inputs: Ports
  outputs: Ports
}

/** A block's ports as they are now: by its config, and by the labels that reach it. */
export function portsOf(document: GraphDocument, registry: NodeRegistry, facts: Facts, id: string): NodePorts {
  const node = document.nodes[id]
  const definition: AnyNode | undefined = node && registry.nodes[node.type]
  if (!node || !definition) return { inputs: {}, outputs: {} }
  const config = readableConfig(registry, node)
  const known = nodeFacts(document, registry, facts, id)
  try {
    return { inputs: inputPorts(definition, config, known), outputs: outputPorts(definition, config, known) }
  } catch {
    // A config that does not parse may break a port function; the block then shows its problem and no ports.
    return { inputs: {}, outputs: {} }
  }
}
