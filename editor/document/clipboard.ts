import { z } from 'zod'
import { edgeRecord, type GraphDocument, mainDialog, nodeRecord, variableRecord } from '#runtime/graph/document.ts'
import { mayAdd, onGrid, type Point } from './edits.ts'
import { newId } from './ids.ts'
import { registry } from './registry.ts'

/** What is copied: blocks with the wires among them, as text that another bot or another Botloom can paste. */
const clip = z.strictObject({
  botloom: z.literal('blocks'),
  format: z.literal(1),
  nodes: z.array(nodeRecord).max(2000),
  edges: z.array(edgeRecord).max(10_000),
  positions: z.record(z.string(), z.strictObject({ x: z.number(), y: z.number() })),
  /** Variables that the blocks speak of. */
  variables: z.array(variableRecord),
})
export type Clip = z.infer<typeof clip>

export function copyBlocks(document: GraphDocument, ids: readonly string[]): Clip {
  const picked = new Set(ids.filter((id) => document.nodes[id]))
  const nodes = [...picked].map((id) => document.nodes[id]!)
  const words = JSON.stringify(nodes.map((node) => node.config))
  return {
    botloom: 'blocks',
    format: 1,
    nodes,
    edges: Object.values(document.edges).filter((edge) => picked.has(edge.from.node) && picked.has(edge.to.node)),
    positions: Object.fromEntries([...picked].map((id) => [id, document.view.positions[id] ?? { x: 0, y: 0 }])),
    variables: Object.values(document.variables).filter((variable) => words.includes(variable.name)),
  }
}

export function clipToText(copied: Clip): string {
  return JSON.stringify(copied, null, 1)
}

/** Untrusted text to blocks; null when it is something else. */
export function parseClip(text: string): Clip | null {
  try {
    const parsed = clip.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/**
 * Adds copied blocks with new ids, their upper left corner at `at`. Blocks of unknown types, and second ones of what is
 * there once, are left out. Answers the new ids.
 */
export function pasteBlocks(document: GraphDocument, copied: Clip, at: Point): string[] {
  const corner = {
    x: Math.min(...Object.values(copied.positions).map(({ x }) => x)),
    y: Math.min(...Object.values(copied.positions).map(({ y }) => y)),
  }
  const renamed = new Map<string, string>()
  for (const node of copied.nodes) {
    const definition = registry.nodes[node.type]
    if (!definition || node.version > definition.version || !mayAdd(document, node.type)) continue
    const id = newId('n')
    renamed.set(node.id, id)
    document.nodes[id] = { ...structuredClone(node), id, dialog: mainDialog }
    const old = copied.positions[node.id] ?? corner
    document.view.positions[id] = onGrid({ x: at.x + old.x - corner.x, y: at.y + old.y - corner.y })
  }
  for (const edge of copied.edges) {
    const from = renamed.get(edge.from.node)
    const to = renamed.get(edge.to.node)
    if (!from || !to) continue
    const id = newId('e')
    document.edges[id] = { id, from: { node: from, port: edge.from.port }, to: { node: to, port: edge.to.port } }
  }
  const names = new Set(Object.values(document.variables).map((variable) => variable.name))
  for (const variable of copied.variables)
    if (!names.has(variable.name)) {
      const id = newId('v')
      document.variables[id] = { ...variable, id }
    }
  return [...renamed.values()]
}
