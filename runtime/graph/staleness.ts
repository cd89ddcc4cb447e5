import { hashOf } from './canonical.ts'
import type { GraphDocument } from './document.ts'
import { fieldRefs } from './field-refs.ts'
import { type NodeRegistry, parseConfig, readableConfig } from './registry.ts'
import { edgesInto, pipelineOrder } from './topology.ts'

/** What a reference in a config can lead to: a set's rows, a file's bytes, an encoder's weights. */
export type ContentRef = 'set' | 'file' | 'encoder'
/** Content hash behind a reference in a config. */
export type ContentOf = (kind: ContentRef, value: string) => string

/** Everything that a pipeline block's result depends on, and one hash over it. */
export interface Fingerprint {
  hash: string
  type: string
  version: number
  config: Record<string, unknown>
  /** Field to the hash of the content behind it. */
  contents: Record<string, string>
  /** Input port to where it comes from and that block's hash. */
  inputs: Record<string, { node: string; port: string; hash: string }>
}

/**
 * A fingerprint for each block of the Learn half. Two equal hashes mean that the artifacts of the one serve the other. Blocks on
 * or behind a cycle have none. Throws what `parseConfig` says of a block, unless `unreadable` wants to hear of it: then that block and
 * those behind it have none.
 */
export function pipelineFingerprints(
  document: GraphDocument,
  registry: NodeRegistry,
  contentOf: ContentOf,
  unreadable?: (node: string) => void,
): Record<string, Fingerprint> {
  const fingerprints: Record<string, Fingerprint> = {}
  const { order } = pipelineOrder(document, registry)
  const members = new Set(order)
  for (const id of order) {
    const node = document.nodes[id]!
    const definition = registry.nodes[node.type]!
    if (unreadable && edgesInto(document, id).some(({ from }) => members.has(from.node) && !fingerprints[from.node]))
      continue
    let config: Record<string, unknown>
    try {
      config = parseConfig(registry, node)
    } catch (error) {
      if (!unreadable) throw error
      unreadable(id)
      continue
    }
    const contents: Record<string, string> = {}
    for (const { path, ref, value } of fieldRefs(definition, config))
      if (value !== '' && (ref === 'set' || ref === 'file' || ref === 'encoder')) contents[path] = contentOf(ref, value)
    const inputs: Fingerprint['inputs'] = {}
    for (const { from, to } of edgesInto(document, id))
      inputs[to.port] = { ...from, hash: fingerprints[from.node]?.hash ?? '' }
    const whole = { type: node.type, version: definition.version, config, contents, inputs }
    fingerprints[id] = { hash: hashOf(whole), ...whole }
  }
  return fingerprints
}

/** What the same block would depend on with another config that leads to the same contents, as a trial of it has. */
export function withConfig(fingerprint: Fingerprint, config: Record<string, unknown>): Fingerprint {
  const { hash: _, ...whole } = { ...fingerprint, config }
  return { hash: hashOf(whole), ...whole }
}

/** Every reference to content that the Learn half holds: what `contentOf` will be asked for. */
export function contentRefs(
  document: GraphDocument,
  registry: NodeRegistry,
): { node: string; field: string; ref: ContentRef; value: string }[] {
  return pipelineOrder(document, registry).order.flatMap((id) => {
    const node = document.nodes[id]!
    return fieldRefs(registry.nodes[node.type]!, readableConfig(registry, node)).flatMap(({ path, ref, value }) =>
      value !== '' && (ref === 'set' || ref === 'file' || ref === 'encoder')
        ? [{ node: id, field: path, ref, value }]
        : [],
    )
  })
}

/** Why a block itself must run again: what differs between what it depends on now and what its last result depended on. */
export type OwnCause =
  | { kind: 'never-ran' }
  | { kind: 'field'; field: string; from: unknown; to: unknown }
  | { kind: 'content'; field: string }
  | { kind: 'wiring' }
  | { kind: 'version' }
  /** Its settings, or those of a block before it, cannot be read. */
  | { kind: 'unreadable' }
/** `node` is the block where it began, `cause` what happened there; null where that block has run again by itself since. */
export type StaleCause = OwnCause | { kind: 'upstream'; node: string; cause: OwnCause | null }

