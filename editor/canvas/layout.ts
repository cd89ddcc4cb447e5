import {
  around,
  type Box,
  boxesOf,
  boxOf,
  frameRoom,
  overlaps,
  type Size,
  type SizeOf,
} from '#editor/document/boxes.ts'
import type { Point } from '#editor/document/edits.ts'
import { groupItem, noteItem, toItem } from '#editor/document/item-id.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { learnNodes, talkNodes } from '#runtime/graph/topology.ts'
import { flowOrder } from './flow-order.ts'

const gap = { column: 80, row: 28, halves: 168 }
const rounds = 8
/** A note so near to a block belongs to it and keeps its place beside it. */
const nearby = 96

/**
 * Places every block, Learn above Talk, both left to right, heights as the blocks are drawn. Learn stands in layers
 * (longest path over the wires that lead forward), the order within a layer by the median of its neighbours (Gansner et
 * al. 1993, "A technique for drawing directed graphs", sections 2 and 3). Talk stands as a tree, so that each topic
 * reads as a row of its own; blocks to which many topics lead stand to the right of all of them. A group is laid out by
 * itself and then placed as if it were one block, and so is a block with the notes beside it. Answers places by item.
 */
export function layOut(document: GraphDocument, registry: NodeRegistry, sizeOf: SizeOf): Record<string, Point> {
  const order = flowOrder(document, registry)
  const notes = notesByBlock(document, sizeOf)
  const learnIds = learnNodes(document, registry)
  const talkIds = talkNodes(document, registry)
  const learn = layHalf(document, membersOf(document, learnIds, order), layLayers, notes.beside, sizeOf)
  const talk = layHalf(document, membersOf(document, talkIds, order), layTree, notes.beside, sizeOf)
  const places: Record<string, Point> = { ...learn.places }
  const below = learn.foot === 0 ? 0 : learn.foot + gap.halves
  for (const [id, at] of Object.entries(talk.places)) places[id] = { x: at.x, y: at.y + below }
  placeLooseNotes(document, notes.loose, places, sizeOf)
  return places
}

interface Half {
  places: Record<string, Point>
  foot: number
}

/** What is placed as one: where its items lie in it, from its upper left corner. */
interface Unit extends Size {
  items: Record<string, Point>
}

/** The blocks of a half in reading order, and where each one's wires lead within it. */
interface Members {
  ids: readonly string[]
  next(id: string): string[]
}

type Lay = (members: Members, sizeOf: SizeOf) => Half

/** The block that each note is nearest to, those beside it apart from those further away. */
function notesByBlock(document: GraphDocument, sizeOf: SizeOf) {
  const beside = new Map<string, string[]>()
  const loose = new Map<string, string>()
  const blocks = Object.keys(document.nodes).map((id) => ({ id, box: boxOf(document, id, sizeOf) }))
  for (const note of Object.values(document.view.notes)) {
    const own = { ...note.position, ...note.size }
    let best: { id: string; away: number } | null = null
    for (const { id, box } of blocks) {
      if (!box) continue
      const across = Math.max(0, own.x - box.x - box.width, box.x - own.x - own.width)
      const down = Math.max(0, own.y - box.y - box.height, box.y - own.y - own.height)
      const away = Math.hypot(across, down)
      if (!best || away < best.away) best = { id, away }
    }
    if (!best) continue
    if (best.away > nearby) loose.set(note.id, best.id)
    else beside.set(best.id, [...(beside.get(best.id) ?? []), note.id])
  }
  return { beside, loose }
}

/** One unit of items whose places are known; the corner of all of them becomes its own. */
function toUnit(places: Record<string, Point>, boxes: readonly Box[], room: typeof frameRoom): Unit {
  const { x, y, width, height } = around(boxes) ?? { x: 0, y: 0, width: 0, height: 0 }
  const items = Object.entries(places).map(([item, at]) => [item, { x: at.x - x + room.side, y: at.y - y + room.top }])
  return {
    width: width + 2 * room.side,
    height: height + room.top + room.foot,
    items: Object.fromEntries(items),
  }
}
const noRoom = { side: 0, top: 0, foot: 0 }

