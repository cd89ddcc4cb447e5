import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { loadDecoder } from '#runtime/language/decoder/decoder.ts'
import { writeAnswers } from '#runtime/language/decoder/write-answers.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyDecoder } from '#runtime/language/fixtures/tiny-decoder.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { answerPairs } from '#runtime/training/fixtures/answer-pairs.ts'
import { trainAnswers } from '#runtime/training/fixtures/small-answers.ts'
import { trainHead } from '#runtime/training/train-head.ts'
import { toTrainingSet } from '#runtime/training/training-set.ts'
import { createArtifactFolder } from './artifacts.ts'
import { createModelServer } from './serve.ts'

const greedy = { temperature: 0, topP: 1, maxTokens: 40, seed: 1 }

let root: string
let artifact: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-writes-'))
  await writeTinyDecoder(join(root, 'gpt2'))
  const checkpoint = await trainAnswers(root, {
    decoder: await loadDecoder(join(root, 'gpt2')),
    set: { train: answerPairs, validation: answerPairs, hash: 'h' },
    settings: { epochs: 50, learningRate: 0.01, batchSize: 4, dropout: 0, weightDecay: 0, patience: 50 },
  })
  artifact = await createArtifactFolder(root).write(async (at) => void (await writeAnswers(at, checkpoint)))
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('several answers grow side by side, each the one that was learned', async () => {
  const server = createModelServer({ artifacts: root }, { threads: 1 })
  const growing: string[] = []
  const asked = answerPairs.slice(0, 12).map(async ({ id, question, answer }) => {
    const said = await server.write(artifact, question, { ...greedy, onText: () => growing.push(id) })
    expect(said).toMatchObject({ text: answer, ended: true })
  })
  await Promise.all(asked)
  // The second one had begun before the first one was at its end.
  expect(growing.indexOf('0-1')).toBeLessThan(growing.lastIndexOf('0-0'))
  expect(server.served()).toMatchObject([{ artifact, gives: 'answers', answers: 12 }])
})

test('a visitor who leaves stops the answer, and the others get theirs', async () => {
  const server = createModelServer({ artifacts: root }, { threads: 1 })
  const { question, answer } = answerPairs[0]!
  const stop = new AbortController()
  const heard: string[] = []
  const left = server.write(artifact, question, {
    ...greedy,
    signal: stop.signal,
    onText: (text) => {
      heard.push(text)
      stop.abort(new Error('left'))
    },
  })
  const stays = server.write(artifact, question, greedy)
  await expect(left).rejects.toThrow('left')
  expect(heard).toHaveLength(1)
  expect(await stays).toMatchObject({ text: answer })
})

test('a message to be sorted is answered between two tokens, not behind the whole answer', async () => {
  const artifacts = createArtifactFolder(root)
  const labels = ['refund', 'parcel'].map((id) => ({ id, name: id }))
  const rows = labels.flatMap(({ id }) =>
    ['where is my', 'i want my'].map((text, i) => ({ id: `${id}${i}`, text: `${text} ${id}`, label: id })),
  )
  const checkpoint = await trainHead({
    executor: createOnnxExecutor({ threads: 1 }),
    encoder: await loadEncoder(join(import.meta.dirname, '../language/builtin/botloom-zh-en')),
    set: toTrainingSet(rows, [], labels),
    seed: 1,
  })
  const sorter = await artifacts.write(async (at) => void (await writeCheckpoint(at, checkpoint)))
  const server = createModelServer({ artifacts: root }, { threads: 1 })
  const classifier = { artifact: sorter, labels, threshold: 0.5, accuracy: null }
  await server.keep([classifier])
  const order: string[] = []
  const { question } = answerPairs[0]!
  const written = server
    .write(artifact, question, { ...greedy, onText: () => order.push('token') })
    .then(() => order.push('written'))
  const sorted = server.classify(classifier, ['my parcel']).then(() => order.push('sorted'))
  await Promise.all([written, sorted])
  expect(order.indexOf('sorted')).toBeLessThan(order.indexOf('written'))
})

test('a model that writes tells no intents', async () => {
  const server = createModelServer({ artifacts: root }, { threads: 1 })
  const wrong = { artifact, labels: [], threshold: 0.5, accuracy: null }
  await expect(server.classify(wrong, ['tea?'])).rejects.toMatchObject({ code: 'model-writes-answers' })
})
