import { describe, expect, test } from 'vitest'
import { seededRandom } from '#runtime/training/seeded.ts'
import { groupMessages } from './group-messages.ts'
import { hdbscan } from './hdbscan.ts'
import { nameGroups } from './name-groups.ts'
import { nearestNeighbours } from './neighbours.ts'
import { principalParts } from './principal-parts.ts'

const width = 64

/** Numbers of a normal distribution (Box & Muller). */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

function unit(values: number[]): number[] {
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

/** Blobs of these sizes around directions of chance, then rows of no blob. */
function planted(sizes: readonly number[], stray = 0, seed = 7) {
  const random = seededRandom(seed)
  const direction = () => unit(Array.from({ length: width }, () => normal(random)))
  const rows: number[][] = []
  const truth: number[] = []
  for (const [blob, size] of sizes.entries()) {
    const centre = direction()
    for (let one = 0; one < size; one++) {
      rows.push(unit(centre.map((value) => value + normal(random) * 0.05)))
      truth.push(blob)
    }
  }
  for (let one = 0; one < stray; one++) {
    rows.push(direction())
    truth.push(-1)
  }
  return { vectors: Float32Array.from(rows.flat()), truth, texts: truth.map((blob, row) => `topic${blob} row${row}`) }
}

describe('groups of messages', () => {
  test.each([
    ['a handful', [4, 6, 5], 3],
    ['some hundreds', [60, 30, 90, 25], 20],
  ])('finds planted blobs among %s, and leaves the strays', (_, sizes, stray) => {
    const { vectors, truth, texts } = planted(sizes, stray)
    const { groups, groupOf, map } = groupMessages(texts, vectors, width)
    expect(groups.map(({ members }) => members.length)).toEqual([...sizes].sort((a, b) => b - a))
    for (const { members } of groups) expect(new Set(members.map((row) => truth[row])).size).toBe(1)
    expect(groupOf.filter((_, row) => truth[row] === -1).every((group) => group === -1)).toBe(true)
    expect(map).toHaveLength(texts.length * 2)
    expect(map.every((place) => place >= 0 && place <= 1)).toBe(true)
  })

  test.each([20, 300])('finds no group in %i messages of pure chance', (count) => {
    const { vectors, texts } = planted([], count)
    expect(groupMessages(texts, vectors, width).groups).toEqual([])
  })

  test.each([5, 120])('%i equal messages are one group', (count) => {
    const vectors = Float32Array.from({ length: count * width }, (_, at) => (at % width === 0 ? 1 : 0))
    const texts = Array.from({ length: count }, () => 'where is my parcel')
    const { groups, map } = groupMessages(texts, vectors, width)
    expect(groups.map(({ members }) => members.length)).toEqual([count])
    expect(map.every(Number.isFinite)).toBe(true)
  })

  test.each([0, 1, 2])('%i messages are no group, and have places', (count) => {
    const { vectors, texts } = planted([count])
    const { groups, groupOf, map } = groupMessages(texts, vectors, width)
    expect(groups).toEqual([])
    expect(groupOf).toEqual(texts.map(() => -1))
    expect(map).toHaveLength(count * 2)
  })

  test('the same seed gives the same groups and the same map', () => {
    const { vectors, texts } = planted([50, 40], 10)
    expect(groupMessages(texts, vectors, width, { seed: 3 })).toEqual(
      groupMessages(texts, vectors.slice(), width, { seed: 3 }),
    )
  })

  test('a message that density leaves over joins the group that it is as near to as the members are', () => {
    const { vectors, texts, truth } = planted([80, 80], 40)
    const { groupOf, isProbable } = groupMessages(texts, vectors, width)
    for (const [row, probable] of isProbable.entries()) if (probable) expect(groupOf[row]).toBeGreaterThanOrEqual(0)
    expect(groupOf.filter((group, row) => truth[row]! >= 0 && group < 0).length).toBeLessThan(8)
  })
})

describe('density', () => {
  test('two far blobs on a line are two groups, and a point far from both is in none', () => {
    const points = Float32Array.from([0, 0.1, 0.2, 0.3, 50, 9, 9.1, 9.2, 9.3])
    const found = [...hdbscan(points, 1, { smallest: 3, neighbours: 2 })]
    expect(new Set(found.slice(0, 4)).size).toBe(1)
    expect(new Set(found.slice(5)).size).toBe(1)
    expect(found[0]).not.toBe(found[8])
    expect(found[4]).toBe(-1)
  })

  test('a blob inside a loose one is found at its own density', () => {
    const random = seededRandom(2)
    const blob = (centre: number, wide: number, count: number) =>
      Array.from({ length: count }, () => [centre + normal(random) * wide, normal(random) * wide]).flat()
    const points = Float32Array.from([...blob(0, 0.05, 30), ...blob(20, 2, 30)])
    const found = [...hdbscan(points, 2, { smallest: 8, neighbours: 4 })]
    expect(new Set(found.slice(0, 30))).toEqual(new Set([found[0]]))
    expect(found[0]).toBeGreaterThanOrEqual(0)
    expect(found.slice(30).filter((group) => group >= 0 && group !== found[0]).length).toBeGreaterThan(15)
  })
})

test('neighbours are the nearest ones, nearest first, whatever the others are', () => {
  const points = Float32Array.from([0, 1, 3, 7])
  const { rows, distances } = nearestNeighbours(points, 1, 2)
  expect([...rows]).toEqual([1, 2, 0, 2, 1, 0, 2, 1])
  expect([...distances]).toEqual([1, 3, 1, 2, 2, 3, 4, 6])
})

test('principal parts keep the distances of rows that differ in few directions', () => {
  const random = seededRandom(5)
  const rows = Array.from({ length: 40 }, () => [normal(random) * 3, normal(random)])
  const vectors = Float32Array.from(rows.flatMap(([a, b]) => [a! + 4, b! - 2, a! + b!, 1]))
  const parts = principalParts(vectors, 4, 2, random)
  const apart = (from: Float32Array, size: number, i: number, j: number) =>
    Math.hypot(...Array.from({ length: size }, (_, at) => from[i * size + at]! - from[j * size + at]!))
  for (let row = 1; row < 40; row++) expect(apart(parts, 2, 0, row)).toBeCloseTo(apart(vectors, 4, 0, row), 3)
})

describe('names', () => {
  test('words that mark a group against the others, Chinese cut into words', () => {
    const names = nameGroups([
      ['我要退款', '退款多久到账', '怎么申请退款'],
      ['发票怎么开', '可以开发票吗', '电子发票在哪里'],
      ['where is my parcel', 'my parcel did not arrive', 'parcels are late'],
    ])
    expect(names[0]).toContain('退款')
    expect(names[1]).toContain('发票')
    expect(names[2]![0]).toBe('parcel')
  })

  test('messages without a word have no name', () => {
    expect(nameGroups([['???', '123', '!']])).toEqual([[]])
  })
})
