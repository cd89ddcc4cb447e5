import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dealByLabel } from './label-batches.ts'
import { seededRandom } from './seeded.ts'

const rows = fc.array(fc.record({ label: fc.nat(5), length: fc.integer({ min: 2, max: 40 }) }), {
  minLength: 1,
  maxLength: 90,
})
const deal = (given: readonly { label: number; length: number }[], size: number, seed: number) =>
  dealByLabel(given.map(({ label }) => label))(
    given.map(({ length }) => length),
    size,
    40,
    seededRandom(seed),
  )

test('batches hold each row once at most, are long enough for all of them, the same for the same seed', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 4, max: 32 }), fc.nat(), (given, size, seed) => {
      const batches = deal(given, size, seed)
      expect(batches.length).toBe(Math.ceil(given.length / size))
      for (const batch of batches) {
        expect(new Set(batch.rows).size).toBe(batch.rows.length)
        expect(batch.rows.length).toBeGreaterThan(0)
        expect(batch.rows.length).toBeLessThanOrEqual(size)
        for (const row of batch.rows) expect(batch.length).toBeGreaterThanOrEqual(given[row]!.length)
      }
      expect(deal(given, size, seed)).toEqual(batches)
    }),
  )
})

test('of two labels each batch holds both', () => {
  const given = Array.from({ length: 37 }, (_, i) => ({ label: i % 5 === 0 ? 1 : 0, length: 5 + (i % 9) }))
  for (const batch of deal(given, 8, 3)) expect(new Set(batch.rows.map((row) => given[row]!.label)).size).toBe(2)
})

test('a rare label has its turn as often as a frequent one, and rows of one label stand side by side', () => {
  const given = Array.from({ length: 400 }, (_, i) => ({ label: i < 380 ? i % 3 : 3, length: 8 }))
  const turns = new Array<number>(4).fill(0)
  for (const batch of deal(given, 16, 7)) {
    const labels = batch.rows.map((row) => given[row]!.label)
    for (const label of labels) expect(labels.filter((other) => other === label).length).toBeGreaterThan(1)
    for (const label of labels) turns[label]!++
  }
  expect(Math.max(...turns) - Math.min(...turns)).toBeLessThan(10)
})
