import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Progress, RunNote } from '#kit'
import type { Checkpoint } from '#runtime/language/checkpoint.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { trainSmall } from './fixtures/small-training.ts'
import { trainMembers } from './members.ts'
import type { Judged } from './training-keeper.ts'
import type { TuningLoop } from './tuning-loop.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-members-'))
  await writeTinyEncoders(root)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const query = 'encoder.layer.1.attention.self.query.weight'
const weightsIn = ({ encoder, head }: Checkpoint): Float32Array[] => [encoder.weights.get(query)!.data, head.weight]

test('the weights are the mean of three trainings from one start, each with its own order and dropout', async () => {
  const averaged = await trainSmall(root, { kind: 'members', validation: true })
  expect(averaged.card.training.settings).toMatchObject({ members: 3 })
  const alone = await Promise.all(
    [7, 7 + 7919, 7 + 2 * 7919].map((seed) => trainSmall(root, { seed, validation: true })),
  )
  for (const [part, own] of weightsIn(averaged).entries()) {
    const [a, b, c] = alone.map((each) => weightsIn(each)[part]!)
    expect(a).not.toEqual(b)
    for (const [i, x] of own.entries()) expect(x).toBeCloseTo((a![i]! + b![i]! + c![i]!) / 3, 5)
  }
})

test('progress goes through all of them as through one', async () => {
  const told: Progress[] = []
  await trainSmall(root, { kind: 'members', onProgress: (progress) => told.push(progress) })
  const steps = told.filter(({ step }) => step !== undefined)
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: steps[0]!.steps! }, (_, i) => i + 1))
  expect(steps.at(-1)!.epoch).toBe(18)
  const shares = told.map(({ share }) => share)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
})

test('who wants to end in the second one gets the first, with a word', async () => {
  const finish = new AbortController()
  const notes: RunNote[] = []
  const ended = await trainSmall(root, {
    kind: 'members',
    finish: finish.signal,
    note: (note) => notes.push(note),
    onProgress: ({ epoch }) => {
      if (epoch === 8) finish.abort()
    },
  })
  const expected = { code: 'fewer-averaged', params: { averaged: 1, count: 3 } }
  expect(notes).toEqual([expected])
  expect(ended.card.training).toMatchObject({ notes: [expected], settings: { members: 1 }, epochs: 6 })
  expect(weightsIn(ended)).toEqual(weightsIn(await trainSmall(root)))
})

/** Trainings of one number, each of which ends at its seed; held-out rows lose by the distance to the nearest of `wanted`. */
async function trainNumbers(count: number, wanted: readonly number[]) {
  let now = 0
  const state = { trainer: { tensors: {}, steps: 0 }, epoch: 1, done: 0, sum: 0, setbacks: 0, rowsAtOnce: 1 }
  let next = 1
  const tuning: TuningLoop = {
    steps: 1,
    get next() {
      return next
    },
    async epoch() {
      next = 2
      return 0
    },
    state: async () => state,
    async restore(_, seed) {
      now = seed!
      next = 1
    },
  }
  const judge = async (epoch: number, weights = { x: floats([1], Float32Array.of(now)) }): Promise<Judged> => {
    const loss = Math.min(...wanted.map((each) => Math.abs((weights.x!.data[0] as number) - each)))
    return { weights, scores: new Float32Array(), right: 0, merit: -loss, loss, epoch }
  }
  const executor = { name: 'none', device: 'none' }
  const { weights, averaged } = await trainMembers(tuning, {
    ...{ count, seed: 0, judge, rowsAtOnce: 1, skips: () => false },
    course: { epochs: 1, patience: 1, batchSize: 1, key: 'k', executor, begins: 0 },
    weightsOf: async ({ best }) => best!.weights,
  })
  return { number: weights.x!.data[0], averaged }
}

test('members that lie in different valleys are not averaged: the best one is taken', async () => {
  expect(await trainNumbers(3, [7000])).toEqual({ number: 7919, averaged: 3 })
  expect(await trainNumbers(3, [10, 15838])).toEqual({ number: 15838, averaged: 1 })
})
