import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  auroc,
  calibrationError,
  confusions,
  labelMetrics,
  measure,
  type Prediction,
  reliabilityBins,
} from './metrics.ts'

const labels = 4
const prediction = fc
  .record({
    row: fc.string(),
    language: fc.constantFrom('en', 'zh-CN', undefined),
    truth: fc.integer({ min: -1, max: labels - 1 }).map((label) => (label < 0 ? [] : [label])),
    given: fc.integer({ min: 0, max: labels - 1 }).map((label) => [label]),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    outOfScope: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map((row) => ({ ...row, likeliest: row.given[0]! }))
const predictions: fc.Arbitrary<Prediction[]> = fc.array(prediction, { maxLength: 60 })

describe('against the definitions, counted out', () => {
  test('precision, recall and F1 of each label', () => {
    fc.assert(
      fc.property(predictions, (rows) => {
        for (const { label, precision, recall, f1, support } of labelMetrics(rows, labels)) {
          const both = rows.filter((row) => row.truth[0] === label && row.given[0] === label).length
          const given = rows.filter((row) => row.given[0] === label).length
          const having = rows.filter((row) => row.truth[0] === label).length
          expect(support).toBe(having)
          expect(precision).toBe(given === 0 ? 0 : both / given)
          expect(recall).toBe(having === 0 ? 0 : both / having)
          expect(f1).toBeCloseTo(given + having === 0 ? 0 : (2 * both) / (given + having), 12)
        }
      }),
    )
  })

  test('AUROC is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { maxLength: 40 }), (rows) => {
        const high = rows.filter(([, positive]) => positive)
        const low = rows.filter(([, positive]) => !positive)
        const wins = high.flatMap(([a]) => low.map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0)))
        const found = auroc(
          rows.map(([score]) => score),
          rows.map(([, positive]) => positive),
        )
        if (wins.length === 0) expect(found).toBeNull()
        else expect(found).toBeCloseTo(wins.reduce<number>((a, b) => a + b, 0) / wins.length, 12)
      }),
    )
  })

  test('calibration error is the weighted gap of 15 bins', () => {
    fc.assert(
      fc.property(predictions, (rows) => {
        const confidences = rows.map((row) => row.confidence)
        const right = rows.map((row) => row.truth[0] === row.given[0])
        let expected = 0
        for (let bin = 0; bin < 15; bin++) {
          const inside = rows.flatMap((_, i) => {
            const c = confidences[i]!
            return (c > bin / 15 || (bin === 0 && c === 0)) && c <= (bin + 1) / 15 ? [i] : []
          })
          const gap = inside.reduce((sum, i) => sum + confidences[i]! - Number(right[i]), 0)
          expected += Math.abs(gap) / Math.max(1, rows.length)
        }
        expect(calibrationError(confidences, right)).toBeCloseTo(expected, 9)
        expect(reliabilityBins(confidences, right).reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length)
      }),
    )
  })

  test('every wrong row is in exactly one confusion, and no right one is', () => {
    fc.assert(
      fc.property(predictions, (rows) => {
        const inScope = rows.filter((row) => row.truth.length > 0).map((row, i) => ({ ...row, row: `r${i}` }))
        const wrong = inScope.filter((row) => row.truth[0] !== row.given[0]).map((row) => row.row)
        const found = confusions(inScope).flatMap((pair) => pair.rows)
        expect(found.sort()).toEqual(wrong.sort())
      }),
    )
  })
})

test('rows out of scope count for AUROC alone', () => {
  const base = { language: 'en', confidence: 0.9, likeliest: 0 }
  const metrics = measure(
    [
      { ...base, row: 'a', truth: [0], given: [0], outOfScope: 0.1 },
      { ...base, row: 'b', truth: [1], given: [0], outOfScope: 0.4 },
      { ...base, row: 'c', truth: [], given: [0], outOfScope: 0.3 },
    ],
    2,
  )
  expect(metrics).toMatchObject({ rows: 2, outOfScopeRows: 1, accuracy: 0.5, auroc: 0.5 })
  expect(metrics.languages).toEqual([{ language: 'en', rows: 2, accuracy: 0.5, macroF1: 1 / 3 }])
})

test('a row with several labels is right only with all of them and no other', () => {
  const row = (given: number[], likeliest = 0): Prediction => ({
    ...{ row: 'a', truth: [0, 2], given, likeliest, confidence: 1, outOfScope: 0 },
  })
  expect(measure([row([2, 0])], 3).accuracy).toBe(1)
  expect(measure([row([0])], 3).accuracy).toBe(0)
  expect(measure([row([0, 1, 2])], 3).accuracy).toBe(0)
  expect(measure([row([0, 1]), row([0, 2])], 3).microF1).toBeCloseTo(3 / 4, 12)
  // The likeliest label is what confidence speaks of, given or not.
  expect(measure([row([2], 0)], 3).ece).toBe(0)
  expect(measure([row([], 1)], 3).ece).toBe(1)
})
