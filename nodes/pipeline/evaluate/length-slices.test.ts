import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lengthOf, lengthSlices } from './length-slices.ts'

test('a Chinese character counts as a word, and so does a run of letters', () => {
  expect(lengthOf('我的快递怎么还没到？')).toBe(9)
  expect(lengthOf("where is my parcel, it's late")).toBe(7)
  expect(lengthOf('订单 A1234 在哪')).toBe(5)
  expect(lengthOf('😀!')).toBe(0)
})

test('three slices hold about as many rows each and say where they begin and end', () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({ text: 'a '.repeat(i + 1), right: i < 15 }))
  expect(lengthSlices(rows)).toEqual([
    { from: 1, to: 10, rows: 10, accuracy: 1 },
    { from: 11, to: 20, rows: 10, accuracy: 0.5 },
    { from: 21, to: null, rows: 10, accuracy: 0 },
  ])
})

test('whatever the lengths, each row is in one slice and the slices join without a gap', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean())), (given) => {
      const made = lengthSlices(given.map(([length, right]) => ({ text: 'x '.repeat(length), right })))
      expect(made.reduce((sum, slice) => sum + slice.rows, 0)).toBe(given.length)
      expect(made.reduce((sum, slice) => sum + slice.rows * slice.accuracy, 0)).toBeCloseTo(
        given.filter(([, right]) => right).length,
      )
      for (const [i, slice] of made.entries()) {
        expect(slice.rows).toBe(given.filter(([n]) => n >= slice.from && n <= (slice.to ?? Infinity)).length)
        if (i > 0) expect(slice.from).toBeGreaterThan(made[i - 1]!.to!)
      }
      if (made.length > 0) expect(made.at(-1)!.to).toBeNull()
    }),
  )
})
