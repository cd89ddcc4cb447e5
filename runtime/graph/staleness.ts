import { hashOf } from './canonical.ts'
import type { GraphDocument } from './document.ts'
import { fieldRefs } from './field-refs.ts'
import { type NodeRegistry, parseConfig } from './registry.ts'
import { edgesInto, pipelineOrder } from './topology.ts'

/** Content hash behind a reference in a config: a set's revision, a file's bytes, an encoder's weights. */
export type ContentOf = (kind: 'set' | 'file' | 'encoder', value: string) => string

/**
 * One hash a pipeline block: its type, version, config, the content behind its references and its inputs' hashes.
 * Two equal hashes mean that the artifacts of the one serve the other. Blocks on or behind a cycle have none.
 */
export function pipelineHashes(
  document: GraphDocument,
  registry: NodeRegistry,
  contentOf: ContentOf,
): Record<string, string> {
  const hashes: Record<string, string> = {}
  for (const id of pipelineOrder(document, registry).order) {
    const node = document.nodes[id]!
    const definition = registry.nodes[node.type]!
    const config = parseConfig(registry, node)
    const contents: Record<string, string> = {}
    for (const { path, ref, value } of fieldRefs(definition, config))
      if (value !== '' && (ref === 'set' || ref === 'file' || ref === 'encoder')) contents[path] = contentOf(ref, value)
    const inputs = edgesInto(document, id)
      .map((edge) => [edge.to.port, edge.from.port, hashes[edge.from.node] ?? null])
      .sort()
    hashes[id] = hashOf({ type: node.type, version: definition.version, config, contents, inputs })
  }
  return hashes
}
