import { definitions } from '#nodes/registry.gen.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'

export const registry: NodeRegistry = { nodes: definitions }
