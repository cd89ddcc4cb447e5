import type { Point } from '#editor/document/edits.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { edgesOutOf, learnNodes, talkNodes } from '#runtime/graph/topology.ts'
import { flowOrder } from './flow-order.ts'

export interface Size {
  width: number
  height: number
}
const gap = { column: 80, row: 28, halves: 168 }
const rounds = 8

/**
 * Places every block, Learn above Talk, both left to right, heights as the blocks are drawn. Learn stands in layers
 * (longest path over the wires that lead forward), the order within a layer by the median of its neighbours (Gansner et
 * al. 1993, "A technique for drawing directed graphs", sections 2 and 3). Talk stands as a tree, so that each topic
 * reads as a row of its own; blocks to which many topics lead stand to the right of all of them.
 */
export function layOut(
  document: GraphDocument,
  registry: NodeRegistry,
  sizeOf: (node: string) => Size,
): Record<string, Point> {
  const order = flowOrder(document, registry)
  const learn = layLayers(membersOf(document, learnNodes(document, registry), order), sizeOf)
  const talk = layTree(membersOf(document, talkNodes(document, registry), order), sizeOf)
  const places: Record<string, Point> = { ...learn.places }
  const below = learn.foot === 0 ? 0 : learn.foot + gap.halves
  for (const [id, at] of Object.entries(talk.places)) places[id] = { x: at.x, y: at.y + below }
  return places
}

interface Half {
  places: Record<string, Point>
  foot: number
}

/** The blocks of a half in reading order, and where each one's wires lead within it. */
interface Members {
  ids: readonly string[]
  next(id: string): string[]
}

function membersOf(document: GraphDocument, members: readonly string[], order: readonly string[]): Members {
  const inside = new Set(members)
  const rank = new Map(order.map((id, index) => [id, index]))
  const ids = [...members].sort((a, b) => rank.get(a)! - rank.get(b)!)
  const next = (id: string) => [
    ...new Set(edgesOutOf(document, id).flatMap((edge) => (inside.has(edge.to.node) ? [edge.to.node] : []))),
  ]
  return { ids, next }
}

function sourcesIn(ids: readonly string[], targets: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const sources = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const [id, next] of targets) for (const target of next) sources.get(target)?.push(id)
  return sources
}

function layLayers({ ids, next }: Members, sizeOf: (node: string) => Size): Half {
  const targets = withoutCircles(ids, next)
  const sources = sourcesIn(ids, targets)
  const layers = toLayers(ids, sources, targets)
  reduceCrossings(layers, sources, targets)
  return toPlaces(layers, sources, sizeOf)
}

/** A block that so many others lead to is met by all topics: it belongs to none of their rows. */
const meetingPoint = 4

function layTree({ ids, next }: Members, sizeOf: (node: string) => Size): Half {
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
    const nearest = sources.get(id)!.toSorted((a, b) => layerOf.get(b)! - layerOf.get(a)!)[0]
    if (nearest !== undefined) parents.set(id, nearest)
  }
  const children = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const id of ids) for (const target of next(id)) if (parents.get(target) === id) children.get(id)!.push(target)
  const gathered = new Set<string>()
  const gather = (id: string) => {
    gathered.add(id)
    for (const child of children.get(id)!) gather(child)
  }
  for (const id of shared) gather(id)

  const places: Record<string, Point> = {}
  const step = (width: number) => width + gap.column
  const widest = Math.max(0, ...ids.map((id) => sizeOf(id).width))
  const free: number[] = []
  /** Columns that a row takes, from its first block on. */
  const reach = (id: string): number => 1 + Math.max(0, ...children.get(id)!.map((child) => reach(child)))
  const place = (id: string, column: number, above: number) => {
    let y = above
    for (let at = column; at < column + reach(id); at++) y = Math.max(y, free[at] ?? 0)
    places[id] = { x: column * step(widest), y }
    free[column] = y + sizeOf(id).height + gap.row
    for (const child of children.get(id)!) place(child, column + 1, y)
  }
  for (const id of ids) if (!gathered.has(id) && !parents.has(id)) place(id, 0, 0)

  const columns = Math.max(0, ...Object.values(places).map(({ x }) => Math.round(x / step(widest)) + 1))
  const rest = ids.filter((id) => gathered.has(id))
  const inside = new Map(rest.map((id) => [id, forward.get(id)!.filter((target) => gathered.has(target))]))
  toLayers(rest, sourcesIn(rest, inside), inside).forEach((layer, at) => {
    const wanted = new Map(
      layer.map((id) => {
        const from = all.get(id)!.flatMap((source) => (places[source] ? [places[source].y] : []))
        return [id, from.length === 0 ? 0 : from.reduce((sum, y) => sum + y, 0) / from.length]
      }),
    )
    let foot = 0
    for (const id of layer.toSorted((a, b) => wanted.get(a)! - wanted.get(b)!)) {
      const y = Math.max(foot, Math.round(wanted.get(id)! / 4) * 4)
      places[id] = { x: (columns + at) * step(widest), y }
      foot = y + sizeOf(id).height + gap.row
    }
  })
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
  sizeOf: (node: string) => Size,
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
