import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetRow } from '#kit'
import { type Checkpoint, writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { createClassifier } from '#runtime/serving/classifier.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { type EarlierModel, earlierHead, markSeen, readEarlierModel } from './earlier-model.ts'
import { dealHeldOut } from './folds.ts'
import { trainEncoder } from './train-encoder.ts'
import { fitHead, trainHead } from './train-head.ts'
import { toTrainingSet } from './training-set.ts'
import { topLayers } from './tuning-plan.ts'

const executor = createOnnxExecutor({ threads: 1 })
const words: Record<string, string[]> = {
  order: ['where is my order', 'order', 'my order is where', 'i want my order', 'the order', 'where is the order'],
  cancel: ['i want to cancel', 'cancel it', 'cancel', 'can i cancel', 'cancel the thing', 'i cancel'],
  pay: ['can i pay', 'pay for it', 'where can i pay', 'i want to pay', 'pay', 'i pay for it'],
}
const setOf = (...labels: string[]) => {
  const rows = labels.flatMap((label) =>
    words[label]!.map((text, i): DatasetRow => ({ id: `${label}${i}`, text, label })),
  )
  return toTrainingSet(
    rows,
    [],
    labels.map((id) => ({ id, name: id })),
  )
}

const settings = { epochs: 8, learningRate: 1e-3, batchSize: 8, weightDecay: 0, warmup: 0, dropout: 0, patience: 9 }

let root: string
let model: string
let first: Checkpoint

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-earlier-'))
  await writeTinyEncoders(root)
  const encoder = await loadEncoder(join(root, 'bert'))

  first = await trainEncoder({
    executor,
    encoder,
    set: setOf('order', 'cancel'),
    seed: 1,
    plan: topLayers(encoder, 1),
    settings,
  })
  model = join(root, 'model')
  await writeCheckpoint(model, first)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const lossOf = async (earlier: EarlierModel | undefined, folder: string) => {
  const losses: number[] = []
  await fitHead({
    executor,
    encoder: await loadEncoder(folder),
    set: setOf('order', 'cancel'),
    seed: 1,
    earlier,
    onProgress: ({ phase, loss }) => void (phase === 'training' && loss !== undefined && losses.push(loss)),
  })
  return losses
}

test('a bare encoder is no earlier model, a model folder is one', async () => {
  expect(await readEarlierModel(join(root, 'bert'))).toBeUndefined()
  const earlier = (await readEarlierModel(model))!
  expect(earlier.labels.map(({ id }) => id)).toEqual(['order', 'cancel'])
  expect(earlier.head.weight).toEqual(first.head.weight)
  expect(earlier.texts.has('where is my order')).toBe(true)
})

test('of another label set, shared labels keep what was known of them and new ones start empty', async () => {
  const earlier = (await readEarlierModel(model))!
  const head = earlierHead(earlier, setOf('pay', 'order'))!
  const column = (from: { weight: Float32Array; labels: number }, label: number) =>
    from.weight.filter((_, i) => i % from.labels === label)
  expect(column(head, 0).every((value) => value === 0)).toBe(true)
  expect(column(head, 1)).toEqual(column(earlier.head, 0))
  expect(head.bias[1]).toBe(earlier.head.bias[0])
  expect(earlierHead(earlier, { ...setOf('pay', 'order'), labels: [{ id: 'x', name: 'order' }] })).toBeUndefined()
  expect(earlierHead(earlier, { ...setOf('pay', 'order'), multi: true })).toBeUndefined()
})

test('going on with the same rows starts near where the first training ended', async () => {
  const earlier = await readEarlierModel(model)
  const [again] = await lossOf(earlier, model)
  const [anew] = await lossOf(undefined, model)
  expect(again!).toBeLessThan(anew! / 2)
})

test.each(['head', 'partial'])('%s: a model goes on to other labels, and knows those only', async (method) => {
  const encoder = await loadEncoder(model)
  const earlier = (await readEarlierModel(model))!
  const options = { executor, encoder, set: markSeen(setOf('order', 'pay'), earlier), seed: 1, earlier }
  const next = await (method === 'head'
    ? trainHead(options)
    : trainEncoder({ ...options, plan: topLayers(encoder, 1), settings }))
  const lowest = 'encoder.layer.0.output.dense.weight'
  expect(next.encoder.weights.get(lowest)).toEqual(first.encoder.weights.get(lowest))
  const folder = join(root, method)
  await writeCheckpoint(folder, next)
  const classifier = await createClassifier(folder)
  const answers = await classifier.classify(['where can i pay', 'where is my order'])
  await classifier.dispose()
  expect(answers.map(({ labels }) => labels[0]!.label)).toEqual(['pay', 'order'])
})

test('what the earlier model has learned is not held out while there are enough other rows', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    id: String(i),
    text: `row ${i}`,
    truth: [i % 4],
    seen: i < 160,
  }))
  const dealt = dealHeldOut(rows, 10, 1)
  expect(rows.every(({ seen }, i) => seen === (dealt[i] === -1))).toBe(true)
  // A fifth of the rows are new: each of two folds holds half of them.
  expect(new Set(dealt.filter((fold) => fold >= 0)).size).toBe(2)
  const few = rows.map((row, i) => ({ ...row, seen: i >= 10 }))
  expect([...dealHeldOut(few, 10, 1)].every((fold) => fold >= 0)).toBe(true)
})
