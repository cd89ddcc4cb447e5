import { z } from 'zod'
import type { Facts } from '#kit/facts.ts'
import {
  edgeRecord,
  type GraphDocument,
  groupRecord,
  mainDialog,
  type NodeRecord,
  nodeRecord,
  noteRecord,
  variableRecord,
} from '#runtime/graph/document.ts'
import { fieldRefs } from '#runtime/graph/field-refs.ts'
import { connect, mayAdd, onGrid, type Point } from './edits.ts'
import { addGroup } from './groups.ts'
import { newId } from './ids.ts'
import { groupItem, noteItem, toItem } from './item-id.ts'
import { onDialog } from './notes.ts'
import { registry } from './registry.ts'

/** What is copied: blocks with the wires among them, groups and notes, as text that another bot or another Botloom can paste. */
const clip = z.strictObject({
  botloom: z.literal('blocks'),
  format: z.literal(1),
  /** The bot that they come from. Texts from before it was written down have none. */
  bot: z.string().default(''),
  nodes: z.array(nodeRecord).max(2000),
  edges: z.array(edgeRecord).max(10_000),
  positions: z.record(z.string(), z.strictObject({ x: z.number(), y: z.number() })),
  /** Groups of copied blocks only. Texts from before there were any have none. */
  groups: z.array(groupRecord).max(2000).default([]),
  notes: z.array(noteRecord).max(2000).default([]),
  /** Variables that the blocks speak of. */
  variables: z.array(variableRecord),
})
export type Clip = z.infer<typeof clip>

/** Copies items. A group goes along where it is picked itself, with all that is in it, or where all of its blocks are. */
export function copyItems(document: GraphDocument, items: readonly string[]): Clip {
  const ids = (kind: string) => [...new Set(items)].map(toItem).flatMap((item) => (item.kind === kind ? [item.id] : []))
  const wanted = new Set(ids('group'))
  const inGroups = [...wanted].flatMap((id) => document.view.groups[id]?.nodes ?? [])
  const picked = new Set([...ids('block'), ...inGroups].filter((id) => document.nodes[id]))
  const nodes = [...picked].map((id) => document.nodes[id]!)
  const words = JSON.stringify(nodes.map((node) => node.config))
  return {
    botloom: 'blocks',
    format: 1,
    bot: document.id,
    nodes,
    edges: Object.values(document.edges).filter((edge) => picked.has(edge.from.node) && picked.has(edge.to.node)),
    positions: Object.fromEntries([...picked].map((id) => [id, document.view.positions[id] ?? { x: 0, y: 0 }])),
    groups: Object.values(document.view.groups).filter((group) => group.nodes.every((node) => picked.has(node))),
    notes: ids('note').flatMap((id) => document.view.notes[id] ?? []),
    variables: Object.values(document.variables).filter((variable) => words.includes(variable.name)),
  }
}

/** Where the upper left corner of what is copied was. */
export function cornerOf({ positions, notes }: Clip): Point {
  const places = [...Object.values(positions), ...notes.map((note) => note.position)]
  return { x: Math.min(...places.map(({ x }) => x)), y: Math.min(...places.map(({ y }) => y)) }
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
 * Adds what was copied with new ids, its upper left corner at `at`. Blocks of unknown types, and second ones of what is
 * there once, are left out. Answers the new items; blocks that are in a new group come with it.
 */
export function pasteItems(
  document: GraphDocument,
  facts: Facts,
  copied: Clip,
  at: Point,
  dialog = mainDialog,
): string[] {
  const corner = cornerOf(copied)
  const placed = (old: Point) => onGrid({ x: at.x + old.x - corner.x, y: at.y + old.y - corner.y })
  const renamed = new Map<string, string>()
  for (const node of copied.nodes) {
    const definition = registry.nodes[node.type]
    if (!definition || node.version > definition.version || !mayAdd(document, node.type, dialog)) continue
    const id = newId('n')
    renamed.set(node.id, id)
    const home = definition.family === 'pipeline' ? mainDialog : dialog
    document.nodes[id] = { ...structuredClone(node), id, dialog: home }
    document.view.positions[id] = placed(copied.positions[node.id] ?? corner)
  }
  for (const id of renamed.values())
    document.nodes[id]!.config = withNewTargets(
      document.nodes[id]!,
      (target) =>
        // Ids of bots made from one template are the same: only in the bot that it comes from does an id name what was meant.
        renamed.get(target) ?? (copied.bot === document.id ? target : ''),
    )
  // Wires of data first: a block's ways out may come from what is learnt before it. What leads nowhere here is left out.
  const isData = ({ from }: Clip['edges'][number]) =>
    registry.nodes[copied.nodes.find((node) => node.id === from.node)?.type ?? '']?.family === 'pipeline'
  for (const edge of [...copied.edges.filter(isData), ...copied.edges.filter((edge) => !isData(edge))]) {
    const from = renamed.get(edge.from.node)
    const to = renamed.get(edge.to.node)
    if (from && to) connect(document, facts, { node: from, port: edge.from.port }, { node: to, port: edge.to.port })
  }
  const groups = copied.groups.flatMap((group) => {
    const members = group.nodes.flatMap((node) => renamed.get(node) ?? [])
    return addGroup(document, members, group.name) ?? []
  })
  const notes = copied.notes.map((note) => {
    const id = newId('t')
    const { dialog: _, ...rest } = note
    document.view.notes[id] = {
      ...rest,
      ...onDialog(dialog),
      id,
      position: placed(note.position),
      size: { ...note.size },
    }
    return id
  })
  const names = new Set(Object.values(document.variables).map((variable) => variable.name))
  for (const variable of copied.variables)
    if (!names.has(variable.name)) {
      const id = newId('v')
      document.variables[id] = { ...variable, id }
    }
  return [...groups.map(groupItem), ...notes.map(noteItem), ...renamed.values()]
}

/** A block's config with the blocks that it names renamed. */
function withNewTargets({ type, config }: NodeRecord, rename: (target: string) => string): NodeRecord['config'] {
  const named = fieldRefs(registry.nodes[type]!, config).filter(({ ref, value }) => ref === 'block' && value !== '')
  return { ...config, ...Object.fromEntries(named.map(({ path, value }) => [path, rename(value)])) }
}
