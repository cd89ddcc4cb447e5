import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TokenBatch } from '#runtime/language/tokenizer.ts'
import { holdOut } from './hold-out.ts'
import { epochsFor, rateOf } from './recipe.ts'
import { seededRandom } from './seeded.ts'
import { deleteTokens } from './token-deletion.ts'
import type { TrainingSet } from './training-set.ts'

const setOf = (truths: readonly number[]): TrainingSet => ({
  labels: [...new Set(truths)].sort().map((label) => ({ id: `l${label}`, name: `l${label}` })),
  multi: false,
  pairs: false,
  entityTypes: [],
  train: truths.map((label, i) => ({ id: String(i), text: `row ${i}`, truth: [label] })),
  validation: [],
  outside: [],
  hash: '',
})

test('rows held out are some of train’s, and each label keeps rows to learn from unless it has none to give', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { minLength: 2, maxLength: 120 }), fc.nat(), (truths, seed) => {
      const split = holdOut(setOf(truths), seed)
      const ids = [...split.train, ...split.validation].map((row) => row.id)
      expect(new Set(ids).size).toBe(truths.length)
      expect(split.validation.length).toBeGreaterThan(0)
      const single = new Set(truths).size === truths.length
      const left = new Set(split.train.flatMap((row) => row.truth))
      if (!single) expect(left.size).toBe(new Set(truths).size)
    }),
  )
})

test('deleted tokens are inner ones alone, about as many as asked for, and the same for the same seed', () => {
  const lengths = [2, 3, 40, 60]
  const batch = (): TokenBatch => {
    const mask = new Int32Array(4 * 64)
    for (const [row, tokens] of lengths.entries()) mask.fill(1, row * 64, row * 64 + tokens)
    return { rows: 4, length: 64, ids: Int32Array.from({ length: 4 * 64 }, (_, i) => i), mask, types: null }
  }
  const first = batch()
  deleteTokens(first, 0.1, seededRandom(3))
  const again = batch()
  deleteTokens(again, 0.1, seededRandom(3))
  expect(again.mask).toEqual(first.mask)
  for (const [row, tokens] of lengths.entries()) {
    expect(first.mask[row * 64]).toBe(1)
    expect(first.mask[row * 64 + tokens - 1]).toBe(1)
    expect(first.mask.subarray(row * 64 + tokens, (row + 1) * 64).every((seen) => seen === 0)).toBe(true)
  }
  const gone = 105 - first.mask.reduce((sum, seen) => sum + seen, 0)
  expect(gone).toBeGreaterThan(2)
  expect(gone).toBeLessThan(25)
})

test('few rows are gone through more often than many, within bounds', () => {
  expect([10, 385, 770, 2400, 10_003, 1_000_000].map(epochsFor)).toEqual([25, 25, 18, 10, 5, 4])
})

test('the head learns fastest, the top layer like the rate says, what lies below ever slower', () => {
  const rates = ['head.weight', 'encoder.layer.5.output.dense.weight', 'encoder.layer.0.attention.self.key.bias']
  expect(rates.map((name) => rateOf(name, 6))).toEqual([3, 1, 0.9 ** 5])
  expect(rateOf('embeddings.LayerNorm.weight', 6)).toBeCloseTo(0.9 ** 6)
  expect(rateOf('encoder.layer.5.output.dense.lora_b', 6)).toBe(10)
})
