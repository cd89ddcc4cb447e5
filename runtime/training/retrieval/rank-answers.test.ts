import { expect, test } from 'vitest'
import { onnx } from '#runtime/tensor/fixtures/oracle.ts'
import { fitBar, measureRanks, rankAnswers } from './rank-answers.ts'

const unit = (angles: readonly number[]): Float32Array =>
  Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]))

test('answers are ranked by the cosine, and the best right one counts', async () => {
  const answers = unit([0, 0.5, 1, 1.5])
  const right = [[0], [3], [1, 2]].map((places) => new Set(places))
  const ranked = await rankAnswers(onnx, unit([0.1, 0.2, 0.6]), answers, 2, right, 2)
  expect(ranked.map(({ rank }) => rank)).toEqual([1, 4, 1])
  expect(ranked.map(({ first }) => first.map(({ answer }) => answer))).toEqual([
    [0, 1],
    [0, 1],
    [1, 2],
  ])
  expect(ranked[1]!.first[0]!.similarity).toBeCloseTo(Math.cos(0.2), 5)
  expect(ranked[1]!.right).toBeCloseTo(Math.cos(1.3), 5)
  expect(ranked[1]!.wrong).toBeCloseTo(Math.cos(0.2), 5)
  const softmax = [0, 0.5, 1, 1.5].map((angle) => Math.exp(20 * Math.cos(angle - 0.2)))
  expect(ranked[1]!.loss).toBeCloseTo(Math.log(softmax.reduce((a, b) => a + b, 0) / softmax[3]!), 3)
})

test('recall and MRR@10 are those of the ranks', () => {
  const { recall1, recall5, mrr10 } = measureRanks([1, 2, 5, 6, 10, 11])
  expect([recall1, recall5]).toEqual([1 / 6, 3 / 6])
  expect(mrr10).toBeCloseTo((1 + 1 / 2 + 1 / 5 + 1 / 6 + 1 / 10) / 6, 12)
  expect(measureRanks([])).toEqual({ recall1: 0, recall5: 0, mrr10: 0 })
})

test('the bar parts questions with an answer from the same ones without, and is not guessed from a few', () => {
  const apart = Array.from({ length: 20 }, (_, i) => ({ right: 0.8 + i / 200, wrong: 0.4 + i / 200 }))
  const bar = fitBar(apart)!
  expect(bar.similarity).toBeGreaterThan(0.4 + 19 / 200)
  expect(bar.similarity).toBeLessThan(0.8)
  expect(bar.auroc).toBe(1)
  expect(fitBar(apart.slice(0, 5))).toBeNull()
  // The nearest answer is the same with and without the right one.
  expect(fitBar(apart.map(({ wrong }) => ({ right: 0.1, wrong })))).toBeNull()
})
