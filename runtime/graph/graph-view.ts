import { type AnyNode, type Facts, inputPorts, type NodeFacts, noFacts, outputPorts, type Ports } from '#kit'
import type { EdgeRecord, GraphDocument, NodeRecord } from './document.ts'
import { type NodeRegistry, parseConfig } from './registry.ts'
import { edgesByEnd, upstream } from './topology.ts'

export interface NodePorts {
  inputs: Ports
  outputs: Ports
}

/**
 * A document looked at as a whole: each question about a block is answered once and remembered, so that asking it of every
 * block costs no more than the graph is large. Valid as long as the document does not change.
 */
export interface GraphView {
  readonly document: GraphDocument
  readonly registry: NodeRegistry
  edgesInto(node: string): readonly EdgeRecord[]
  edgesOutOf(node: string): readonly EdgeRecord[]
  configOf(node: string): ReadConfig
  /** All blocks of Learn that a block's data comes from, nearest first, itself left out. */
  upstream(node: string): readonly string[]
  /**
   * The labels upstream of a block, united by id in order of first sight. A label of a model counts as trained; one that only
   * the data know does not yet.
   */
  factsOf(node: string): NodeFacts
  /** A block's ports as they are now: by its config, and by the labels that reach it. */
  portsOf(node: string): NodePorts
}

const none: readonly EdgeRecord[] = []
const noPorts: NodePorts = { inputs: {}, outputs: {} }

/** A block's config with defaults filled; as it is stored where it does not parse, with what `parseConfig` says of it. */
export interface ReadConfig {
  config: Record<string, unknown>
  error?: unknown
}

/** What was parsed so far, by record: only for records that nobody changes in place. */
export type ReadConfigs = WeakMap<NodeRecord, ReadConfig>

export function readConfig(registry: NodeRegistry, record: NodeRecord, read: ReadConfigs): ReadConfig {
  let known = read.get(record)
  if (!known) {
    try {
      known = { config: parseConfig(registry, record) }
    } catch (error) {
      known = { config: record.config, error }
    }
    read.set(record, known)
  }
  return known
}

/** `read` keeps what was parsed for the next view. */
export function createGraphView(
  document: GraphDocument,
  registry: NodeRegistry,
  facts: Facts,
  read: ReadConfigs = new WeakMap(),
): GraphView {
  const ends = once(() => edgesByEnd(document))
  const definitionOf = (node: string): AnyNode | undefined => {
    const record = document.nodes[node]
    return record && registry.nodes[record.type]
  }
  /** Whether a wire passes on what is known of the data and the model before it. */
  const carriesLabels = ({ to }: EdgeRecord): boolean => {
    const inputs = definitionOf(to.node)?.inputs
    return typeof inputs === 'function' || !inputs?.[to.port]?.endsLabels
  }
  /** What else than labels the model gives that a block itself makes; undefined: labels, or no model. */
  const givesOf = (node: string): NodeFacts['gives'] => definitionOf(node)?.gives?.(view.configOf(node).config)

  const view: GraphView = {
    document,
    registry,
    edgesInto: (node) => ends().into.get(node) ?? none,
    edgesOutOf: (node) => ends().outOf.get(node) ?? none,
    configOf: (node) => readConfig(registry, document.nodes[node]!, read),
    upstream: remembering((node) => upstream(document, registry, node, undefined, ends())),
    factsOf: remembering((node) => {
      const direct = view.edgesInto(node).filter(carriesLabels)
      const sources = new Set([
        node,
        ...direct.map(({ from }) => from.node),
        ...upstream(document, registry, node, carriesLabels, ends()),
      ])
      const labels = new Map<string, NodeFacts['labels'][number]>()
      let rows = 0
      let pairs = false
      let gives: NodeFacts['gives']
      for (const source of sources) {
        rows += facts.rows[source] ?? 0
        pairs ||= facts.pairs?.[source] === true
        gives ??= givesOf(source)
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
      if (labels.size === 0 && rows === 0 && !pairs && !gives) return noFacts
      return { labels: [...labels.values()], rows, ...(pairs ? { pairs } : {}), ...(gives ? { gives } : {}) }
    }),
    portsOf: remembering((node) => {
      const definition = definitionOf(node)
      if (!definition) return noPorts
      const { config } = view.configOf(node)
      const known = view.factsOf(node)
      try {
        return { inputs: inputPorts(definition, config, known), outputs: outputPorts(definition, config, known) }
      } catch {
        // A config that does not parse may break a port function; the block then shows its problem and no ports.
        return noPorts
      }
    }),
  }
  return view
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function remembering<T>(answer: (node: string) => T): (node: string) => T {
  const known = new Map<string, T>()
  return (node) => {
    let value = known.get(node)
    if (value === undefined) {
      value = answer(node)
      known.set(node, value)
    }
    return value
  }
}
