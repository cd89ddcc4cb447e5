import { definitions } from '#nodes/registry.gen.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'

/** The blocks that this studio knows, for every rule of the graph that takes a registry. */
export const registry: NodeRegistry = { nodes: definitions }
