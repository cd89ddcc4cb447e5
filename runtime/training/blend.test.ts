import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BlendWeights, blended, fitBlend, type Opinions, sharpened, surpriseOfBlend } from './blend.ts'
import { softmax, surpriseOf } from './calibration.ts'
import { seededRandom } from './seeded.ts'

const labels = 4
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
const table = fc.record({ rows: fc.integer({ min: 4, max: 20 }), seed: fc.nat() }).map(({ rows, seed }) => {
  const random = seededRandom(seed)
  const values = Float32Array.from({ length: rows * labels }, () => random() * 8 - 4)
  const truth = Array.from({ length: rows }, () => [Math.floor(random() * labels)])
  const shares = (): Float64Array => softmax(Float64Array.from({ length: labels }, () => random() * 8))
  return { scores: { rows, labels, values }, truth, opinions: truth.map(() => ({ vote: shares(), words: shares() })) }
})
type Given = typeof table extends fc.Arbitrary<infer T> ? T : never

const rowOf = ({ scores }: Given, row: number): Float32Array => scores.values.subarray(row * labels, (row + 1) * labels)
const lossOf = (given: Given, weights: BlendWeights): number =>
  given.truth.reduce(
    (total, [label], row) => total - Math.log(blended(rowOf(given, row), weights, given.opinions[row]!)[label!]!),
    surpriseOfBlend(weights),
  )

const share = fc.double({ min: 0, max: 0.5, noNaN: true })

test('a blend is shares of one whole, and an opinion that does not count may be missing', () => {
  fc.assert(
    fc.property(table, share, share, (given, vote, words) => {
      expect(sum(blended(rowOf(given, 0), { temperature: 0.7, vote, words }, given.opinions[0]!))).toBeCloseTo(1, 9)
    }),
  )
  const alone = blended([2, 0, 0], { temperature: 2, vote: 0, words: 0 }, {})
  expect([...alone]).toEqual([...softmax([1, 0, 0])])
})

test('a label that the words exclude is not excluded for good', () => {
  const certain = { vote: [], words: [0, 1] }
  const [first] = blended([100, 0], { temperature: 1, vote: 0, words: 1 }, certain)
  expect(first).toBeGreaterThan(0.99)
})

test('no weights and temperature of a grid make held-out rows likelier than the fitted ones, given what is likely beforehand', () => {
  fc.assert(
    fc.property(table, (given) => {
      const best = lossOf(given, fitBlend(given.scores, given.truth, given.opinions))
      for (const vote of [0, 0.2, 0.5])
        for (const words of [0, 0.45, 1])
          for (let log = Math.log(0.1); log < Math.log(20); log += 0.2)
            expect(best).toBeLessThanOrEqual(lossOf(given, { temperature: Math.exp(log), vote, words }) + 1e-1)
    }),
    { numRuns: 40 },
  )
})

const truth = Array.from({ length: 200 }, (_, row) => [row % 2])
const values = Float32Array.from(truth.flatMap(([label]) => (label === 0 ? [2, 0] : [0, 2])))
const right = truth.map(([label]) => Float64Array.from([label === 0 ? 1 : 0, label === 0 ? 0 : 1]))
const wrong = right.map((vote) => Float64Array.from(vote).reverse())
const weightsOf = (head: Float32Array, opinions: Opinions[]): BlendWeights =>
  fitBlend({ rows: opinions.length, labels: 2, values: head }, truth.slice(0, opinions.length), opinions)

test('an opinion counts where it is right and the head is not, and not at all where it is wrong', () => {
  expect(
    weightsOf(
      values,
      wrong.map((own) => ({ vote: own, words: own })),
    ),
  ).toMatchObject({ vote: 0, words: 0 })
  const misled = values.map((score) => -score)
  const votesRight = right.map((own, row) => ({ vote: own, words: wrong[row]! }))
  expect(weightsOf(misled, votesRight)).toMatchObject({ vote: 0.5, words: 0 })
  const soft = right.map((own) => own.map((each) => (each === 1 ? 0.9 : 0.1)))
  const wordsRight = soft.map((own, row) => ({ vote: wrong[row]!, words: own }))
  const { vote, words } = weightsOf(misled, wordsRight)
  expect(vote).toBe(0)
  expect(words).toBe(2)
})

test('a few rows that head and opinions all get right leave the head its say and its doubt', () => {
  const agreed = right.slice(0, 12).map((own) => ({ vote: own, words: own }))
  const { temperature, words, vote } = weightsOf(values.subarray(0, 24), agreed)
  expect(temperature).toBeGreaterThan(0.3)
  expect(temperature).toBeLessThan(3)
  expect(words).toBeLessThan(1)
  expect(vote).toBeLessThan(0.5)
})

test('what words were worth elsewhere is believed where few rows say anything, and not against many', () => {
  const doubtful = values.map((score) => score / 10)
  const silent = right.map((vote) => ({ vote, words: Float64Array.of(0.5, 0.5) }))
  const wordsAfter = (rows: number, opinions: Opinions[]): number =>
    fitBlend(
      { rows, labels: 2, values: doubtful.subarray(0, rows * 2) },
      truth.slice(0, rows),
      opinions.slice(0, rows),
      0.6,
    ).words
  expect(wordsAfter(6, silent)).toBe(0.6)
  const misleading = wrong.map((words) => ({ vote: Float64Array.of(0.5, 0.5), words }))
  expect(wordsAfter(200, misleading)).toBe(0)
})

test('the power that a mixture is raised to makes held-out rows likelier, and changes no answer', () => {
  fc.assert(
    fc.property(table, (given) => {
      const { scores, truth, opinions } = given
      const { sharpness, ...weights } = fitBlend(scores, truth, opinions)
      if (weights.vote === 0) {
        expect(sharpness).toBe(1)
        return
      }
      const lossAt = (power: number): number =>
        truth.reduce((total, [label], row) => {
          const own = blended(rowOf(given, row), weights, opinions[row]!)
          const raised = sharpened(own, power)
          expect(sum(raised)).toBeCloseTo(1, 9)
          expect(raised.indexOf(Math.max(...raised))).toBe(own.indexOf(Math.max(...own)))
          return total - Math.log(raised[label!]!)
        }, surpriseOf(power))
      for (const power of [0.25, 0.5, 1, 2, 4]) expect(lossAt(sharpness)).toBeLessThanOrEqual(lossAt(power) + 1e-2)
    }),
    { numRuns: 40 },
  )
})