function layHalf(
  document: GraphDocument,
  members: Members,
  lay: Lay,
  notes: ReadonlyMap<string, readonly string[]>,
  sizeOf: SizeOf,
): Half {
  const units = new Map(members.ids.map((id) => [id, blockUnit(document, id, notes.get(id) ?? [], sizeOf)]))
  const unitOf = new Map(members.ids.map((id) => [id, id]))
  for (const group of Object.values(document.view.groups)) {
    // A block is in one group; a group that reaches into the other half is no place of its own.
    const ids = members.ids.filter((id) => group.nodes.includes(id) && unitOf.get(id) === id)
    if (ids.length === 0 || ids.length < group.nodes.length) continue
    const inside = new Set(ids)
    const inner = { ids, next: (id: string) => members.next(id).filter((target) => inside.has(target)) }
    const laid = lay(inner, (id) => units.get(id)!)
    const boxes = ids.map((id) => ({ ...laid.places[id]!, ...pick(units.get(id)!) }))
    const key = groupItem(group.id)
    units.set(key, toUnit(unfold(laid.places, units), boxes, frameRoom))
    for (const id of ids) unitOf.set(id, key)
  }
  const ids = [...new Set(members.ids.map((id) => unitOf.get(id)!))]
  const targets = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]))
  for (const id of members.ids)
    for (const target of members.next(id)) {
      const [from, to] = [unitOf.get(id)!, unitOf.get(target)!]
      if (from !== to) targets.get(from)!.add(to)
    }
  const laid = lay({ ids, next: (id) => [...targets.get(id)!] }, (id) => units.get(id)!)
  return { places: unfold(laid.places, units), foot: laid.foot }
}

const pick = ({ width, height }: Size): Size => ({ width, height })

/** Where the items of placed units come to lie. */
function unfold(places: Record<string, Point>, units: ReadonlyMap<string, Unit>): Record<string, Point> {
  const items: Record<string, Point> = {}
  for (const [id, at] of Object.entries(places))
    for (const [item, inner] of Object.entries(units.get(id)!.items))
      items[item] = { x: at.x + inner.x, y: at.y + inner.y }
  return items
}

function blockUnit(document: GraphDocument, id: string, notes: readonly string[], sizeOf: SizeOf): Unit {
  const own = boxOf(document, id, sizeOf)
  if (!own || notes.length === 0) return { ...pick(sizeOf(id)), items: { [id]: { x: 0, y: 0 } } }
  const places: Record<string, Point> = { [id]: own }
  for (const note of notes) places[noteItem(note)] = document.view.notes[note]!.position
  return toUnit(places, boxesOf(document, Object.keys(places), sizeOf), noRoom)
}

/** Notes that stood alone keep their distance from the nearest block, and make way downwards for what lies there now. */
function placeLooseNotes(
  document: GraphDocument,
  loose: ReadonlyMap<string, string>,
  places: Record<string, Point>,
  sizeOf: SizeOf,
): void {
  const sizes = (item: string): Size => {
    const { kind, id } = toItem(item)
    return kind === 'note' ? document.view.notes[id]!.size : sizeOf(id)
  }
  const taken = Object.entries(places).map(([item, at]): Box => ({ ...at, ...sizes(item) }))
  for (const [note, block] of loose) {
    const { position, size } = document.view.notes[note]!
    const [before, now] = [document.view.positions[block]!, places[block]]
    if (!now) continue
    const box = { x: position.x + now.x - before.x, y: position.y + now.y - before.y, ...size }
    const inWay = () => taken.find((other) => overlaps(box, other, gap.row / 2))
    for (let other = inWay(); other; other = inWay()) box.y = other.y + other.height + gap.row
    taken.push(box)
    places[noteItem(note)] = { x: box.x, y: box.y }
  }
}

function membersOf(document: GraphDocument, members: readonly string[], order: readonly string[]): Members {
  const inside = new Set(members)
  const rank = new Map(order.map((id, index) => [id, index]))
  const ids = [...members].sort((a, b) => rank.get(a)! - rank.get(b)!)
  const targets = new Map<string, Set<string>>(ids.map((id) => [id, new Set()]))
  for (const { from, to } of Object.values(document.edges))
    if (inside.has(from.node) && inside.has(to.node)) targets.get(from.node)!.add(to.node)
  return { ids, next: (id) => [...targets.get(id)!] }
}

function sourcesIn(ids: readonly string[], targets: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const sources = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const [id, next] of targets) for (const target of next) sources.get(target)?.push(id)
  return sources
}

function layLayers({ ids, next }: Members, sizeOf: SizeOf): Half {
  const targets = withoutCircles(ids, next)
  const sources = sourcesIn(ids, targets)
  const layers = toLayers(ids, sources, targets)
  reduceCrossings(layers, sources, targets)
  return toPlaces(layers, sources, sizeOf)
}

/** A block that so many others lead to is met by all topics: it belongs to none of their rows. */
const meetingPoint = 4

