import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mcnemar } from './mcnemar.ts'

test('it gives the probabilities of the binomial distribution', () => {
  // Two-sided exact values of Binomial(n, 1/2): 2 · (1 + 10 + 45) / 1024, 2 · 1 / 32, 2 · (1 + 25) / 2^25.
  expect(mcnemar(2, 8)).toBeCloseTo(112 / 1024, 12)
  expect(mcnemar(5, 0)).toBeCloseTo(0.0625, 12)
  expect(mcnemar(24, 1)).toBeCloseTo(52 / 2 ** 25, 12)
})

test('two models that never differ, or differ evenly, differ by chance', () => {
  expect(mcnemar(0, 0)).toBe(1)
  expect(mcnemar(7, 7)).toBe(1)
})

test('it is a probability, the same from both sides, and smaller the more one of them is ahead', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.nat(2000), (a, b) => {
      const p = mcnemar(a, b)
      expect(p).toBeGreaterThanOrEqual(0)
      expect(p).toBeLessThanOrEqual(1)
      expect(mcnemar(b, a)).toBeCloseTo(p, 12)
      expect(mcnemar(Math.max(a, b) + 5, Math.min(a, b))).toBeLessThanOrEqual(p + 1e-12)
    }),
  )
})
