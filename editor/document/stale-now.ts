import type { GraphDocument } from '#runtime/graph/document.ts'
import {
  type ContentOf,
  type ContentReason,
  type Fingerprint,
  pipelineFingerprints,
  staleCauses,
  staleReasons,
} from '#runtime/graph/staleness.ts'
import { learnNodes } from '#runtime/graph/topology.ts'
import type { NodeState } from '#server/api/dto.ts'
import { registry } from './registry.ts'

/** A block that nothing has run yet. */
export const idle = (node: string): NodeState => ({
  node,
  status: 'idle',
  stale: null,
  last: null,
  known: [],
  contents: {},
  figure: null,
  outputs: null,
  seconds: null,
  failure: null,
  run: null,
})

const neverRan = { kind: 'never-ran' } as const

/** Content by `<ref> <value>`, as far as the server has named its hash; what it has not is like nothing that ever was. */
type Contents = ReadonlyMap<string, string>

/** What each block of the Learn half depends on now; those whose settings cannot be read, and those behind them, have nothing. */
export function fingerprintsNow(document: GraphDocument, contents: Contents): Record<string, Fingerprint> {
  const contentOf: ContentOf = (ref, value) => contents.get(`${ref} ${value}`) ?? `new ${value}`
  return pipelineFingerprints(document, registry, contentOf, () => {})
}

/**
 * The states of a document's blocks as `states` say, but stale by the document as it is now. What became of a set's rows only the
 * server can count: what it told of them stands as long as the block reads the same set.
 */
export function staleNow(
  document: GraphDocument,
  states: Readonly<Record<string, NodeState>>,
  contents: Contents,
): NodeState[] {
  const now = fingerprintsNow(document, contents)
  const lastOf = (node: string): Fingerprint | null => {
    const state = states[node]
    return state?.known.includes(now[node]!.hash) ? now[node]! : (state?.last ?? null)
  }
  const causes = staleCauses(now, lastOf)
  const counted = (node: string, field: string) =>
    (states[node]?.stale ?? []).filter(
      (reason): reason is ContentReason => 'field' in reason && reason.field === field && reason.kind !== 'field',
    )
  return learnNodes(document, registry).map((node) => {
    const state = states[node] ?? idle(node)
    // Settings that cannot be read are not those of the last result, whatever they are.
    const why = now[node] ? causes[node] : [state.last ? ({ kind: 'unreadable' } as const) : neverRan]
    return { ...state, stale: why ? staleReasons(why, node, counted) : null }
  })
}

/** Whether nothing changed that a block of the Learn half could depend on; a move on the canvas or a letter of a reply does not. */
export function sameLearnHalf(before: GraphDocument, now: GraphDocument): boolean {
  if (before.id !== now.id || before.edges !== now.edges) return false
  if (before.nodes === now.nodes) return true
  const learns = (id: string, { nodes }: GraphDocument) =>
    registry.nodes[nodes[id]?.type ?? '']?.family === 'pipeline' ? nodes[id] : undefined
  return Object.keys({ ...before.nodes, ...now.nodes }).every((id) => learns(id, before) === learns(id, now))
}
