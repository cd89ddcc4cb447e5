import type { Point } from '#editor/document/edits.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { edgesOutOf, learnNodes, talkNodes } from '#runtime/graph/topology.ts'
import { flowOrder } from './flow-order.ts'

export interface Size {
  width: number
  height: number
}
const gap = { column: 72, row: 36, halves: 176 }
const rounds = 8

/**
 * Places every block: Learn above Talk, each left to right in layers (longest path over the wires that lead
 * forward), the order within a layer by the median of its neighbours (Gansner et al. 1993, "A technique for drawing
 * directed graphs", sections 2 and 3), heights as the blocks are drawn.
 */
export function layOut(
  document: GraphDocument,
  registry: NodeRegistry,
  sizeOf: (node: string) => Size,
): Record<string, Point> {
  const order = flowOrder(document, registry)
  const learn = layHalf(document, learnNodes(document, registry), order, sizeOf, withoutCircles)
  const talk = layHalf(document, talkNodes(document, registry), order, sizeOf, awayFromStart)
  const places: Record<string, Point> = { ...learn.places }
  const below = learn.foot === 0 ? 0 : learn.foot + gap.halves
  for (const [id, at] of Object.entries(talk.places)) places[id] = { x: at.x, y: at.y + below }
  return places
}

function layHalf(
  document: GraphDocument,
  members: readonly string[],
  order: readonly string[],
  sizeOf: (node: string) => Size,
  forwardOf: (ids: readonly string[], next: (id: string) => string[]) => Map<string, string[]>,
): { places: Record<string, Point>; foot: number } {
  const inside = new Set(members)
  const rank = new Map(order.map((id, index) => [id, index]))
  const sorted = [...members].sort((a, b) => rank.get(a)! - rank.get(b)!)
  const targets = new Map<string, string[]>()
  const sources = new Map<string, string[]>(sorted.map((id) => [id, []]))
  const forward = forwardOf(sorted, (id) => [
    ...new Set(edgesOutOf(document, id).flatMap((edge) => (inside.has(edge.to.node) ? [edge.to.node] : []))),
  ])
  for (const [id, next] of forward) {
    targets.set(id, next)
    for (const target of next) sources.get(target)?.push(id)
  }
  const layers = toLayers(sorted, sources, targets)
  reduceCrossings(layers, sources, targets)
  return toPlaces(layers, sources, sizeOf)
}

/**
 * A conversation often leads back to a menu from far away. Only the wires that lead further from where it starts count,
 * so that a block stands as near to the start as the shortest way to it.
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
  return new Map(ids.map((id) => [id, next(id).filter((target) => depth.get(target)! > depth.get(id)!)]))
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
