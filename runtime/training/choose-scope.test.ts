import { expect, test } from 'vitest'
import type { ScopeSigns } from '#runtime/language/scope.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { chooseScore, compareScores, type LabelTrial, leaveLabelsOut } from './choose-scope.ts'
import { type Known, toUnitLength } from './nearest.ts'
import { seededRandom } from './seeded.ts'

const executor = createOnnxExecutor({ threads: 1 })
const plain: ScopeSigns = { confidence: 0.5, similarity: 0.5, energy: 1, distance: 1 }

test('the score that tells foreign rows best comes first; equally good ones keep their order', () => {
  const home = [0.2, 0.4, 0.6].map((similarity) => ({ ...plain, similarity }))
  const outside = [0.1, 0.3].map((similarity) => ({ ...plain, similarity, energy: 0 }))
  const { compared } = compareScores([{ home, outside }])
  expect(compared.map(({ score }) => score)).toEqual(['energy', 'product', 'similarity', 'confidence', 'distance'])
  expect(compared[0]!.auroc).toBe(1)
  expect(compared[1]!.auroc).toBeCloseTo(5 / 6, 12)
  expect(compared[3]!.auroc).toBe(0.5)
})

test('without foreign rows nothing is compared', () => {
  expect(compareScores([]).compared).toEqual([])
  const nothing = compareScores([{ home: [plain], outside: [] }])
  expect(nothing.compared).toEqual([])
  expect(chooseScore(nothing)).toBe('product')
})

test('a score must be better than chance has it to be taken instead of the first', () => {
  // The energy tells all foreign rows but every fifth, the confidence rather fewer, the others none.
  const sampleOf = (rows: number) => ({
    home: Array.from({ length: rows }, (_, i) => ({ ...plain, energy: 1, confidence: (i % 10) / 10 })),
    outside: Array.from({ length: rows }, (_, i) => ({
      ...plain,
      energy: i % 5 === 0 ? 2 : 0,
      confidence: Math.max(0, (i % 10) / 10 - 0.1),
    })),
  })
  const few = compareScores([sampleOf(5)])
  const many = compareScores([sampleOf(500)])
  expect(few.compared[0]!.score).toBe('energy')
  expect(few.error).toBeGreaterThan(5 * many.error)
  expect(chooseScore(few)).toBe('product')
  expect(chooseScore(many)).toBe('energy')
})

test('where one score tells all rows apart and the first one nearly all, the first is taken', () => {
  const home = Array.from({ length: 20 }, (_, i) => ({ ...plain, energy: 1, confidence: i === 0 ? 0.05 : 0.9 }))
  const outside = Array.from({ length: 20 }, (_, i) => ({ ...plain, energy: 0, confidence: i === 0 ? 0.1 : 0 }))
  const comparison = compareScores([{ home, outside }])
  expect(comparison.compared[0]).toEqual({ score: 'energy', auroc: 1 })
  expect(chooseScore(comparison)).toBe('product')
})

const labels = 10
const width = 16

/** Rows of labels that lie apart, each label around a direction of its own. */
function clusters(each: number, seed: number): Known {
  const random = seededRandom(seed)
  const rows = Array.from({ length: labels * each }, (_, i) => ({
    id: `${seed}-${i}`,
    text: `row ${i}`,
    truth: [i % labels],
  }))
  const vectors = Float32Array.from({ length: rows.length * width }, (_, i) => {
    const label = rows[Math.floor(i / width)]!.truth[0]!
    return (i % width === label ? 1 : 0) + (random() - 0.5) * 0.3
  })
  return { rows, vectors: toUnitLength(vectors, width) }
}

const trial = (known: Known, asked?: Known): LabelTrial => ({
  executor,
  known,
  asked,
  labels,
  multi: false,
  words: false,
  c: 30,
  seed: 1,
  toSigns: (_, { similarity, distance }) =>
    [...similarity].map((own, i) => ({ ...plain, similarity: own, distance: distance[i]! })),
})

test('labels left out are foreign to what learned the others: the nearest row tells them apart', async () => {
  const samples = await leaveLabelsOut(trial(clusters(10, 3)))
  expect(samples.length).toBe(5)
  expect(samples.reduce((sum, { outside }) => sum + outside.length, 0)).toBe(labels * 10)
  expect(compareScores(samples).compared.find(({ score }) => score === 'similarity')!.auroc).toBeGreaterThan(0.99)
})

test('rows of an encoder that has learned are asked about only where it has not learned them', async () => {
  const asked = clusters(3, 4)
  const samples = await leaveLabelsOut(trial(clusters(10, 3), asked))
  expect(samples.map(({ home, outside }) => home.length + outside.length)).toEqual(new Array(5).fill(asked.rows.length))
})

test('the same seed compares the same way', async () => {
  const known = clusters(6, 5)
  expect(compareScores(await leaveLabelsOut(trial(known)))).toEqual(compareScores(await leaveLabelsOut(trial(known))))
})
