import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetRow } from '#kit'
import { type Checkpoint, writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { createClassifier, type LoadedClassifier } from '#runtime/serving/classifier.ts'
import { onnx } from '#runtime/tensor/fixtures/oracle.ts'
import { classification, scoreTable } from './classification.ts'
import { createEntityLearning, scoresOfWords } from './entity-learning.ts'
import { createFineTuning } from './fine-tuning.ts'
import { likeliestSpans } from './tag-decoding.ts'
import { fitTagHead } from './tag-head.ts'
import { wordsOf } from './tagged-words.ts'
import { jointly } from './tagging.ts'
import { trainEncoder } from './train-encoder.ts'
import { toTrainingSet } from './training-set.ts'
import { lowRank, topLayers, wholeEncoder } from './tuning-plan.ts'

let root: string
let encoder: Encoder
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-joint-'))
  await writeTinyEncoders(root)
  encoder = await loadEncoder(join(root, 'bert'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** A row in which [brackets|type] mark entities. */
function marked(label: string, writing: string, at: number): DatasetRow {
  const entities: NonNullable<DatasetRow['entities']> = []
  const text = writing.replace(/\[(.*?)\|(.*?)\]/g, '$1')
  let start = 0
  for (const [, before, part, type] of writing.matchAll(/(.*?)\[(.*?)\|(.*?)\]/g)) {
    start += before!.length
    entities.push({ start, end: start + part!.length, type: type! })
    start += part!.length
  }
  return { id: String(at), text, label, entities }
}
const rows = [
  ['where', 'where is my [parcel|thing]'],
  ['where', 'where is the [order 12|thing]'],
  ['where', '我的[快递|thing]到了没有'],
  ['back', 'refund my [parcel|thing] [7|number]'],
  ['back', '我的[订单|thing]怎么退货'],
  ['back', '[9|number] not arrived, refund'],
].map(([label, writing], i) => marked(label!, writing!, i))
const labels = ['where', 'back'].map((name) => ({ id: name, name }))
const settings = { epochs: 30, learningRate: 3e-3, batchSize: 6, weightDecay: 0, warmup: 0.1, dropout: 0, patience: 60 }
const shown = (entities: readonly { type: string; text: string }[] | undefined) =>
  entities?.map(({ type, text }) => [text, type])
const truthOf = ({ text, entities }: DatasetRow) =>
  entities!.map(({ start, end, type }) => [text.slice(start, end), type])

async function open(name: string, checkpoint: Checkpoint): Promise<LoadedClassifier> {
  await writeCheckpoint(join(root, name), checkpoint)
  return createClassifier(join(root, name))
}

describe('intents and entities are learned in one pass', () => {
  test.each([
    ['full', () => wholeEncoder],
    ['partial', () => topLayers(encoder, 1)],
    ['lora', () => lowRank(4)],
  ])('%s: a handful of rows in two languages is learned, saved, opened and found again', async (name, planOf) => {
    const set = toTrainingSet(rows, rows, labels)
    expect(set.entityTypes).toEqual(['number', 'thing'])
    const checkpoint = await trainEncoder({ executor: onnx, encoder, set, seed: 1, plan: planOf(), settings })
    expect(checkpoint.card.entities).toMatchObject({
      types: ['number', 'thing'],
      heldOut: { rows: 6, entities: 7, f1: expect.any(Number) },
    })
    expect(checkpoint.card.entities!.heldOut.f1).toBeGreaterThan(0.9)
    const classifier = await open(name, checkpoint)
    const answers = await classifier.classify(rows.map((row) => row.text))
    expect(answers.map((answer) => answer.labels[0]!.label)).toEqual(rows.map((row) => row.label))
    const right = answers.filter((answer, i) => `${shown(answer.entities)}` === `${truthOf(rows[i]!)}`).length
    expect(right).toBeGreaterThanOrEqual(5)
    for (const [i, answer] of answers.entries())
      for (const entity of answer.entities!) {
        expect(rows[i]!.text.slice(entity.start, entity.end)).toBe(entity.text)
        expect(entity.confidence).toBeGreaterThan(0)
        expect(entity.confidence).toBeLessThanOrEqual(1)
      }
    // Asked alone a text is padded to another length.
    const [alone] = await classifier.classify([rows[1]!.text])
    expect(shown(alone!.entities)).toEqual(shown(answers[1]!.entities))
    await classifier.dispose()
  })

  test('the deployed graph finds what the scores of training say', async () => {
    const set = toTrainingSet(rows, [], labels)
    const width = encoder.config.hidden_size
    const learning = createEntityLearning(encoder.tokenizer, set.entityTypes)
    const zeros = (columns: number) => ({
      width,
      labels: columns,
      weight: new Float32Array(width * columns),
      bias: new Float32Array(columns),
    })
    const task = jointly(classification(zeros(2), set.train, false), learning.task(set.train, zeros(9)))
    const anchors = new Float32Array(rows.length * width)
    const tuning = await createFineTuning(onnx, encoder, task, { rows: set.train, anchors }, { ...settings, seed: 1 })
    for (let epoch = 1; epoch <= 30; epoch++) await tuning.epoch(epoch)
    const weights = await tuning.snapshot()
    const expected: [string, number][][] = []
    await scoreTable(tuning, set.train, 2, weights, undefined, (places, { tagScores }) => {
      const size = tagScores!.shape[1]! * tagScores!.shape[2]!
      for (const [i, row] of places.entries()) {
        const text = set.train[row]!.text
        const words = wordsOf(text, encoder.tokenizer.offsets(text))
        const scores = scoresOfWords(words, 2, Float32Array.from(tagScores!.data.slice(i * size, (i + 1) * size)))
        expected[row] = likeliestSpans(scores, 1.7).map(({ from, to, probability }) => [
          text.slice(words[from]!.start, words[to]!.end),
          probability,
        ])
      }
    })
    await tuning.dispose()
    const trained = await trainEncoder({
      executor: onnx,
      encoder,
      set,
      seed: 1,
      plan: wholeEncoder,
      settings: { ...settings, epochs: 1 },
    })
    const merged = new Map(encoder.weights)
    for (const [name, t] of Object.entries(weights))
      if (merged.has(name)) merged.set(name, { shape: t.shape, data: t.data as Float32Array })
    const headIn = (prefix: string, columns: number) => ({
      width,
      labels: columns,
      weight: weights[`${prefix}weight`]!.data as Float32Array,
      bias: weights[`${prefix}bias`]!.data as Float32Array,
    })
    const entities = { ...trained.card.entities!, temperature: 1.7 }
    const classifier = await open('graph', {
      ...trained,
      encoder: { ...encoder, weights: merged },
      head: headIn('head.', 2),
      tagHead: headIn('head.tags.', 9),
      card: { ...trained.card, entities },
    })
    const answers = await classifier.classify(rows.map((row) => row.text))
    expect(expected.flat().length).toBeGreaterThan(0)
    for (const [i, answer] of answers.entries()) {
      expect(answer.entities!.map(({ text }) => text)).toEqual(expected[i]!.map(([text]) => text))
      for (const [k, { confidence }] of answer.entities!.entries())
        expect(confidence).toBeCloseTo(expected[i]![k]![1], 3)
    }
    await classifier.dispose()
  })

  test('where no row to learn from says where entities are, the tag head starts from nothing', async () => {
    const learning = createEntityLearning(encoder.tokenizer, ['thing'])
    const silent = toTrainingSet(rows, [], labels).train.map(({ entities: _, ...row }) => row)
    const head = await fitTagHead({ executor: onnx, encoder }, learning, silent)
    expect([head.labels, head.weight.length]).toEqual([5, 5 * encoder.config.hidden_size])
    expect(head.weight.every((value) => value === 0)).toBe(true)
  })

  test('rows without entities, and a model that was trained without, have none to tell of', async () => {
    const bare = rows.map(({ entities: _, ...row }) => row)
    const set = toTrainingSet(bare, [], labels)
    expect(set.entityTypes).toEqual([])
    expect(set.hash).not.toBe(toTrainingSet(rows, [], labels).hash)
    const short = { ...settings, epochs: 1 }
    const checkpoint = await trainEncoder({
      executor: onnx,
      encoder,
      set,
      seed: 1,
      plan: wholeEncoder,
      settings: short,
    })
    expect(checkpoint.card).not.toHaveProperty('entities')
    const classifier = await open('bare', checkpoint)
    expect((await classifier.classify(['where is my parcel']))[0]).not.toHaveProperty('entities')
    await classifier.dispose()
  })
})
