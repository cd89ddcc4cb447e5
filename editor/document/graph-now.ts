import type { Facts } from '#kit/facts.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { createGraphView, type GraphView, type ReadConfigs, readConfig } from '#runtime/graph/graph-view.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { registry } from './registry.ts'

/** Records of the open document are replaced, never changed: each is parsed once. */
const read: ReadConfigs = new WeakMap()
const problems = new WeakMap<GraphView, Problem[]>()
let last: { document: GraphDocument; facts: Facts; view: GraphView } | null = null

/** The open document as a whole. Inside a `commit` it is not to be had: there the document changes under one's hands. */
export function graphNow(document: GraphDocument, facts: Facts): GraphView {
  if (last?.document !== document || last.facts !== facts)
    last = { document, facts, view: createGraphView(document, registry, facts, read) }
  return last.view
}

export function problemsNow(document: GraphDocument, facts: Facts): Problem[] {
  const view = graphNow(document, facts)
  let found = problems.get(view)
  if (!found) {
    found = findProblems(view)
    problems.set(view, found)
  }
  return found
}

/** A block's config with defaults filled; as it is stored where it does not parse. */
export const configOf = (node: NodeRecord): Record<string, unknown> => readConfig(registry, node, read).config
