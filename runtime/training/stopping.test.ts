import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowWeightsOf } from './class-weights.ts'
import { meritOf, metricFor } from './stopping.ts'
import type { TrainingSet } from './training-set.ts'

const setOf = (truths: readonly (readonly number[])[], labels: number, multi = false): TrainingSet => ({
  labels: Array.from({ length: labels }, (_, i) => ({ id: `l${i}`, name: `l${i}` })),
  multi,
  pairs: false,
  train: truths.map((truth, i) => ({ id: String(i), text: `row ${i}`, truth })),
  validation: [],
  outside: [],
  hash: '',
  entityTypes: [],
})
const rowsOf = (counts: readonly number[]) => counts.flatMap((count, label) => new Array<number[]>(count).fill([label]))

test('the best epoch is chosen by accuracy, by macro F1 where labels differ much in size, by the rows’ F1 with several labels', () => {
  expect(metricFor('automatic', setOf(rowsOf([10, 10, 1]), 3))).toBe('accuracy')
  expect(metricFor('automatic', setOf(rowsOf([11, 10, 1]), 3))).toBe('macroF1')
  expect(metricFor('automatic', setOf([[0, 1], [1]], 2, true))).toBe('rowF1')
  expect(metricFor('loss', setOf(rowsOf([50, 1]), 2))).toBe('loss')
})

test('a model that forgets a rare label has high accuracy and low macro F1', () => {
  const truth = rowsOf([9, 1])
  const scores = { rows: 10, labels: 2, values: Float32Array.from(truth.flatMap(() => [3, -3])) }
  expect(meritOf('accuracy', scores, truth, false)).toBeCloseTo(0.9)
  expect(meritOf('macroF1', scores, truth, false)).toBeCloseTo(18 / 19 / 2)
  expect(meritOf('loss', scores, truth, false)).toBeCloseTo(
    -(0.9 * Math.log1p(Math.exp(-6)) + 0.1 * Math.log1p(Math.exp(6))),
  )
})

test('with several labels a row counts for what it has in common with the truth', () => {
  const scores = { rows: 3, labels: 3, values: Float32Array.from([5, 5, -5, -5, -5, -5, 5, -5, -5]) }
  // 2 of 2 given against 1 right of 1: 2 / 3; none of none: 1; wrong: 0.
  expect(meritOf('rowF1', scores, [[0], [], [2]], true)).toBeCloseTo((2 / 3 + 1 + 0) / 3)
})

test('balanced weights are 1 on average, and labels of any size up to ten times the smallest count the same', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 3, max: 30 }), { minLength: 2, maxLength: 8 }), (counts) => {
      const rows = rowsOf(counts).map((truth) => ({ truth }))
      const weights = rowWeightsOf(rows, counts.length, 'balanced')
      expect(weights.reduce((a, b) => a + b) / rows.length).toBeCloseTo(1, 4)
      const sums = counts.map((_, label) =>
        weights.reduce((sum, w, i) => sum + (rows[i]!.truth[0] === label ? w : 0), 0),
      )
      for (const sum of sums) expect(sum / sums[0]!).toBeCloseTo(1, 3)
    }),
  )
  expect([...rowWeightsOf([{ truth: [0] }, { truth: [1] }], 2)]).toEqual([1, 1])
})

test('a single row of a tiny label weighs at most ten ordinary ones', () => {
  const rows = rowsOf([500, 499, 1]).map((truth) => ({ truth }))
  const weights = rowWeightsOf(rows, 3, 'balanced')
  expect(weights.at(-1)! / weights[0]!).toBeLessThan(16)
  expect(weights.at(-1)! / weights[0]!).toBeGreaterThan(10)
})

test('a row of several labels weighs what they do on average; one without any is an ordinary row', () => {
  const weights = rowWeightsOf([{ truth: [0] }, { truth: [0] }, { truth: [0, 1] }, { truth: [] }], 2, 'balanced')
  // 4 labels given, 2 used: 4 / (2 x 3) and 4 / (2 x 1); the mean over rows is made 1.
  const raw = [2 / 3, 2 / 3, (2 / 3 + 2) / 2, 1]
  const mean = raw.reduce((a, b) => a + b) / 4
  for (const [i, weight] of raw.entries()) expect(weights[i]).toBeCloseTo(weight / mean, 5)
})
