import type { z } from 'zod'
import type { AnyNode, FieldRef } from '#kit'
import type { NodeRecord } from './document.ts'
import type { NodeRegistry } from './registry.ts'

export interface FoundRef {
  /** Dotted path in the config; of one of several values, the field and the value itself. */
  path: string
  ref: FieldRef
  value: string
}

/** Every top-level field whose schema says that it refers to something, with its value, or each of its values. */
export function fieldRefs(definition: AnyNode, config: Record<string, unknown>): FoundRef[] {
  const found: FoundRef[] = []
  const shape: Record<string, z.ZodType> = definition.config.shape
  for (const [path, schema] of Object.entries(shape)) {
    const ref = schema.meta()?.ref
    const value = config[path]
    if (ref && typeof value === 'string') found.push({ path, ref, value })
    if (ref && Array.isArray(value))
      for (const one of value)
        if (typeof one === 'string' && one !== '') found.push({ path: `${path}.${one}`, ref, value: one })
  }
  return found
}

/** Lets what `fieldRefs` found lead elsewhere; one of several that leads nowhere any more is left out. */
export function setRef(
  config: Record<string, unknown>,
  { path, value }: Pick<FoundRef, 'path' | 'value'>,
  to: string,
): void {
  const field = path.endsWith(`.${value}`) ? path.slice(0, -value.length - 1) : path
  const values = config[field]
  if (!Array.isArray(values)) config[path] = to
  else config[field] = values.flatMap((one) => (one !== value ? [one] : to === '' ? [] : [to]))
}

/** The blocks that a block's settings lead to: ways that no wire shows. They may be gone. */
export function namedBlocks(registry: NodeRegistry, node: NodeRecord): string[] {
  const definition = registry.nodes[node.type]
  if (!definition) return []
  return fieldRefs(definition, node.config).flatMap(({ ref, value }) =>
    ref === 'block' && value !== '' ? [value] : [],
  )
}
