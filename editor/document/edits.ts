import type { Facts } from '#kit/facts.ts'
import { portTypes } from '#kit/ports.ts'
import { type EdgeRecord, type GraphDocument, mainDialog, type NodeRecord } from '#runtime/graph/document.ts'
import { createGraphView, type GraphView } from '#runtime/graph/graph-view.ts'
import { edgesInto, edgesOutOf } from '#runtime/graph/topology.ts'
import { canConnect, type End } from '#runtime/graph/wiring.ts'
import { dropEmptyGroups } from './groups.ts'
import { newId } from './ids.ts'
import { toItem } from './item-id.ts'
import { registry } from './registry.ts'

/** Changes of a document, each to be carried out inside a `commit`. They change the draft that they are given. */

export interface Point {
  x: number
  y: number
}

/** The document at this moment: made anew after each change. */
const view = (document: GraphDocument, facts: Facts): GraphView => createGraphView(document, registry, facts)

export const gridSize = 4
export const onGrid = ({ x, y }: Point): Point => ({
  x: Math.round(x / gridSize) * gridSize,
  y: Math.round(y / gridSize) * gridSize,
})

/** A new block with the defaults of its type stored, so that a changed default alters no existing bot. Pipeline blocks live in the main dialog. */
export function addBlock(document: GraphDocument, type: string, at: Point, dialog = mainDialog): string | null {
  const definition = registry.nodes[type]
  if (!definition) return null
  const id = newId('n')
  document.nodes[id] = {
    id,
    type,
    version: definition.version,
    dialog: definition.family === 'pipeline' ? mainDialog : dialog,
    config: definition.config.parse({}) as Record<string, unknown>,
  }
  document.view.positions[id] = onGrid(at)
  return id
}

/** Whether one more block of this type may be added: some are there once a dialog. */
export function mayAdd(document: GraphDocument, type: string, dialog = mainDialog): boolean {
  const isThere = (node: NodeRecord) => node.type === type && node.dialog === dialog
  return !registry.nodes[type]?.single || !Object.values(document.nodes).some(isThere)
}

/**
 * Draws a wire. Where the port has room for one only, the wire that is there makes way; whatever else speaks against it
 * stops it. Answers the wire's id or why not.
 */
export function connect(
  document: GraphDocument,
  facts: Facts,
  from: End,
  to: End,
): { edge: string } | { refusal: string } {
  const before = view(document, facts)
  const inWay = wireInTheWay(before, from, to)
  const refusal = refusalOf(before, from, to)
  if (refusal) return { refusal }
  if (inWay) delete document.edges[inWay.id]
  const joining = joiningDialog(view(document, facts), from, to)
  if (joining) document.nodes[joining.id]!.dialog = joining.dialog
  const id = newId('e')
  document.edges[id] = { id, from, to }
  return { edge: id }
}

/** The wire that a new one would replace: the output's of a flow, the input's of data. */
export function wireInTheWay(view: GraphView, from: End, to: End): EdgeRecord | undefined {
  const type = view.portsOf(from.node).outputs[from.port]?.type
  if (!type) return undefined
  return portTypes[type].data
    ? view.edgesInto(to.node).find((edge) => edge.to.port === to.port)
    : view.edgesOutOf(from.node).find((edge) => edge.from.port === from.port)
}

/** Why a wire cannot be drawn, the one that would make way left aside; null when it can. */
export function refusalOf(view: GraphView, from: End, to: End): string | null {
  const joining = joiningDialog(view, from, to)
  // It has the ports that it had: of a trial nothing but the dialog differs.
  const { document } = view
  const trial = joining
    ? { ...view, document: { ...document, nodes: { ...document.nodes, [joining.id]: joining } } }
    : view
  return canConnect(trial, from, to, wireInTheWay(view, from, to)?.id)
}

/** A block that no conversation leads to or from yet joins the dialog that it is first wired into: the block as it is then. */
function joiningDialog(view: GraphView, from: End, to: End): NodeRecord | null {
  const { nodes } = view.document
  const [source, target] = [nodes[from.node], nodes[to.node]]
  if (!source || !target || source.dialog === target.dialog) return null
  const isTalk = (end: End) => view.portsOf(end.node).outputs[end.port]?.type === 'flow'
  if (!isTalk(from)) return null
  const isLoose = ({ id, type }: NodeRecord) =>
    !registry.nodes[type]?.single && ![...view.edgesInto(id), ...view.edgesOutOf(id)].some((edge) => isTalk(edge.from))
  if (isLoose(target)) return { ...target, dialog: source.dialog }
  return isLoose(source) ? { ...source, dialog: target.dialog } : null
}

/** Moves one end of a wire. */
export function reconnect(document: GraphDocument, facts: Facts, edge: string, from: End, to: End): boolean {
  const old = document.edges[edge]
  if (!old) return false
  delete document.edges[edge]
  const result = connect(document, facts, from, to)
  if ('edge' in result) return true
  document.edges[edge] = old
  return false
}

/**
 * Takes blocks away with their wires. A conversation that passed through a block with one way out goes on to where that
 * led; data whose one source is gone comes from the source before, where the port types are the same.
 */
