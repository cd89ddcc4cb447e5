import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dealFolds } from './folds.ts'
import { bucketLength, dealBatches, paddedRows } from './length-batches.ts'
import { scheduleAt } from './schedule.ts'
import { seededRandom } from './seeded.ts'

const lengths = fc.array(fc.integer({ min: 1, max: 128 }), { minLength: 1, maxLength: 200 })

test('an epoch shows each row once, in batches that fit and of which at most one is not full', () => {
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 16 }), fc.nat(), (all, size, seed) => {
      const batches = dealBatches(all, size, 128, seededRandom(seed))
      expect(batches.flatMap((batch) => batch.rows).sort((a, b) => a - b)).toEqual([...all.keys()])
      expect(batches.filter((batch) => batch.rows.length < size).length).toBeLessThanOrEqual(1)
      for (const { rows, length } of batches) {
        expect(rows.length).toBeLessThanOrEqual(size)
        for (const row of rows) expect(all[row]!).toBeLessThanOrEqual(length)
      }
    }),
  )
})

test('the same seed deals the same batches, another one others', () => {
  const all = Array.from({ length: 100 }, (_, i) => 4 + (i % 20))
  const deal = (seed: number) => dealBatches(all, 8, 64, seededRandom(seed))
  expect(deal(1)).toEqual(deal(1))
  expect(deal(1)).not.toEqual(deal(2))
})

test('bucket lengths are few, never shorter than the text and never longer than the model allows', () => {
  expect([5, 32, 33, 64, 65, 129, 500].map((tokens) => bucketLength(tokens, 512))).toEqual([
    6, 32, 36, 64, 72, 160, 512,
  ])
  expect(bucketLength(126, 127)).toBe(127)
})

test('of the texts of a day in a shop less than a tenth of what is computed is padding', () => {
  // Lengths as people write: a bell around 14 tokens with a tail of long ones.
  const random = seededRandom(4)
  const typed = Array.from({ length: 5000 }, () => Math.round(6 + 40 * random() * random() * random() + 10 * random()))
  const batches = dealBatches(typed, 32, 128, seededRandom(1))
  const computed = batches.reduce((sum, batch) => sum + batch.length * paddedRows(batch, 32), 0)
  expect(1 - typed.reduce((a, b) => a + b) / computed).toBeLessThan(0.1)
  expect(new Set(batches.map((batch) => batch.length)).size).toBeLessThan(25)
})

test('a batch that is not full is padded to few rows more, never to more than a full one', () => {
  const rowsFor = (count: number): number =>
    paddedRows({ rows: Array.from({ length: count }, (_, i) => i), length: 8 }, 30)
  expect([1, 8, 9, 30].map(rowsFor)).toEqual([8, 8, 16, 30])
})

test('folds hold each label evenly and keep groups whole', () => {
  const row = fc.record({ label: fc.nat(3), group: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }) })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 80 }), fc.integer({ min: 2, max: 6 }), fc.nat(), (rows, count, seed) => {
      const folds = dealFolds(rows, count, seed)
      for (const group of ['a', 'b', 'c']) {
        const own = new Set(rows.flatMap((each, i) => (each.group === group ? [folds[i]] : [])))
        expect(own.size).toBeLessThanOrEqual(1)
      }
      expect([...folds].every((fold) => fold >= 0 && fold < count)).toBe(true)
      const single = rows.map((each) => ({ label: each.label }))
      const even = dealFolds(single, count, seed)
      for (let label = 0; label < 4; label++) {
        const sizes = Array.from(
          { length: count },
          (_, fold) => single.filter((each, i) => each.label === label && even[i] === fold).length,
        )
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }
    }),
  )
})

test('the learning rate climbs, then falls to nearly nothing, and is never zero or above its top', () => {
  const rates = Array.from({ length: 100 }, (_, step) => scheduleAt(step, 100, 0.1))
  expect(Math.max(...rates)).toBe(1)
  expect(rates.indexOf(1)).toBe(10)
  for (let step = 1; step < 100; step++) {
    if (step <= 10) expect(rates[step]!).toBeGreaterThan(rates[step - 1]!)
    else expect(rates[step]!).toBeLessThan(rates[step - 1]!)
  }
  expect(rates[99]).toBeGreaterThan(0)
})
