import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ComparedRow, chanceOfDifference, toReportChange } from './report-change.ts'

const row = (id: string, truth: string, right: boolean, text = id): ComparedRow => ({
  id,
  text,
  truth,
  truthName: truth.toUpperCase(),
  right,
})
const label = (id: string) => ({ id, name: id.toUpperCase(), support: 1 })

test('only questions that both tests asked are compared, and only as they stood in both', () => {
  const change = toReportChange(
    {
      labels: [label('a'), label('b'), label('old')],
      rows: [
        row('1', 'a', false),
        row('2', 'a', false),
        row('3', 'a', true),
        row('4', 'b', true),
        row('5', 'b', true),
        row('edited', 'a', false),
        row('moved', 'a', false),
        row('only before', 'old', true),
        row('foreign', '', false),
      ],
    },
    {
      labels: [label('a'), label('b'), label('new')],
      rows: [
        row('1', 'a', true),
        row('2', 'a', true),
        row('3', 'a', true),
        row('4', 'b', false),
        row('5', 'b', true),
        row('edited', 'a', true, 'in other words'),
        row('moved', 'b', true),
        row('only now', 'new', true),
        row('foreign', '', false),
      ],
    },
  )
  expect(change.shared).toEqual({ rows: 5, better: 2, worse: 1 })
  expect(change.labels).toEqual({
    better: [{ id: 'a', name: 'A', rows: 3, before: 1, now: 3 }],
    worse: [],
    added: [{ id: 'new', name: 'NEW' }],
    gone: [{ id: 'old', name: 'OLD' }],
  })
})

test('the chance is that of a fair coin, as the tables have it', () => {
  expect(chanceOfDifference(0, 0)).toBe(1)
  expect(chanceOfDifference(5, 5)).toBe(1)
  // 2 * 0.5 ** 6, and 2 * (1 + 10) / 2 ** 10.
  expect(chanceOfDifference(6, 0)).toBeCloseTo(0.03125, 12)
  expect(chanceOfDifference(1, 9)).toBeCloseTo(0.021484375, 12)
  expect(chanceOfDifference(4000, 3000)).toBeLessThan(1e-20)
})

test('better and worse weigh the same, and a wider gap is never likelier by chance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 400 }), (a, b) => {
      expect(chanceOfDifference(a, b)).toBeCloseTo(chanceOfDifference(b, a), 12)
      if (a < b) expect(chanceOfDifference(a, b + 1)).toBeLessThanOrEqual(chanceOfDifference(a, b) + 1e-12)
    }),
  )
})
