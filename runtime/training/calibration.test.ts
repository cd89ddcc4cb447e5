import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scopeScale } from './assess.ts'
import { fitTemperature, meanLoss, type Scores, softmax, surpriseOf } from './calibration.ts'
import { seededRandom } from './seeded.ts'

const table = fc
  .record({ rows: fc.integer({ min: 4, max: 20 }), labels: fc.integer({ min: 2, max: 5 }), seed: fc.nat() })
  .map(({ rows, labels, seed }) => {
    const random = seededRandom(seed)
    const values = Float32Array.from({ length: rows * labels }, () => random() * 8 - 4)
    const truth = Array.from({ length: rows }, () => [Math.floor(random() * labels)])
    return { scores: { rows, labels, values } satisfies Scores, truth }
  })

test('no temperature of a fine grid is likelier than the fitted one, given what is likely beforehand', () => {
  fc.assert(
    fc.property(table, fc.boolean(), ({ scores, truth }, multi) => {
      const lossAt = (temperature: number): number =>
        scores.rows * meanLoss(scores, truth, temperature, multi) + surpriseOf(temperature)
      const best = lossAt(fitTemperature(scores, truth, multi))
      for (let log = Math.log(0.02); log <= Math.log(20); log += 0.05)
        expect(best).toBeLessThanOrEqual(lossAt(Math.exp(log)) + 1e-3)
    }),
  )
})

test('scores drawn from their own probabilities, then sharpened, get their temperature back', () => {
  const random = seededRandom(5)
  const rows = 4000
  const values = new Float32Array(rows * 3)
  const truth = Array.from({ length: rows }, (_, row) => {
    const own = [random() * 4, random() * 4, random() * 4]
    const p = softmax(own)
    const draw = random()
    for (let i = 0; i < 3; i++) values[row * 3 + i] = own[i]! * 2.5
    return [draw < p[0]! ? 0 : draw < p[0]! + p[1]! ? 1 : 2]
  })
  expect(fitTemperature({ rows, labels: 3, values }, truth)).toBeCloseTo(2.5, 0)
})

test('softmax of large scores stays finite and sums to one', () => {
  const p = softmax([1000, 999, -1000])
  expect(p[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
  expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
})

test('the out-of-scope scale puts its middle at the strangest twentieth, also when all rows are alike', () => {
  const home = Array.from({ length: 101 }, (_, i) => i / 100)
  expect(scopeScale(home).cut).toBeCloseTo(0.05, 12)
  expect(scopeScale([0.5, 0.5, 0.5]).scale).toBeGreaterThan(0)
  expect(scopeScale([]).scale).toBeGreaterThan(0)
})
