import { classifierRef, datasetRef, type Facts, type LabelFact, modelRef, portTypes } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { fieldRefs } from '#runtime/graph/field-refs.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { type NodeRegistry, readableConfig } from '#runtime/graph/registry.ts'
import { learnNodes } from '#runtime/graph/topology.ts'

/** What is known of a set: its labels, how many rows it has, and whether some have a second text. */
export interface SetFacts {
  labels: LabelFact[]
  rows: number
  pairs: boolean
}

/** What a block's last run gave, by output port. */
export type OutputsOf = (node: string) => Record<string, unknown> | null

/**
 * Facts of a document: of a block that names a set, the set's labels as they are now; of one whose records come from
 * files, those of its last run; of a block that gives a model, the labels that the model knows.
 */
export async function computeFacts(
  document: GraphDocument,
  registry: NodeRegistry,
  outputsOf: OutputsOf,
  setFacts: (set: string) => Promise<SetFacts | null>,
): Promise<Facts> {
  const facts: Facts = { labels: {}, rows: {} }
  for (const id of learnNodes(document, registry)) {
    const node = document.nodes[id]!
    const config = readableConfig(registry, node)
    const set = fieldRefs(registry.nodes[node.type]!, config).find((found) => found.ref === 'set' && found.value !== '')
    const known = set ? await setFacts(set.value) : null
    const ports = createGraphView(document, registry, facts).portsOf(id)
    const isSource = !Object.values(ports.inputs).some((port) => portTypes[port.type].data)
    if (known) {
      facts.labels[id] = known.labels
      facts.rows[id] = known.rows
      if (known.pairs) markPairs(facts, id)
      continue
    }
    for (const [port, value] of Object.entries(outputsOf(id) ?? {})) {
      const type = ports.outputs[port]?.type
      if (type === 'dataset' && isSource) {
        const dataset = datasetRef.safeParse(value)
        if (!dataset.success) continue
        facts.labels[id] = dataset.data.labels.map((label) => ({ ...label, trained: false }))
        facts.rows[id] = dataset.data.rows
        if (dataset.data.pairs) markPairs(facts, id)
      } else if (type === 'model' || type === 'classifier') {
        const model = (type === 'model' ? modelRef : classifierRef).safeParse(value)
        if (!model.success) continue
        facts.labels[id] = model.data.labels.map((label) => ({ ...label, rows: 0, trained: true }))
        if (model.data.pairs) markPairs(facts, id)
      }
    }
  }
  return facts
}

function markPairs(facts: Facts, id: string): void {
  facts.pairs = { ...facts.pairs, [id]: true }
}
