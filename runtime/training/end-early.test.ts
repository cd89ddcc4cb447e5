import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { trainSmall } from './fixtures/small-training.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-early-'))
  await writeTinyEncoders(root)
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Asks a training of six epochs to end in the first step of this one. */
async function endIn(epoch: number, options: { validation?: boolean } = {}) {
  const finish = new AbortController()
  const keepable = new Set<number>()
  const checkpoint = await trainSmall(root, {
    ...options,
    finish: finish.signal,
    onProgress: (progress) => {
      if (progress.keepable && progress.epoch) keepable.add(progress.epoch)
      if (progress.epoch === epoch) finish.abort()
    },
  })
  return { ...checkpoint.card.training, heldOut: checkpoint.card.heldOut, keepable: [...keepable] }
}

test('a training that is asked to end in its first round ends after it: before, there is nothing to keep', async () => {
  const { epochs, notes, keepable } = await endIn(1)
  expect([epochs, notes, keepable]).toEqual([
    1,
    [{ code: 'training-ended-early', params: { epoch: 1, epochs: 6 } }],
    [],
  ])
})

test('later it ends in the midst of a round, judged by rows that it had not learned yet', async () => {
  const early = await endIn(3)
  expect(early).toMatchObject({ epochs: 2, keepable: [2, 3], heldOut: { from: 'train' } })
  expect(early.rows + early.heldOut.rows).toBe(18)
  // Rows that join late have joined by then.
  expect((await endIn(6)).rows).toBe(18)
})

test('with rows held out the best round is kept', async () => {
  const { epochs, heldOut, notes } = await endIn(4, { validation: true })
  expect(notes).toHaveLength(1)
  expect(epochs).toBeLessThanOrEqual(4)
  expect(heldOut).toMatchObject({ from: 'validation', rows: 3 })
})