export function removeBlocks(document: GraphDocument, facts: Facts, ids: readonly string[]): void {
  for (const id of ids) {
    if (!document.nodes[id]) continue
    const healed = healingWires(document, facts, id)
    for (const edge of [...edgesInto(document, id), ...edgesOutOf(document, id)]) delete document.edges[edge.id]
    delete document.nodes[id]
    delete document.view.positions[id]
    for (const { from, to } of healed) connect(document, facts, from, to)
  }
  dropEmptyGroups(document)
}

function healingWires(document: GraphDocument, facts: Facts, id: string): { from: End; to: End }[] {
  const now = view(document, facts)
  const ports = now.portsOf(id)
  const into = now.edgesInto(id).filter((edge) => edge.from.node !== id)
  const out = now.edgesOutOf(id).filter((edge) => edge.to.node !== id)
  const wires: { from: End; to: End }[] = []
  for (const type of Object.keys(portTypes) as (keyof typeof portTypes)[]) {
    const sources = into.filter((edge) => ports.inputs[edge.to.port]?.type === type).map((edge) => edge.from)
    const targets = out.filter((edge) => ports.outputs[edge.from.port]?.type === type).map((edge) => edge.to)
    const distinct = (ends: End[]) => new Set(ends.map((end) => `${end.node} ${end.port}`)).size
    if (portTypes[type].data ? distinct(sources) !== 1 : distinct(targets) !== 1) continue
    for (const from of sources)
      for (const to of targets)
        if (!wires.some((wire) => wire.from === from && wire.to.node === to.node && wire.to.port === to.port))
          wires.push({ from: { ...from }, to: { ...to } })
  }
  return wires
}

/** Puts a block onto a wire: what came by the wire enters it, and its first fitting way out goes on. True if it fitted. */
export function insertOnWire(document: GraphDocument, facts: Facts, edge: string, id: string): boolean {
  const wire = document.edges[edge]
  if (!wire || wire.from.node === id || wire.to.node === id) return false
  const { portsOf } = view(document, facts)
  const type = portsOf(wire.from.node).outputs[wire.from.port]?.type
  const ports = portsOf(id)
  const into = Object.keys(ports.inputs).find((port) => ports.inputs[port]!.type === type)
  const out = Object.keys(ports.outputs).find((port) => ports.outputs[port]!.type === type)
  if (!into || !out) return false
  const { from, to } = { from: { ...wire.from }, to: { ...wire.to } }
  delete document.edges[edge]
  connect(document, facts, from, { node: id, port: into })
  connect(document, facts, { node: id, port: out }, to)
  return true
}

/** First port of a block that a wire from `end` could take. */
export function fittingPort(
  document: GraphDocument,
  facts: Facts,
  end: End & { side: 'input' | 'output' },
  id: string,
): string | null {
  const now = view(document, facts)
  const ports = now.portsOf(id)
  if (end.side === 'output')
    return Object.keys(ports.inputs).find((port) => !refusalOf(now, end, { node: id, port })) ?? null
  return Object.keys(ports.outputs).find((port) => !refusalOf(now, { node: id, port }, end)) ?? null
}

/** Whether a fresh block of `type` has a port for a wire that comes from `end`; decided without adding it. */
export function typeFits(document: GraphDocument, facts: Facts, end: End & { side: 'input' | 'output' }, type: string) {
  const definition = registry.nodes[type]
  if (!definition) return false
  const probe: NodeRecord = {
    id: 'probe',
    type,
    version: definition.version,
    dialog: document.nodes[end.node]?.dialog ?? mainDialog,
    config: definition.config.parse({}) as Record<string, unknown>,
  }
  const trial = { ...document, nodes: { ...document.nodes, probe } }
  return fittingPort(trial, facts, end, 'probe') !== null
}

export function renameBlock(document: GraphDocument, id: string, name: string): void {
  const node = document.nodes[id]
  if (!node) return
  const clean = name.slice(0, 80)
  if (clean.trim() === '') delete node.name
  else node.name = clean
}

/** Moves blocks, and notes, by their items. A group has no place of its own: it is where its blocks are. */
export function moveBlocks(document: GraphDocument, moves: Readonly<Record<string, Point>>): void {
  for (const [item, at] of Object.entries(moves)) {
    const { kind, id } = toItem(item)
    const next = onGrid(at)
    const note = kind === 'note' ? document.view.notes[id] : undefined
    const now = note ? note.position : document.view.positions[id]
    if (now?.x === next.x && now.y === next.y) continue
    if (note) note.position = next
    else if (kind === 'block' && document.nodes[id]) document.view.positions[id] = next
  }
}

/** Where an item is; null for groups and for what is gone. */
export function placeOf(document: GraphDocument, item: string): Point | null {
  const { kind, id } = toItem(item)
  if (kind === 'note') return document.view.notes[id]?.position ?? null
  return kind === 'block' && document.nodes[id] ? (document.view.positions[id] ?? null) : null
}

/** Sets one field of a block's config. */
export function setField(document: GraphDocument, id: string, field: string, value: unknown): void {
  const node = document.nodes[id]
  if (node) node.config[field] = value
}