function layTree({ ids, next }: Members, sizeOf: SizeOf): Half {
  const forward = awayFromStart(ids, next)
  const sources = sourcesIn(ids, forward)
  const layers = toLayers(ids, sources, forward)
  const layerOf = new Map(layers.flatMap((layer, at) => layer.map((id) => [id, at] as const)))
  const all = sourcesIn(ids, new Map(ids.map((id) => [id, next(id)])))

  // What many lead to and little follows from; the heart of the conversation is met by many as well, but all follows.
  const shared = new Set(
    ids.filter(
      (id) =>
        all.get(id)!.filter((other) => other !== id).length >= meetingPoint &&
        reachOf(id, forward).size < ids.length / 3,
    ),
  )
  const parents = new Map<string, string>()
  for (const id of ids) {
    if (shared.has(id)) continue
    // A block continues the row that comes nearest to it; a group is a topic of its own, from where it is entered first.
    const isGroup = toItem(id).kind === 'group'
    const [parent] = sources.get(id)!.toSorted((a, b) => (layerOf.get(b)! - layerOf.get(a)!) * (isGroup ? -1 : 1))
    if (parent !== undefined) parents.set(id, parent)
  }
  const children = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const id of ids) for (const target of next(id)) if (parents.get(target) === id) children.get(id)!.push(target)
  // A group's wires leave it in no order; where most of the conversation goes on comes first.
  for (const [id, own] of children)
    if (toItem(id).kind === 'group') own.sort((a, b) => reachOf(b, forward).size - reachOf(a, forward).size)
  const gathered = new Set<string>()
  const gather = (id: string) => {
    gathered.add(id)
    for (const child of children.get(id)!) gather(child)
  }
  for (const id of shared) gather(id)

  const places: Record<string, Point> = {}
  // Columns are as wide as a block; a group takes as many as it needs.
  const column = Math.min(...ids.map((id) => sizeOf(id).width)) + gap.column
  const span = (id: string) => Math.max(1, Math.ceil((sizeOf(id).width + gap.column) / column))
  const free: number[] = []
  /** Columns that a row takes, from its first block on. */
  const reach = (id: string): number => span(id) + Math.max(0, ...children.get(id)!.map((child) => reach(child)))
  const place = (id: string, from: number, above: number) => {
    let y = above
    for (let at = from; at < from + reach(id); at++) y = Math.max(y, free[at] ?? 0)
    places[id] = { x: from * column, y }
    for (let at = from; at < from + span(id); at++) free[at] = y + sizeOf(id).height + gap.row
    for (const child of children.get(id)!) place(child, from + span(id), y)
  }
  for (const id of ids) if (!gathered.has(id) && !parents.has(id)) place(id, 0, 0)

  let right = Math.max(0, ...Object.entries(places).map(([id, { x }]) => x + span(id) * column))
  const rest = ids.filter((id) => gathered.has(id))
  const inside = new Map(rest.map((id) => [id, forward.get(id)!.filter((target) => gathered.has(target))]))
  for (const layer of toLayers(rest, sourcesIn(rest, inside), inside)) {
    const wanted = new Map(
      layer.map((id) => {
        const from = all.get(id)!.flatMap((source) => (places[source] ? [places[source].y] : []))
        return [id, from.length === 0 ? 0 : from.reduce((sum, y) => sum + y, 0) / from.length]
      }),
    )
    let foot = 0
    for (const id of layer.toSorted((a, b) => wanted.get(a)! - wanted.get(b)!)) {
      const y = Math.max(foot, Math.round(wanted.get(id)! / 4) * 4)
      places[id] = { x: right, y }
      foot = y + sizeOf(id).height + gap.row
    }
    right += Math.max(...layer.map((id) => sizeOf(id).width)) + gap.column
  }
  return { places, foot: Math.max(0, ...ids.map((id) => places[id]!.y + sizeOf(id).height)) }
}

/** All that follows from a block. */
function reachOf(id: string, targets: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>()
  const waiting = [...(targets.get(id) ?? [])]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    waiting.push(...(targets.get(at) ?? []))
  }
  return seen
}

/**
 * A conversation often leads back to a menu from far away. Only the wires that lead further from where it starts count,
 * and those between blocks equally far as long as they close no circle.
 */
