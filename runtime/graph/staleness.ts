import { hashOf } from './canonical.ts'
import type { GraphDocument } from './document.ts'
import { fieldRefs } from './field-refs.ts'
import { type NodeRegistry, parseConfig } from './registry.ts'
import { edgesInto, pipelineOrder } from './topology.ts'

/** Content hash behind a reference in a config: a set's revision, a file's bytes, an encoder's weights. */
export type ContentOf = (kind: 'set' | 'file' | 'encoder', value: string) => string

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
 * or behind a cycle have none. Throws what `parseConfig` says of a block.
 */
export function pipelineFingerprints(
  document: GraphDocument,
  registry: NodeRegistry,
  contentOf: ContentOf,
): Record<string, Fingerprint> {
  const fingerprints: Record<string, Fingerprint> = {}
  for (const id of pipelineOrder(document, registry).order) {
    const node = document.nodes[id]!
    const definition = registry.nodes[node.type]!
    const config = parseConfig(registry, node)
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
): { ref: 'set' | 'file' | 'encoder'; value: string }[] {
  return pipelineOrder(document, registry).order.flatMap((id) => {
    const node = document.nodes[id]!
    return fieldRefs(registry.nodes[node.type]!, parseConfig(registry, node)).flatMap(({ ref, value }) =>
      value !== '' && (ref === 'set' || ref === 'file' || ref === 'encoder') ? [{ ref, value }] : [],
    )
  })
}

/** Why a block must run again, by comparing what it depends on now with what its last result depended on. */
export type StaleCause =
  | { kind: 'never-ran' }
  | { kind: 'field'; field: string; from: unknown; to: unknown }
  | { kind: 'content'; field: string; from: string; to: string }
  | { kind: 'upstream'; node: string }
  | { kind: 'wiring' }

/** Null when the last result still holds. The nearest cause wins: own fields, own content, wires, then blocks before it. */
export function staleCause(now: Fingerprint, last: Fingerprint | null): StaleCause | null {
  if (!last) return { kind: 'never-ran' }
  if (last.hash === now.hash) return null
  for (const field of Object.keys({ ...last.config, ...now.config }).sort())
    if (hashOf(last.config[field]) !== hashOf(now.config[field]))
      return { kind: 'field', field, from: last.config[field] ?? null, to: now.config[field] ?? null }
  for (const [field, to] of Object.entries(now.contents))
    if (last.contents[field] !== to) return { kind: 'content', field, from: last.contents[field] ?? '', to }
  const ports = [...new Set([...Object.keys(last.inputs), ...Object.keys(now.inputs)])].sort()
  for (const port of ports) {
    const [before, after] = [last.inputs[port], now.inputs[port]]
    if (before?.node !== after?.node || before?.port !== after?.port) return { kind: 'wiring' }
  }
  for (const port of ports)
    if (last.inputs[port]?.hash !== now.inputs[port]?.hash) return { kind: 'upstream', node: now.inputs[port]!.node }
  // Neither config nor inputs: the block itself has a new version.
  return { kind: 'field', field: 'version', from: last.version, to: now.version }
}
