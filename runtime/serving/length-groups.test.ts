import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callTokens, groupByLength } from './length-groups.ts'

const bounds = { maxRows: 4, maxTokens: 60 }
const costOf = (groups: readonly (readonly number[])[], lengths: readonly number[]): number =>
  groups.reduce((sum, group) => sum + callTokens + group.length * Math.max(...group.map((i) => lengths[i]!)), 0)
const fits = (group: readonly number[], lengths: readonly number[]): boolean =>
  group.length === 1 ||
  (group.length <= bounds.maxRows && group.length * Math.max(...group.map((i) => lengths[i]!)) <= bounds.maxTokens)

/** Every way to put things into groups. */
function* partitions(count: number): Generator<number[][]> {
  if (count === 0) {
    yield []
    return
  }
  for (const rest of partitions(count - 1)) {
    yield [...rest, [count - 1]]
    for (let i = 0; i < rest.length; i++)
      yield rest.map((group, place) => (place === i ? [...group, count - 1] : group))
  }
}

test('no other cut of the texts into calls costs less, and each text is in one call', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 7 }), (lengths) => {
      const groups = groupByLength(lengths, bounds)
      expect(groups.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()])
      expect(groups.every((group) => fits(group, lengths))).toBe(true)
      let least = Number.POSITIVE_INFINITY
      for (const other of partitions(lengths.length))
        if (other.every((group) => fits(group, lengths))) least = Math.min(least, costOf(other, lengths))
      expect(costOf(groups, lengths)).toBe(least)
    }),
    { numRuns: 60 },
  )
})

test('one long text does not pad thirty short ones', () => {
  const lengths = [...Array<number>(15).fill(8), 128, ...Array<number>(15).fill(8)]
  const groups = groupByLength(lengths, { maxRows: 32, maxTokens: 1024 })
  expect(groups.map((group) => group.length)).toEqual([30, 1])
  expect(groups[1]).toEqual([15])
})
