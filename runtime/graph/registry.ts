import { type AnyNode, BotloomError, firstIssue } from '#kit'
import type { NodeRecord } from './document.ts'

/** The registry is an argument everywhere: this room knows no block. */
export interface NodeRegistry {
  nodes: Record<string, AnyNode>
}

/**
 * A block's config, lifted to the current version and parsed with defaults filled.
 * Throws `unknown-block`, `newer-block` or `invalid-config`.
 */
export function parseConfig(registry: NodeRegistry, node: NodeRecord): Record<string, unknown> {
  const definition = registry.nodes[node.type]
  if (!definition) throw new BotloomError('unknown-block', { type: node.type })
  if (node.version > definition.version)
    throw new BotloomError('newer-block', { type: node.type, version: node.version })
  let config: Record<string, unknown> = node.config
  for (let version = node.version + 1; version <= definition.version; version++)
    config = definition.migrations?.[version]?.(config) ?? config
  const parsed = definition.config.safeParse(config)
  if (parsed.success) return parsed.data as Record<string, unknown>
  const { place, params } = firstIssue(parsed.error)
  throw new BotloomError('invalid-config', { block: node.name ?? node.id, field: place, ...params })
}

/** As `parseConfig`, but the stored config where it does not parse: for views that must show a broken block. */
export function readableConfig(registry: NodeRegistry, node: NodeRecord): Record<string, unknown> {
  try {
    return parseConfig(registry, node)
  } catch {
    return node.config
  }
}
