import { BotloomError } from '#kit'
import type { NodeRecord } from '#runtime/graph/document.ts'
import { fieldRefs } from '#runtime/graph/field-refs.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'

const shapes = {
  file: /^file_[0-9a-z]{16}$/,
  set: /^set_[0-9a-z]{16}$/,
  // The built-in one, a folder's name, or owner/name on the hub; never a path.
  encoder: /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?$/,
} as const

/**
 * Refuses what a document that came over the network may not name: a path where an upload, a set or an encoder's name
 * belongs. Throws `path-refused` or `unknown-block`.
 */
export function checkRefs(registry: NodeRegistry, node: NodeRecord): void {
  const definition = registry.nodes[node.type]
  if (!definition) throw new BotloomError('unknown-block', { type: node.type })
  for (const { ref, value } of fieldRefs(definition, node.config)) {
    if (value === '' || ref === 'variable' || ref === 'label' || ref === 'dialog' || ref === 'block') continue
    if (!shapes[ref].test(value)) throw new BotloomError('path-refused', { value: value.slice(0, 200) })
  }
}
