import { type Facts, portTypes } from '#kit'
import type { EdgeRecord, GraphDocument } from './document.ts'
import { portsOf } from './node-facts.ts'
import type { NodeRegistry } from './registry.ts'
import { upstream } from './topology.ts'

export type End = EdgeRecord['from']
/** Why a wire is refused; each is a locale key `wire.<reason>`. */
export type WireRefusal =
  | 'no-such-port'
  | 'types-differ'
  | 'input-taken'
  | 'output-taken'
  | 'cycle'
  | 'other-dialog'
  | 'itself'

/**
 * The one rule table for wires: the canvas asks before it draws, the validator asks for what is stored.
 * `ignore` names a wire that is about to be replaced.
 */
export function canConnect(
  document: GraphDocument,
  registry: NodeRegistry,
  facts: Facts,
  from: End,
  to: End,
  ignore?: string,
): WireRefusal | null {
  const output = portsOf(document, registry, facts, from.node).outputs[from.port]
  const input = portsOf(document, registry, facts, to.node).inputs[to.port]
  if (!output || !input) return 'no-such-port'
  if (output.type !== input.type) return 'types-differ'
  const others = Object.values(document.edges).filter((edge) => edge.id !== ignore)
  if (portTypes[input.type].data) {
    if (from.node === to.node) return 'itself'
    if (others.some((edge) => edge.to.node === to.node && edge.to.port === to.port)) return 'input-taken'
    if (upstream(document, registry, from.node).includes(to.node)) return 'cycle'
  } else {
    if (document.nodes[from.node]?.dialog !== document.nodes[to.node]?.dialog) return 'other-dialog'
    if (others.some((edge) => edge.from.node === from.node && edge.from.port === from.port)) return 'output-taken'
  }
  return null
}
