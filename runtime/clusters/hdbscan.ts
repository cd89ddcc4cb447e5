import { nearestNeighbours, squared } from './neighbours.ts'

/** Points nearer than this are one point: their density would be without end. */
const nearest = 1e-6

export interface DensityOptions {
  /** Fewer points are no group. */
  smallest: number
  /** A point is as dense as the distance of this many neighbours says. */
  neighbours: number
}

/**
 * The group of each point, -1 where it is in none: hierarchical density estimates (Campello, Moulavi & Sander 2013), with the most stable
 * groups taken from the condensed tree, all points together never being one. Every pair is looked at: O(n^2) time, O(n) memory.
 */
export function hdbscan(points: Float32Array, width: number, options: DensityOptions): Int32Array {
  const total = points.length / width
  if (total < Math.max(2, options.smallest)) return new Int32Array(total).fill(-1)
  return chosenGroups(condense(joinUp(total, spanningTree(points, width, options.neighbours)), options.smallest), total)
}

interface Edge {
  from: number
  to: number
  distance: number
}

/** The smallest tree over mutual reachability (Prim), shortest edges first. */
function spanningTree(points: Float32Array, width: number, neighbours: number): Edge[] {
  const total = points.length / width
  const { count, distances } = nearestNeighbours(points, width, neighbours)
  const core = Float32Array.from({ length: total }, (_, row) => distances[row * count + count - 1]!)
  const best = new Float32Array(total).fill(Number.POSITIVE_INFINITY)
  const parent = new Int32Array(total)
  const isIn = new Uint8Array(total)
  const edges: Edge[] = []
  for (let current = 0; edges.length < total - 1; ) {
    isIn[current] = 1
    let next = -1
    for (let row = 0; row < total; row++) {
      if (isIn[row]) continue
      const reach = Math.max(Math.sqrt(squared(points, width, current, row)), core[current]!, core[row]!)
      if (reach < best[row]!) {
        best[row] = reach
        parent[row] = current
      }
      if (next < 0 || best[row]! < best[next]!) next = row
    }
    edges.push({ from: parent[next]!, to: next, distance: best[next]! })
    current = next
  }
  return edges.sort((a, b) => a.distance - b.distance)
}

/** Joins of a tree of single linkage: points are 0..total-1, the joins follow, the last is the root. */
interface Joins {
  total: number
  left: Int32Array
  right: Int32Array
  size: Int32Array
  density: Float64Array
}

function joinUp(total: number, edges: readonly Edge[]): Joins {
  const all = 2 * total - 1
  const joins: Joins = {
    total,
    left: new Int32Array(all),
    right: new Int32Array(all),
    size: new Int32Array(all).fill(1),
    density: new Float64Array(all),
  }
  const above = Int32Array.from({ length: all }, (_, node) => node)
  const top = (node: number): number => {
    let at = node
    while (above[at] !== at) {
      above[at] = above[above[at]!]!
      at = above[at]!
    }
    return at
  }
  for (const [place, { from, to, distance }] of edges.entries()) {
    const join = total + place
    const [a, b] = [top(from), top(to)]
    joins.left[join] = a
    joins.right[join] = b
    joins.size[join] = joins.size[a]! + joins.size[b]!
    joins.density[join] = 1 / Math.max(distance, nearest)
    above[a] = join
    above[b] = join
  }
  return joins
}

interface Condensed {
  /** The group that each point was last in. */
  groupOf: Int32Array
  parent: number[]
  stability: number[]
}

/** The tree without the joins that only shed single points: a group lives until it falls into two that are large enough. */
function condense({ total, left, right, size, density }: Joins, smallest: number): Condensed {
  const groupOf = new Int32Array(total)
  const parent = [-1]
  const stability = [0]
  const born = [0]
  const shed = (from: number, group: number): void => {
    const open = [from]
    for (let node = open.pop(); node !== undefined; node = open.pop())
      if (node < total) groupOf[node] = group
      else open.push(left[node]!, right[node]!)
  }
  const open: [node: number, group: number][] = [[2 * total - 2, 0]]
  for (let one = open.pop(); one; one = open.pop()) {
    const [node, group] = one
    if (node < total) {
      groupOf[node] = group
      continue
    }
    const sides = [left[node]!, right[node]!]
    const large = sides.filter((side) => size[side]! >= smallest)
    const leave = density[node]! - born[group]!
    if (large.length === 2) {
      stability[group]! += leave * size[node]!
      for (const side of sides) {
        open.push([side, parent.length])
        parent.push(group)
        stability.push(0)
        born.push(density[node]!)
      }
      continue
    }
    for (const side of sides)
      if (size[side]! >= smallest) open.push([side, group])
      else {
        stability[group]! += leave * size[side]!
        shed(side, group)
      }
  }
  return { groupOf, parent, stability }
}

/** Of each branch the groups whose stability is larger than that of their parts together (excess of mass). */
function chosenGroups({ groupOf, parent, stability }: Condensed, total: number): Int32Array {
  const below = new Float64Array(parent.length)
  const isChosen = new Uint8Array(parent.length)
  for (let group = parent.length - 1; group >= 0; group--) {
    isChosen[group] = group > 0 && stability[group]! >= below[group]! ? 1 : 0
    if (group > 0) below[parent[group]!]! += Math.max(stability[group]!, below[group]!)
  }
  // From above: what is inside a chosen group belongs to it.
  const number = new Int32Array(parent.length).fill(-1)
  let next = 0
  for (let group = 0; group < parent.length; group++) {
    const outer = group === 0 ? -1 : number[parent[group]!]!
    number[group] = outer >= 0 ? outer : isChosen[group] ? next++ : -1
  }
  return Int32Array.from({ length: total }, (_, point) => number[groupOf[point]!]!)
}
