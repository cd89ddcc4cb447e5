import type { z } from 'zod'
import type { AnyNode, FieldRef } from '#kit'
import type { NodeRecord } from './document.ts'
import type { NodeRegistry } from './registry.ts'

export interface FoundRef {
  /** Dotted path in the config. */
  path: string
  ref: FieldRef
  value: string
}

/** Every top-level field whose schema says that it refers to something, with its value. */
export function fieldRefs(definition: AnyNode, config: Record<string, unknown>): FoundRef[] {
  const found: FoundRef[] = []
  const shape: Record<string, z.ZodType> = definition.config.shape
  for (const [path, schema] of Object.entries(shape)) {
    const ref = schema.meta()?.ref
    const value = config[path]
    if (ref && typeof value === 'string') found.push({ path, ref, value })
  }
  return found
}

/** The blocks that a block's settings lead to: ways that no wire shows. They may be gone. */
export function namedBlocks(registry: NodeRegistry, node: NodeRecord): string[] {
  const definition = registry.nodes[node.type]
  if (!definition) return []
  return fieldRefs(definition, node.config).flatMap(({ ref, value }) =>
    ref === 'block' && value !== '' ? [value] : [],
  )
}
