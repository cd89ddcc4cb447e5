import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetRow, RunNote } from '#kit'
import type { AnswersCheckpoint } from '#runtime/language/decoder/write-answers.ts'
import { writeTinyDecoder } from '#runtime/language/fixtures/tiny-decoder.ts'
import { assertClose } from '#runtime/tensor/fixtures/compare.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { answerPairs } from '../fixtures/answer-pairs.ts'
import { trainAnswers } from '../fixtures/small-answers.ts'
import { trainAndDie } from '../fixtures/train-and-die.ts'
import { createTrainingKeeper } from '../training-keeper.ts'
import { holdOutAnswers, toAnswerSet } from './answer-rows.ts'

let root: string
let unbroken: AnswersCheckpoint
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-answers-'))
  await writeTinyDecoder(join(root, 'gpt2'))
  unbroken = await trainAnswers(root)
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Everything that was learned, bit for bit; when and how long is another matter. */
function learned({ decoder, card }: AnswersCheckpoint) {
  const { seconds: _, notes: __, ...training } = card.training
  return { weights: decoder.weights, card: { ...card, training } }
}

test('a training that was killed twice in the midst of an epoch ends with the very weights of an unbroken one', async () => {
  const kept = join(root, 'kept')
  await trainAndDie('answers', root, kept, 6)
  await trainAndDie('answers', root, kept, 15)
  const notes: RunNote[] = []
  const keeper = createTrainingKeeper(kept, { minutes: 0 })
  const checkpoint = await trainAnswers(root, { keeper, note: (note) => notes.push(note) })
  expect(notes.map(({ code }) => code)).toEqual(['training-picked-up'])
  expect(checkpoint.card.training.notes).toHaveLength(2)
  expect(learned(checkpoint)).toEqual(learned(unbroken))
})

test('without validation a tenth of the rows judges, and the card says how much likelier they became', () => {
  const { heldOut, training } = unbroken.card
  expect(heldOut).toMatchObject({ from: 'train', rows: 3 })
  expect(training.rows).toBe(27)
  expect(heldOut!.loss).toBeLessThan(heldOut!.before.loss)
})

test('with validation rows all others are learned, and the epoch that finds these likeliest is kept', async () => {
  const losses = new Map<number, number>()
  const { card } = await trainAnswers(root, {
    set: { train: answerPairs.slice(3), validation: answerPairs.slice(0, 3), hash: 'h' },
    settings: { learningRate: 1e-2, epochs: 8, patience: 8 },
    onProgress: ({ epoch, validationLoss }) => {
      if (validationLoss !== undefined) losses.set(epoch!, validationLoss)
    },
  })
  expect(card.training.rows).toBe(27)
  expect(card.heldOut).toMatchObject({ from: 'validation', rows: 3 })
  expect(card.heldOut!.loss).toBeLessThanOrEqual(Math.min(...losses.values()))
})

test('too few rows to hold any out are all learned, to the last epoch', async () => {
  const { card } = await trainAnswers(root, { set: { train: answerPairs.slice(0, 19), validation: [], hash: 'h' } })
  expect(card).toMatchObject({ heldOut: null, training: { rows: 19, epochs: 6 } })
})

test('rows at once that are known to find room give the weights of the whole batch, one by one as well', async () => {
  const settings = { dropout: 0, epochs: 2 }
  const whole = await trainAnswers(root, { settings })
  for (const [halvings, rows] of [
    [1, 4],
    [3, 1],
  ] as const) {
    const { decoder, card } = await trainAnswers(root, { settings, halvings })
    expect(card.training.notes).toEqual([{ code: 'memory-ran-out', params: { rows } }])
    // The keys' part of this bias has no gradient but for rounding, which Adam makes as large as any.
    for (const [name, { shape, data }] of whole.decoder.weights)
      if (!name.endsWith('c_attn.bias'))
        assertClose(name, floats(shape, decoder.weights.get(name)!.data), floats(shape, data), { relative: 2e-3 })
  }
})

test('a person who has seen enough gets the best epoch so far, after the first one', async () => {
  const finish = new AbortController()
  const { card } = await trainAnswers(root, {
    finish: finish.signal,
    onProgress: ({ epoch }) => {
      if (epoch === 3) finish.abort()
    },
  })
  expect(card.training.notes).toEqual([{ code: 'training-ended-early', params: { epoch: 2, epochs: 6 } }])
  expect(card.training.epochs).toBeLessThanOrEqual(3)
})

const row = (id: number, more: Partial<DatasetRow> = {}): DatasetRow => ({
  id: String(id),
  text: `question ${id}`,
  pair: `answer ${id}`,
  ...more,
})

test('rows without an answer teach nothing; none, and too few, are refused in words', () => {
  const rows = Array.from({ length: 12 }, (_, id) => row(id, id < 2 ? { pair: ' ' } : {}))
  expect(toAnswerSet(rows, []).train.map(({ id }) => id)).toEqual(rows.slice(2).map(({ id }) => id))
  expect(() => toAnswerSet(rows.slice(0, 11), [])).toThrow(
    expect.objectContaining({ code: 'too-few-answers', params: { rows: 9, needed: 10 } }),
  )
  expect(() => toAnswerSet([row(1, { pair: undefined })], [])).toThrow(expect.objectContaining({ code: 'no-answers' }))
})

test('what was made from a row is neither judged by nor learned where the row is held out', () => {
  const rows = Array.from({ length: 40 }, (_, id) => row(id))
  const made = rows.map(({ id }) => row(100 + Number(id), { origin: { row: id, way: 'swap' } }))
  const set = holdOutAnswers(toAnswerSet([...rows, ...made], []), 1)
  expect(set.validation).toHaveLength(4)
  expect(set.train).toHaveLength(72)
  expect(set.validation.some((one) => one.made)).toBe(false)
  const taught = new Set(set.train.map(({ group }) => group))
  for (const { group } of set.validation) expect(taught.has(group)).toBe(false)
})