/** What became of the content behind a field: rows that came, went or were changed, and labels with other names. */
export type ContentReason =
  | { kind: 'rows'; field: string; added: number; removed: number; changed: number }
  | { kind: 'labels'; field: string; renamed: { from: string; to: string }[] }
  | { kind: 'content'; field: string }
type OwnReason = Exclude<OwnCause, { kind: 'content' }> | ContentReason
/** A cause as people are told it: with what became of the content. */
export type StaleReason = OwnReason | { kind: 'upstream'; node: string; cause: OwnReason | null }

/** Causes of its own, nearest first: its settings, the content behind them, its wires. None when the last result still holds. */
function ownCauses(now: Fingerprint, last: Fingerprint | null): OwnCause[] {
  if (!last) return [{ kind: 'never-ran' }]
  if (last.hash === now.hash) return []
  const causes: OwnCause[] = []
  for (const field of Object.keys({ ...last.config, ...now.config }).sort())
    if (hashOf(last.config[field]) !== hashOf(now.config[field]))
      causes.push({ kind: 'field', field, from: last.config[field] ?? null, to: now.config[field] ?? null })
  // Another set has other content by itself.
  for (const [field, to] of Object.entries(now.contents))
    if (last.contents[field] !== undefined && last.contents[field] !== to && last.config[field] === now.config[field])
      causes.push({ kind: 'content', field })
  if (portsOf(now, last).some((port) => placeOf(now, port) !== placeOf(last, port))) causes.push({ kind: 'wiring' })
  if (last.version !== now.version) causes.push({ kind: 'version' })
  return causes
}

const portsOf = (now: Fingerprint, last: Fingerprint): string[] =>
  [...new Set([...Object.keys(last.inputs), ...Object.keys(now.inputs)])].sort()
const placeOf = ({ inputs }: Fingerprint, port: string): string =>
  inputs[port] ? `${inputs[port].node} ${inputs[port].port}` : ''

/**
 * Why each block must run again, nearest cause first: its own, then those of blocks before it, each told by the block where it began.
 * A block that is not named is fresh. `lastOf` gives what the last result of a block depended on.
 */
export function staleCauses(
  /** In the order of the data, as `pipelineFingerprints` gives them. */
  fingerprints: Record<string, Fingerprint>,
  lastOf: (node: string) => Fingerprint | null,
): Record<string, StaleCause[]> {
  const found: Record<string, StaleCause[]> = {}
  for (const [node, now] of Object.entries(fingerprints)) {
    const last = lastOf(node)
    if (last?.hash === now.hash) continue
    const causes: StaleCause[] = ownCauses(now, last)
    const roots = new Set<string>()
    const blame = (root: string, cause: OwnCause | null): void => {
      if (roots.has(root)) return
      roots.add(root)
      causes.push({ kind: 'upstream', node: root, cause })
    }
    for (const port of last ? portsOf(now, last) : []) {
      const source = now.inputs[port]
      if (!source || source.hash === last!.inputs[port]?.hash || placeOf(now, port) !== placeOf(last!, port)) continue
      const before = found[source.node]
      const own = before?.find((cause) => cause.kind !== 'upstream')
      if (own) blame(source.node, own)
      for (const cause of before ?? []) if (cause.kind === 'upstream') blame(cause.node, cause.cause)
      if (!before) blame(source.node, null)
    }
    found[node] = causes
  }
  return found
}

/** Causes in the words' form; `contentOf` says what became of the content behind a block's field, as far as it is known. */
export function staleReasons(
  causes: readonly StaleCause[],
  node: string,
  contentOf: (node: string, field: string) => readonly ContentReason[],
): StaleReason[] {
  const reasonsOf = (of: string, cause: OwnCause): OwnReason[] => {
    if (cause.kind !== 'content') return [cause]
    const known = contentOf(of, cause.field)
    return known.length > 0 ? [...known] : [cause]
  }
  return causes.flatMap((cause): StaleReason[] =>
    cause.kind === 'upstream'
      ? [{ ...cause, cause: cause.cause && (reasonsOf(cause.node, cause.cause)[0] ?? null) }]
      : reasonsOf(node, cause),
  )
}
