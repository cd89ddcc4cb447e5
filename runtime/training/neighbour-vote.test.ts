import fc from 'fast-check'
import { expect, test } from 'vitest'
import { softmax } from './calibration.ts'
import { fitVote, neighbourVote, sharpened, withVote } from './neighbour-vote.ts'
import { seededRandom } from './seeded.ts'

const labels = 4
const learned = fc.array(fc.record({ label: fc.nat(labels - 1), near: fc.double({ min: -1, max: 1, noNaN: true }) }), {
  minLength: 1,
  maxLength: 60,
})
const voteOf = (rows: readonly { label: number; near: number }[]): Float64Array =>
  neighbourVote(
    rows.map((row) => row.near),
    rows.map((row) => row.label),
    labels,
  )
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)

test('a vote is shares of one whole, none for a label without rows, and blending keeps it so', () => {
  fc.assert(
    fc.property(learned, fc.double({ min: 0, max: 1, noNaN: true }), (rows, weight) => {
      const vote = voteOf(rows)
      expect(sum(vote)).toBeCloseTo(1, 9)
      for (let label = 0; label < labels; label++)
        if (!rows.some((row) => row.label === label)) expect(vote[label]).toBe(0)
      expect(sum(withVote(Float64Array.from([0.7, 0.1, 0.1, 0.1]), vote, weight))).toBeCloseTo(1, 9)
    }),
  )
})

test('the nearest row outvotes many that are far', () => {
  const far = Array.from({ length: 50 }, () => ({ label: 1, near: 0.5 }))
  expect(voteOf([...far, { label: 2, near: 0.9 }])[2]).toBeGreaterThan(0.99)
})

const table = fc.record({ rows: fc.integer({ min: 4, max: 20 }), seed: fc.nat() }).map(({ rows, seed }) => {
  const random = seededRandom(seed)
  const values = Float32Array.from({ length: rows * labels }, () => random() * 8 - 4)
  const truth = Array.from({ length: rows }, () => [Math.floor(random() * labels)])
  const votes = truth.map(() => voteOf(Array.from({ length: 9 }, (_, i) => ({ label: i % labels, near: random() }))))
  return { scores: { rows, labels, values }, truth, votes }
})
const lossOf = (
  { scores, truth, votes }: typeof table extends fc.Arbitrary<infer T> ? T : never,
  temperature: number,
  vote: number,
): number =>
  truth.reduce((sum, [label], row) => {
    const own = softmax(scores.values, temperature, row * labels, labels)
    return sum - Math.log(withVote(own, votes[row]!, vote)[label!]!)
  }, 0)

test('no share and temperature of a grid make held-out rows likelier than the fitted ones', () => {
  fc.assert(
    fc.property(table, (given) => {
      const fitted = fitVote(given.scores, given.truth, given.votes)
      const best = lossOf(given, fitted.temperature, fitted.vote)
      for (const vote of [0, 0.2, 0.5])
        for (let log = Math.log(0.1); log < Math.log(20); log += 0.2)
          expect(best).toBeLessThanOrEqual(lossOf(given, Math.exp(log), vote) + 1e-2)
    }),
    { numRuns: 40 },
  )
})

test('the vote counts where it is right and the head is not, and not at all where it is wrong', () => {
  const truth = [[0], [1], [0], [1]]
  const values = Float32Array.from([2, 0, 0, 2, 2, 0, 0, 2])
  const right = truth.map(([label]) => Float64Array.from([label === 0 ? 1 : 0, label === 0 ? 0 : 1]))
  const wrong = right.map((vote) => Float64Array.from(vote).reverse())
  expect(fitVote({ rows: 4, labels: 2, values }, truth, wrong).vote).toBe(0)
  expect(fitVote({ rows: 4, labels: 2, values: values.map((score) => -score) }, truth, right).vote).toBe(0.5)
})

test('the power that the blend is raised to makes held-out rows likelier, and changes no answer', () => {
  fc.assert(
    fc.property(table, ({ scores, truth, votes }) => {
      const { temperature, vote, sharpness } = fitVote(scores, truth, votes)
      if (vote === 0) expect(sharpness).toBe(1)
      if (vote === 0) return
      const lossAt = (power: number): number =>
        truth.reduce((total, [label], row) => {
          const own = withVote(softmax(scores.values, temperature, row * labels, labels), votes[row]!, vote)
          const raised = sharpened(own, power)
          expect(sum(raised)).toBeCloseTo(1, 9)
          expect(raised.indexOf(Math.max(...raised))).toBe(own.indexOf(Math.max(...own)))
          return total - Math.log(raised[label!]!)
        }, 0)
      for (const power of [0.25, 0.5, 1, 2, 4]) expect(lossAt(sharpness)).toBeLessThanOrEqual(lossAt(power) + 1e-2)
    }),
    { numRuns: 40 },
  )
})