function awayFromStart(ids: readonly string[], next: (id: string) => string[]): Map<string, string[]> {
  const depth = new Map<string, number>()
  const entered = new Set(ids.flatMap(next))
  const queue: string[] = []
  const visit = (id: string, at: number) => {
    if (depth.has(id)) return
    depth.set(id, at)
    queue.push(id)
  }
  const walk = () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift())
      for (const target of next(id)) visit(target, depth.get(id)! + 1)
  }
  for (const id of ids) if (!entered.has(id)) visit(id, 0)
  walk()
  for (const id of ids) {
    visit(id, 0)
    walk()
  }
  const level = withoutCircles(ids, (id) => next(id).filter((target) => depth.get(target) === depth.get(id)))
  return new Map(
    ids.map((id) => [
      id,
      next(id).filter((target) => depth.get(target)! > depth.get(id)! || level.get(id)!.includes(target)),
    ]),
  )
}

/** Depth first; a wire back to a block that is still being walked closes a circle and is left out. */
function withoutCircles(ids: readonly string[], next: (id: string) => string[]): Map<string, string[]> {
  const result = new Map<string, string[]>()
  const state = new Map<string, 'open' | 'done'>()
  for (const root of ids) {
    if (state.has(root)) continue
    state.set(root, 'open')
    const stack = [{ id: root, rest: next(root), kept: [] as string[] }]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const target = top.rest.shift()
      if (target === undefined) {
        result.set(top.id, top.kept)
        state.set(top.id, 'done')
        stack.pop()
        continue
      }
      if (state.get(target) === 'open') continue
      top.kept.push(target)
      if (!state.has(target)) {
        state.set(target, 'open')
        stack.push({ id: target, rest: next(target), kept: [] })
      }
    }
  }
  return result
}

function toLayers(
  ids: readonly string[],
  sources: ReadonlyMap<string, readonly string[]>,
  targets: ReadonlyMap<string, readonly string[]>,
): string[][] {
  const layer = new Map<string, number>()
  const waiting = new Map(ids.map((id) => [id, sources.get(id)?.length ?? 0]))
  const ready = ids.filter((id) => waiting.get(id) === 0)
  const layers: string[][] = []
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    const at = Math.max(0, ...(sources.get(id) ?? []).map((source) => (layer.get(source) ?? 0) + 1))
    layer.set(id, at)
    layers[at] = [...(layers[at] ?? []), id]
    for (const target of targets.get(id) ?? []) {
      const left = (waiting.get(target) ?? 0) - 1
      waiting.set(target, left)
      if (left === 0) ready.push(target)
    }
  }
  return layers
}

function reduceCrossings(
  layers: string[][],
  sources: ReadonlyMap<string, readonly string[]>,
  targets: ReadonlyMap<string, readonly string[]>,
): void {
  for (let round = 0; round < rounds; round++) {
    const down = round % 2 === 0
    const place = new Map(layers.flatMap((layer) => layer.map((id, index) => [id, index] as const)))
    for (let step = 0; step < layers.length; step++) {
      const layer = layers[down ? step : layers.length - 1 - step]!
      const middle = new Map(
        layer.map((id) => {
          const near = ((down ? sources : targets).get(id) ?? [])
            .map((other) => place.get(other) ?? 0)
            .sort((a, b) => a - b)
          return [id, near.length === 0 ? place.get(id)! : near[Math.floor((near.length - 1) / 2)]!]
        }),
      )
      layer.sort((a, b) => middle.get(a)! - middle.get(b)! || place.get(a)! - place.get(b)!)
      for (const [index, id] of layer.entries()) place.set(id, index)
    }
  }
}

function toPlaces(
  layers: readonly (readonly string[])[],
  sources: ReadonlyMap<string, readonly string[]>,
  sizeOf: SizeOf,
): { places: Record<string, Point>; foot: number } {
  const places: Record<string, Point> = {}
  let x = 0
  let foot = 0
  for (const layer of layers) {
    let free = 0
    for (const id of layer) {
      // As near to the middle of what leads here as the block above allows, so that straight runs stay straight.
      const before = (sources.get(id) ?? []).flatMap((source) => (places[source] ? [places[source].y] : []))
      const wanted = before.length === 0 ? free : before.reduce((sum, y) => sum + y, 0) / before.length
      const y = Math.max(free, wanted)
      places[id] = { x, y }
      free = y + sizeOf(id).height + gap.row
    }
    foot = Math.max(foot, free - gap.row)
    x += Math.max(...layer.map((id) => sizeOf(id).width)) + gap.column
  }
  const top = Math.min(0, ...Object.values(places).map(({ y }) => y))
  for (const place of Object.values(places)) place.y -= top
  return { places, foot: foot - top }
}
