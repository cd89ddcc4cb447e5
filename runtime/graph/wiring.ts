import { portTypes } from '#kit'
import type { EdgeRecord } from './document.ts'
import type { GraphView } from './graph-view.ts'

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
export function canConnect(view: GraphView, from: End, to: End, ignore?: string): WireRefusal | null {
  const { nodes } = view.document
  const output = view.portsOf(from.node).outputs[from.port]
  const input = view.portsOf(to.node).inputs[to.port]
  if (!output || !input) return 'no-such-port'
  if (output.type !== input.type) return 'types-differ'
  if (portTypes[input.type].data) {
    if (from.node === to.node) return 'itself'
    if (view.edgesInto(to.node).some((edge) => edge.id !== ignore && edge.to.port === to.port)) return 'input-taken'
    if (view.upstream(from.node).includes(to.node)) return 'cycle'
  } else {
    if (nodes[from.node]?.dialog !== nodes[to.node]?.dialog) return 'other-dialog'
    if (view.edgesOutOf(from.node).some((edge) => edge.id !== ignore && edge.from.port === from.port))
      return 'output-taken'
  }
  return null
}
