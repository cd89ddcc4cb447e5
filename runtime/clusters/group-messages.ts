import { seededRandom } from '#runtime/training/seeded.ts'
import { hdbscan } from './hdbscan.ts'
import { layOut } from './layout.ts'
import { nameGroups } from './name-groups.ts'
import { type Neighbours, nearestNeighbours } from './neighbours.ts'
import { principalParts } from './principal-parts.ts'

/** Messages that are grouped at once, at most. */
export const mostGrouped = 5_000
/** Fewer are grouped in their vectors as they are: a layout of them would be drawn from chance. */
const fewestLaidOut = 60
/** Directions that are kept for neighbours: what is behind them changes no neighbourhood that matters. */
const keptParts = 40
const neighboursEach = 15
const denseParts = 5
const epochs = 100
/**
 * How much more alike two members of a group must be than any two messages, as a share of what is possible: density finds groups in pure
 * chance, too.
 */
const leastGain = 0.2
/** Whoever is less than this share as near to the centre as the middle member is no member: density hands on strays at the rim. */
const leastNear = 0.5

export interface MessageGroup {
  /** Words that mark it against the others, the most telling first. */
  words: string[]
  /** The message nearest to its centre. */
  central: number
  /** Members, nearest to the centre first. */
  members: number[]
}

export interface GroupedMessages {
  /** The largest first. */
  groups: MessageGroup[]
  /** The group of each message, -1 where it is left over. */
  groupOf: number[]
  /** Density left it over, and the centre of its group is near enough all the same. */
  isProbable: boolean[]
  /** Places on a map, row-major [messages, 2], each in 0..1. */
  map: number[]
}

/**
 * Groups of messages by their unit-length vectors, row-major [messages, width]. How many groups there are, and how small one may be, follows
 * from the messages. Equal input and seed give equal groups.
 */
export function groupMessages(
  texts: readonly string[],
  vectors: Float32Array,
  width: number,
  { seed = 1, onShare = () => {} }: { seed?: number; onShare?: (share: number) => void } = {},
): GroupedMessages {
  const total = texts.length
  const random = seededRandom(seed)
  if (total < 3)
    return {
      groups: [],
      groupOf: texts.map(() => -1),
      isProbable: texts.map(() => false),
      map: texts.flatMap((_, place) => [(place + 1) / (total + 1), 0.5]),
    }
  const parts = Math.min(keptParts, width, total - 1)
  const points = principalParts(vectors, width, parts, random)
  onShare(0.1)
  const neighbours = nearestNeighbours(points, parts, neighboursEach)
  onShare(0.3)
  const split = densityOf(points, parts, neighbours, random)
  // Density tells one part from another: where all are about the same it finds nothing.
  const isOne = areEqual(points) || split.every((group) => group < 0)
  const found = isOne ? new Int32Array(total) : split
  onShare(0.7)
  const { groupOf, isProbable, members } = settle(found, vectors, width)
  const map = toMap(points, parts, neighbours, random)
  onShare(1)
  const words = nameGroups(members.map((rows) => rows.map((row) => texts[row]!)))
  return {
    groups: members.map((rows, group) => ({ words: words[group]!, central: rows[0]!, members: rows })),
    groupOf: [...groupOf],
    isProbable,
    map,
  }
}

/** Nothing tells them apart: density would be without end. */
const areEqual = (points: Float32Array): boolean => points.every((value) => Math.abs(value) < 1e-5)

/** Three of a handful of messages are a group, seventeen of five thousand. */
export const smallestGroup = (total: number): number => Math.max(3, Math.round(Math.sqrt(total) / 4))

/** Groups by density: after a reduction that brings neighbours together where there are enough messages (as BERTopic does). */
function densityOf(points: Float32Array, parts: number, neighbours: Neighbours, random: () => number): Int32Array {
  const total = points.length / parts
  const smallest = smallestGroup(total)
  if (total < fewestLaidOut) return hdbscan(points, parts, { smallest, neighbours: 2 })
  const dense = Math.min(denseParts, parts)
  const laidOut = layOut(neighbours, firstParts(points, parts, dense), dense, { curve: 'dense', epochs, random })
  return hdbscan(laidOut, dense, { smallest, neighbours: Math.min(5, smallest) })
}

/** The first directions alone. */
function firstParts(points: Float32Array, parts: number, kept: number): Float32Array {
  return Float32Array.from({ length: (points.length / parts) * kept }, (_, at) => {
    return points[Math.floor(at / kept) * parts + (at % kept)]!
  })
}

