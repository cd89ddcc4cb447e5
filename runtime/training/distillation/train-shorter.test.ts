import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetRow, Progress, RunNote } from '#kit'
import { type Checkpoint, writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { createClassifier } from '#runtime/serving/classifier.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { trainEncoder } from '../train-encoder.ts'
import { trainHead } from '../train-head.ts'
import { createTrainingKeeper } from '../training-keeper.ts'
import { toTrainingSet } from '../training-set.ts'
import { inPairs, wholeEncoder } from '../tuning-plan.ts'
import { trainShorter } from './train-shorter.ts'

let root: string
let encoder: Encoder
let albert: Encoder
const executor = createOnnxExecutor({ threads: 1 })
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-shorter-'))
  await writeTinyEncoders(root)
  encoder = await loadEncoder(join(root, 'bert'))
  albert = await loadEncoder(join(root, 'albert'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const sentences = {
  where: ['where is my order', 'is my order here', 'order where', 'where is it', 'my order is where', 'is it my order'],
  cancel: [
    'i want to cancel',
    'cancel the order',
    'to cancel it',
    'i want to cancel it',
    'cancel my order',
    'want cancel',
  ],
  pay: ['where can i pay', 'i want to pay', 'pay for my order', 'can i pay here', 'to pay for it', 'where to pay'],
}
const labels = Object.keys(sentences).map((name) => ({ id: name, name }))
/** Some rows say where an order is named. */
const rows = Object.entries(sentences).flatMap(([label, own]) =>
  own.map((text, i): DatasetRow => {
    const start = text.indexOf('order')
    const entities = start < 0 ? [] : [{ start, end: start + 5, type: 'thing' }]
    return { id: `${label}-${i}`, text, label, ...(i % 2 === 0 ? { entities } : {}) }
  }),
)
const bare = rows.map(({ entities: _, ...row }) => row)
const settings = {
  epochs: 6,
  learningRate: 2e-3,
  batchSize: 6,
  weightDecay: 0.01,
  warmup: 0.1,
  dropout: 0.1,
  patience: 6,
}

interface Given {
  data?: DatasetRow[]
  validation?: DatasetRow[]
  keptLayers?: number
  epochs?: number
  of?: Encoder
  method?: 'head' | 'setfit' | 'full'
  kept?: string
  signal?: AbortSignal
  onProgress?: (progress: Progress) => void
}

async function shorter(given: Given = {}) {
  const {
    data = bare,
    validation = [],
    keptLayers = 1,
    of = encoder,
    method = 'full',
    kept,
    epochs = 6,
    ...others
  } = given
  const notes: RunNote[] = []
  const [keeper, shorterKeeper] = [0, 1].map(() => kept && createTrainingKeeper(kept, { minutes: 0 }))
  const options = {
    executor,
    encoder: of,
    set: toTrainingSet(data, validation, labels),
    seed: 5,
    settings: { ...settings, epochs },
    note: (note: RunNote) => notes.push(note),
    ...others,
  }
  const plan = method === 'setfit' ? inPairs : wholeEncoder
  const checkpoint = await trainShorter({
    ...options,
    keptLayers,
    keeper: shorterKeeper || undefined,
    teach: (own) =>
      method === 'head'
        ? trainHead({ ...options, ...own })
        : trainEncoder({ ...options, ...own, plan, keeper: keeper || undefined }),
  })
  return { checkpoint, notes }
}

/** Everything that was learned, bit for bit; when, how long and how fast is another matter. */
function learned({ encoder: own, head, tagHead, vectors, card }: Checkpoint) {
  const { seconds: _, notes: __, ...training } = card.training
  return {
    weights: own.weights,
    head,
    tagHead,
    vectors,
    card: { ...card, training, shorter: { ...card.shorter, speedup: 1 } },
  }
}

test.each(['head', 'setfit', 'full'] as const)(
  '%s: the model that is left has fewer layers, opens anywhere, and says what they cost on rows that nobody learned',
  async (method) => {
    const shares: number[] = []
    const phases = new Set<string>()
    let untimed = 0
    const { checkpoint, notes } = await shorter({
      method,
      epochs: 80,
      onProgress: ({ share, phase, step, secondsLeft }) => {
        shares.push(share)
        phases.add(phase)
        if (step !== undefined && secondsLeft === undefined) untimed++
      },
    })
    expect(untimed, 'steps of teacher or student without a forecast').toBe(0)
    const { card } = checkpoint
    expect(card.method).toBe(method)
    expect(card.encoder.hash).toBe(encoder.hash)
    expect(card.shorter).toMatchObject({ layers: 1, of: 2, rows: card.heldOut.rows, accuracy: card.heldOut.accuracy })
    expect(card.shorter!.size).toBeLessThan(1)
    expect(card.heldOut).toMatchObject({ from: 'train' })
    expect(card.training).toMatchObject({ rows: rows.length, settings: { keptLayers: 1, distilledEpochs: 40 } })
    expect(notes.map(({ code }) => code)).toEqual(['layers-kept'])
    expect([...phases]).toContain('distilling')
    expect(shares).toEqual([...shares].sort((a, b) => a - b))

    const folder = join(root, `saved-${method}`)
    await writeCheckpoint(folder, checkpoint)
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toMatchObject({ num_hidden_layers: 1 })
    expect((await loadEncoder(folder)).weights).toEqual(checkpoint.encoder.weights)
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('Keeps 1 of 2 layers')
    const classifier = await createClassifier(folder)
    const answers = await classifier.classify(bare.map((row) => row.text))
    const right = answers.filter((answer, i) => answer.labels[0]!.label === bare[i]!.label).length
    expect(right / bare.length).toBeGreaterThan(0.5)
    await classifier.dispose()
  },
)

test('with entities and validation rows both models are judged on those, and the short one finds entities too', async () => {
  const [train, validation] = [rows.filter((_, i) => i % 3 > 0), rows.filter((_, i) => i % 3 === 0)]
  const { checkpoint } = await shorter({ data: train, validation, epochs: 30 })
  const { card, tagHead } = checkpoint
  expect(tagHead!.labels).toBe(5)
  expect(card.heldOut).toMatchObject({ from: 'validation', rows: validation.length })
  expect(card.shorter!.entities!.f1).toBe(card.entities!.heldOut.f1)
  expect(card.shorter!.entities!.fullF1).toBeGreaterThan(0)
  expect(card.training).toMatchObject({ rows: train.length, validationRows: validation.length })
})

test('of two texts a row the short model reads both, too', async () => {
  const two = bare.map((row, i) => ({ ...row, pair: i % 2 === 0 ? 'my order' : 'cancel it' }))
  const { checkpoint } = await shorter({ data: two, epochs: 6 })
  expect(checkpoint.card).toMatchObject({ pairs: true, shorter: { layers: 1, of: 2 } })
  const folder = join(root, 'saved-pairs')
  await writeCheckpoint(folder, checkpoint)
  const classifier = await createClassifier(folder)
  const [one, other] = await classifier.classify([
    ['where is my order', 'my order'],
    ['where is my order', 'cancel it'],
  ])
  expect(one!.labels).not.toEqual(other!.labels)
  await classifier.dispose()
})

test('an ALBERT, whose layers share their weights, applies them less often', async () => {
  const { checkpoint } = await shorter({ of: albert })
  expect(checkpoint.card.shorter).toMatchObject({ layers: 4, of: 6, size: 1 })
  const folder = join(root, 'saved-albert')
  await writeCheckpoint(folder, checkpoint)
  expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toMatchObject({ num_hidden_layers: 2 })
  expect((await loadEncoder(folder)).config.layer_order).toEqual([0, 1, 2, 3])
})

test('as many layers as there are leave the training as it is, with a word', async () => {
  const { checkpoint, notes } = await shorter({ keptLayers: 2 })
  expect(notes).toEqual([{ code: 'all-layers-kept', params: { layers: 2 } }])
  expect(checkpoint.card).not.toHaveProperty('shorter')
  expect(checkpoint.encoder.config.num_hidden_layers).toBe(2)
})

test.each(['training', 'distilling'] as const)(
  'cut off while %s, it goes on where it was to the very weights of an unbroken one',
  async (phase) => {
    const unbroken = await shorter({ data: rows })
    const kept = join(root, `kept-${phase}`)
    const stop = new AbortController()
    const cutOff = shorter({
      data: rows,
      kept,
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.phase === phase && progress.step === 5) stop.abort()
      },
    })
    await expect(cutOff).rejects.toThrow('aborted')
    expect(await readdir(kept)).toHaveLength(phase === 'training' ? 1 : 2)
    const again = await shorter({ data: rows, kept })
    expect(again.notes.map(({ code }) => code)).toContain('training-picked-up')
    expect(learned(again.checkpoint)).toEqual(learned(unbroken.checkpoint))
  },
)
