import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitThresholds } from './label-thresholds.ts'

const rowsOf = (...columns: number[][]): Float64Array[] =>
  columns[0]!.map((_, row) => Float64Array.from(columns, (column) => column[row]!))

test('without held-out rows each label is given from one half on', () => {
  expect(fitThresholds([], [], 3)).toEqual([0.5, 0.5, 0.5])
})

test('a label that is right at low probabilities is given earlier, one that is wrong at high ones later', () => {
  const many = 200
  const early = Array.from({ length: many }, (_, i) => (i % 2 ? 0.3 : 0.1))
  const late = Array.from({ length: many }, (_, i) => (i % 2 ? 0.9 : 0.7))
  const truth = Array.from({ length: many }, (_, i) => (i % 2 ? [0, 1] : []))
  const [first, second] = fitThresholds(rowsOf(early, late), truth, 2)
  expect(first).toBeLessThan(0.32)
  expect(first).toBeGreaterThan(0.1)
  expect(second).toBeGreaterThan(0.69)
  expect(second).toBeLessThan(0.9)
})

test('a label with a single row keeps close to what all labels share', () => {
  const many = 100
  const common = Array.from({ length: many }, (_, i) => (i % 2 ? 0.6 : 0.4))
  const rare = Array.from({ length: many }, (_, i) => (i === 1 ? 0.06 : 0.05))
  const truth = Array.from({ length: many }, (_, i) => (i === 1 ? [0, 1] : i % 2 ? [0] : []))
  const [shared, alone] = fitThresholds(rowsOf(common, rare), truth, 2)
  expect(shared).toBeCloseTo(0.5, 1)
  expect(Math.abs(alone! - shared!)).toBeLessThan(0.05)
})

test('thresholds are probabilities between the lowest and the highest that are tried', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const row = fc.record({ own: fc.array(share, { minLength: 4, maxLength: 4 }), truth: fc.uniqueArray(fc.nat(3)) })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const fitted = fitThresholds(
        rows.map((each) => Float64Array.from(each.own)),
        rows.map((each) => each.truth),
        4,
      )
      for (const threshold of fitted) {
        expect(threshold).toBeGreaterThanOrEqual(0.05)
        expect(threshold).toBeLessThanOrEqual(0.95)
      }
    }),
  )
})