/** Looks at each group in the vectors themselves: drops those of chance, takes in who is as near as the members are, sorts by size. */
function settle(found: Int32Array, vectors: Float32Array, width: number) {
  const total = found.length
  const smallest = smallestGroup(total)
  const all = [...found.keys()]
  const background = likeness(vectors, width, all)
  const rowsOf = new Map<number, number[]>()
  for (const [row, group] of found.entries()) if (group >= 0) rowsOf.set(group, [...(rowsOf.get(group) ?? []), row])
  const kept = [...rowsOf.values()].flatMap((found) => {
    const middle = ranked(found, centreOf(vectors, width, found), vectors, width)
    const least = leastNear * middle[Math.floor(middle.length / 2)]!.near
    const rows = middle.filter(({ near }) => near >= least).map(({ row }) => row)
    const inside = likeness(vectors, width, rows)
    const isAlike = rows.length === total ? inside >= alikeAll : inside - background >= leastGain * (1 - background)
    if (!isAlike || rows.length < smallest) return []
    const centre = centreOf(vectors, width, rows)
    return [{ rows, centre, floor: ranked(rows, centre, vectors, width)[Math.floor(rows.length * 0.9)]!.near }]
  })
  kept.sort((a, b) => b.rows.length - a.rows.length || a.rows[0]! - b.rows[0]!)
  const groupOf = new Int32Array(total).fill(-1)
  const isProbable = Array.from({ length: total }, () => false)
  for (const [group, { rows }] of kept.entries()) for (const row of rows) groupOf[row] = group
  for (let row = 0; row < total; row++) {
    if (groupOf[row]! >= 0) continue
    let best = -1
    let most = Number.NEGATIVE_INFINITY
    for (const [group, { centre, floor }] of kept.entries()) {
      const near = cosine(centre, vectors, width, row)
      if (near >= floor && near > most) [best, most] = [group, near]
    }
    if (best < 0) continue
    groupOf[row] = best
    isProbable[row] = true
  }
  const rowsOfKept: number[][] = kept.map(() => [])
  for (const [row, group] of groupOf.entries()) if (group >= 0) rowsOfKept[group]!.push(row)
  const members = kept.map(({ centre }, group) =>
    ranked(rowsOfKept[group]!, centre, vectors, width).map(({ row }) => row),
  )
  return { groupOf, isProbable, members }
}

/** Rows with their cosine to a centre, the nearest first. */
function ranked(rows: readonly number[], centre: Float64Array, vectors: Float32Array, width: number) {
  return rows
    .map((row) => ({ row, near: cosine(centre, vectors, width, row) }))
    .sort((a, b) => b.near - a.near || a.row - b.row)
}

/** All messages are one group only where two of them are this much alike. */
const alikeAll = 0.6

/** Of unit length, or nothing where the vectors cancel out. */
function centreOf(vectors: Float32Array, width: number, rows: readonly number[]): Float64Array {
  const centre = new Float64Array(width)
  for (const row of rows) for (let at = 0; at < width; at++) centre[at]! += vectors[row * width + at]!
  const length = Math.sqrt(centre.reduce((sum, value) => sum + value * value, 0))
  return length > 0 ? centre.map((value) => value / length) : centre
}

function cosine(centre: Float64Array, vectors: Float32Array, width: number, row: number): number {
  let sum = 0
  for (let at = 0; at < width; at++) sum += centre[at]! * vectors[row * width + at]!
  return sum
}

/** The mean cosine of two different rows; 1 where there is only one. */
function likeness(vectors: Float32Array, width: number, rows: readonly number[]): number {
  const sum = new Float64Array(width)
  for (const row of rows) for (let at = 0; at < width; at++) sum[at]! += vectors[row * width + at]!
  const count = rows.length
  return count < 2 ? 1 : (sum.reduce((all, value) => all + value * value, 0) - count) / (count * (count - 1))
}

/** A picture of who is near whom; few messages are shown as they differ most. */
function toMap(points: Float32Array, parts: number, neighbours: Neighbours, random: () => number): number[] {
  const flat =
    parts < 2
      ? Float32Array.from({ length: points.length * 2 }, (_, at) => (at % 2 === 0 ? points[at / 2]! : 0))
      : firstParts(points, parts, 2)
  const isLaidOut = neighbours.count >= 5
  const places = isLaidOut ? layOut(neighbours, flat, 2, { curve: 'map', epochs, random }) : flat
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [at, value] of places.entries()) {
    low[at % 2] = Math.min(low[at % 2]!, value)
    high[at % 2] = Math.max(high[at % 2]!, value)
  }
  return [...places].map((value, at) => {
    const size = high[at % 2]! - low[at % 2]!
    return size > 0 ? (value - low[at % 2]!) / size : 0.5
  })
}
