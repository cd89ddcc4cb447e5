import { expect, test } from 'vitest'
import { choosePenalty, createPenaltyPath, type Trial } from './choose-penalty.ts'
import type { FittedHead } from './logistic.ts'

const rows = Array.from({ length: 40 }, (_, i) => ({ id: `${i}`, text: 'text', truth: [i % 2] }))
const set = {
  labels: [
    { id: 'a', name: 'a' },
    { id: 'b', name: 'b' },
  ],
  multi: false,
}

/** Scores under which so many rows are right, each as sure as the others. */
const scoresWith = (right: number): Float32Array =>
  Float32Array.from(rows.flatMap(({ truth }, i) => ((truth[0] === 0) === i < right ? [2, 0] : [0, 2])))

/** Which trials are made where a candidate has so many rows right, and which one is chosen. */
async function search(rightAt: Record<number, number>, named = false, unnamedToo = 0) {
  const tried: Trial[] = []
  const chosen = await choosePenalty({ set, rows, named, onJudged: () => {} }, async (trial) => {
    tried.push(trial)
    return { scores: scoresWith(rightAt[trial.c]! + (trial.named ? 0 : unnamedToo)) }
  })
  return { tried: tried.map(({ c }) => c), c: chosen.c, named: chosen.named }
}

test('the search goes up to the best candidate and past a slightly worse one', async () => {
  const { tried, c } = await search({ 3: 34, 10: 33, 30: 37, 100: 36, 300: 35 })
  expect(tried).toEqual([3, 10, 30, 100, 300])
  expect(c).toBe(30)
})

test('a candidate that is worse beyond doubt ends the search', async () => {
  const { tried, c } = await search({ 3: 34, 10: 37, 30: 25, 100: 40, 300: 40 })
  expect(tried).toEqual([3, 10, 30])
  expect(c).toBe(10)
})

test('where the first candidate is the best, weaker ones are tried', async () => {
  const { tried, c } = await search({ 1: 36, 3: 35, 10: 34, 30: 33 })
  expect(tried).toEqual([3, 10, 30, 1])
  expect(c).toBe(1)
})

test('names of labels are left out where rows do without them', async () => {
  expect(await search({ 1: 33, 3: 34, 10: 37, 30: 25 }, true, 2)).toMatchObject({ c: 10, named: false })
  expect(await search({ 1: 33, 3: 34, 10: 37, 30: 25 }, true, -2)).toMatchObject({ c: 10, named: true })
})

test('a fit begins where the two before it lead to, or at the nearest head there is', () => {
  const head = (value: number): FittedHead => ({
    ...{ width: 1, labels: 1, iterations: 1, converged: true },
    weight: Float32Array.of(value),
    bias: Float32Array.of(-value),
  })
  const path = createPenaltyPath()
  expect(path.startOf(3)).toBeUndefined()
  path.add(3, head(1))
  expect(path.startOf(10)!.weight[0]).toBe(1)
  path.add(10, head(3))
  expect(path.startOf(30)).toMatchObject({ weight: Float32Array.of(5), bias: Float32Array.of(-5) })
  expect(path.startOf(1)!.weight[0]).toBe(1)
  expect(path.startOf(10)!.weight[0]).toBe(3)
})
