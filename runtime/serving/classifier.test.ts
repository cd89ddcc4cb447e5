import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Checkpoint, classifierProgram, writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { encoderConstants, extractFeatures } from '#runtime/language/features.ts'
import { toSafetensors } from '#runtime/language/safetensors.ts'
import { energyOf, outOfScopeScore, type ScopeSigns, scopeScores } from '#runtime/language/scope.ts'
import { createSimilarity, nearestOf } from '#runtime/language/similarity.ts'
import { padTokens } from '#runtime/language/tokenizer.ts'
import { verifyCheckpoint } from '#runtime/language/verify-checkpoint.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { headScores } from '#runtime/training/logistic.ts'
import { askNeighbours, toUnitLength } from '#runtime/training/nearest.ts'
import { toProbabilities } from '#runtime/training/predict.ts'
import { trainHead } from '#runtime/training/train-head.ts'
import { toTrainingSet } from '#runtime/training/training-set.ts'
import { createBatcher } from './batcher.ts'
import { createClassifier } from './classifier.ts'

const texts: Record<string, string[]> = {
  track: [
    'where is my parcel',
    'track my order',
    'has it been shipped yet',
    '我的快递到哪了',
    '查一下物流',
    '发货了吗',
  ],
  refund: [
    'i want my money back',
    'when will i get the refund',
    'refund please',
    '我要退款',
    '退款什么时候到账',
    '把钱退给我',
  ],
  hours: [
    'when do you open',
    'are you open on sunday',
    'opening hours please',
    '你们几点开门',
    '周末营业吗',
    '营业时间是几点',
  ],
}
const rows = Object.entries(texts).flatMap(([label, own]) =>
  own.map((text, i) => ({ id: `${label}${i}`, text, label })),
)
const labels = Object.keys(texts).map((id) => ({ id, name: id.toUpperCase() }))
let home: string
let folder: string
let checkpoint: Checkpoint

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'botloom-serving-'))
  folder = join(home, 'model')
  const encoder = await loadEncoder(join(import.meta.dirname, '../language/builtin/botloom-zh-en'))
  const executor = createOnnxExecutor({ threads: 1 })
  checkpoint = await trainHead({ executor, encoder, set: toTrainingSet(rows, [], labels), seed: 1 })
  await writeCheckpoint(folder, checkpoint)
})
afterAll(() => rm(home, { recursive: true, force: true }))

test('a saved model answers as it was trained: labels, neighbours and a score for strange messages', async () => {
  const classifier = await createClassifier(folder)
  const [known, strange] = await classifier.classify(['我要退款', 'the volcano sings at midnight'])
  expect(known!.labels[0]).toMatchObject({ label: 'refund', name: 'REFUND' })
  expect(known!.labels.map((label) => label.probability).reduce((a, b) => a + b)).toBeCloseTo(1, 9)
  expect(known!.labels.map((label) => label.probability)).toEqual(
    known!.labels.map((label) => label.probability).sort((a, b) => b - a),
  )
  expect(known!.neighbours[0]).toMatchObject({ row: 'refund3', text: '我要退款', label: 'refund', name: 'REFUND' })
  expect(known!.neighbours[0]!.similarity).toBeCloseTo(1, 5)
  expect(known!.neighbours).toHaveLength(3)
  expect(strange!.outOfScope).toBeGreaterThan(known!.outOfScope)
  await classifier.dispose()
})

test.each(scopeScores)('serving and training compute the out-of-scope score %s alike', async (score) => {
  const scope = { ...checkpoint.card.scope, score, cut: score === 'distance' ? -100 : 0.4, scale: 1 }
  const target = join(home, `scope-${score}`)
  await writeCheckpoint(target, { ...checkpoint, card: { ...checkpoint.card, scope } })
  const classifier = await createClassifier(target)
  const asked = ['我要退款', 'the volcano sings at midnight']
  const answers = await classifier.classify(asked)
  await classifier.dispose()

  const executor = createOnnxExecutor({ threads: 1 })
  const width = checkpoint.head.width
  const vectors = toUnitLength((await extractFeatures(checkpoint.encoder, asked, { executor })).vectors, width)
  const set = toTrainingSet(rows, [], labels)
  const scores = await headScores(executor, checkpoint.head, vectors)
  const near = await askNeighbours(
    executor,
    { rows: set.train, vectors },
    { rows: set.train, vectors: checkpoint.vectors },
    { labels: 3, words: false },
  )
  for (const [i, { labels: given, outOfScope }] of answers.entries()) {
    const signs: ScopeSigns = {
      confidence: given[0]!.probability,
      similarity: near.similarity[i]!,
      energy: energyOf(scores.subarray(i * 3, i * 3 + 3), false),
      distance: near.distance[i]!,
    }
    expect(outOfScope).toBeCloseTo(outOfScopeScore(scope, signs), 3)
  }
})

test('serving blends what learned rows and their words say as training judged it', async () => {
  const calibration = { ...checkpoint.card.calibration, temperature: 0.7, vote: 0.2, words: 0.3, sharpness: 1.4 }
  const target = join(home, 'blended')
  await writeCheckpoint(target, { ...checkpoint, card: { ...checkpoint.card, calibration } })
  const classifier = await createClassifier(target)
  const asked = ['退款要多久', 'PARCEL?', 'the volcano sings at midnight']
  const answers = await classifier.classify(asked)
  await classifier.dispose()

  const executor = createOnnxExecutor({ threads: 1 })
  const vectors = (await extractFeatures(checkpoint.encoder, asked, { executor })).vectors
  toUnitLength(vectors, checkpoint.head.width)
  const set = toTrainingSet(rows, [], labels)
  const scores = await headScores(executor, checkpoint.head, vectors)
  const queries = { rows: asked.map((text, i) => ({ id: String(i), text, truth: [] })), vectors }
  const near = await askNeighbours(
    executor,
    queries,
    { rows: set.train, vectors: checkpoint.vectors },
    { labels: 3, words: true },
  )
  for (const [i, { labels: given }] of answers.entries()) {
    const opinions = { vote: near.votes[i]!, words: near.words[i]! }
    const expected = toProbabilities(scores.subarray(i * 3, i * 3 + 3), calibration, false, opinions)
    for (const { label, probability } of given)
      expect(probability).toBeCloseTo(expected[set.labels.findIndex(({ id }) => id === label)]!, 4)
  }
})

test('two hundred callers at once get what each would get alone', async () => {
  const classifier = await createClassifier(folder)
  const batcher = createBatcher((batch: readonly string[]) => classifier.classify(batch))
  const asked = Array.from({ length: 200 }, (_, i) => rows[i % rows.length]!)
  const answers = await Promise.all(asked.map((row) => batcher.submit(row.text)))
  for (const [i, answer] of answers.entries()) expect(answer.neighbours[0]!.text).toBe(asked[i]!.text)
  const [alone] = await classifier.classify([asked[7]!.text])
  expect(answers[7]!.labels[0]!.probability).toBeCloseTo(alone!.labels[0]!.probability, 5)
  await classifier.dispose()
})

test.each([
  [1, 8],
  [7, 20],
  [32, 64],
])('the deployed graph gives what a graph of fixed shape gives at %i x %i', async (batch, length) => {
  const executor = createOnnxExecutor({ threads: 1 })
  const { encoder, head } = checkpoint
  const constants = {
    ...encoderConstants(encoder),
    'head.weight': floats([head.width, head.labels], head.weight),
    'head.bias': floats([head.labels], head.bias),
  }
  const feeds = () => {
    const encoded = Array.from({ length: batch }, (_, i) => encoder.tokenizer.encode(rows[i % rows.length]!.text))
    const padded = padTokens(encoded, encoder.tokenizer.padId, length)
    return { ids: ints([batch, length], padded.ids), mask: ints([batch, length], padded.mask) }
  }
  const run = async (shape: readonly (number | string)[]) => {
    const spec = { shape, dtype: 'int32' } as const
    const compiled = await executor.compile(classifierProgram(encoder), { ids: spec, mask: spec }, { constants })
    const out = await compiled.run(feeds())
    await compiled.dispose()
    return out
  }
  const [free, fixed] = [await run(['batch', 'length']), await run([batch, length])]
  for (const name of ['scores', 'vectors']) {
    expect(free[name]!.shape).toEqual(fixed[name]!.shape)
    for (let i = 0; i < fixed[name]!.data.length; i++) {
      expect(Math.abs(free[name]!.data[i]! - fixed[name]!.data[i]!)).toBeLessThanOrEqual(1e-4)
    }
  }
})

test('training the same rows again gives the same model', async () => {
  const { encoder } = checkpoint
  const executor = createOnnxExecutor({ threads: 1 })
  const again = await trainHead({ executor, encoder, set: toTrainingSet(rows, [], labels), seed: 1 })
  expect(again.head.weight).toEqual(checkpoint.head.weight)
  expect(again.card.calibration).toEqual(checkpoint.card.calibration)
})

test('the nearest rows are those of a plain sort', async () => {
  const vectors = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * 1.7))
  const query = Float32Array.of(0.3, -0.8)
  const similarity = await createSimilarity(createOnnxExecutor({ threads: 1 }), vectors, 2)
  const plain = Array.from({ length: 20 }, (_, index) => index)
    .map((index) => ({ index, similarity: query[0]! * vectors[2 * index]! + query[1]! * vectors[2 * index + 1]! }))
    .sort((a, b) => b.similarity - a.similarity)
  const found = nearestOf(await similarity.of(query), 3)
  await similarity.dispose()
  expect(found.map((row) => row.index)).toEqual(plain.slice(0, 3).map((row) => row.index))
  for (const [i, row] of found.entries()) expect(row.similarity).toBeCloseTo(plain[i]!.similarity, 6)
})

describe('a model folder that lies is refused', () => {
  async function damaged(change: (folder: string) => Promise<void>): Promise<string> {
    const copy = await mkdtemp(join(home, 'damaged-'))
    await cp(folder, copy, { recursive: true })
    await change(copy)
    return copy
  }
  const edit = async (file: string, change: (text: string) => string): Promise<void> =>
    writeFile(file, change(await readFile(file, 'utf8')))
  const lies: Record<string, (folder: string) => Promise<void>> = {
    'no card': (at) => rm(join(at, 'card.json')),
    'no graph': (at) => rm(join(at, 'model.onnx')),
    'no rows': (at) => rm(join(at, 'rows.jsonl')),
    'a graph that is none': (at) => writeFile(join(at, 'model.onnx'), 'hello'),
    'a card that is not JSON': (at) => writeFile(join(at, 'card.json'), '{'),
    'a card with fewer labels than the graph': (at) =>
      edit(join(at, 'card.json'), (text) => {
        const card = JSON.parse(text)
        return JSON.stringify({ ...card, labels: card.labels.slice(0, 2) })
      }),
    'a card with another width': (at) =>
      edit(join(at, 'card.json'), (text) => text.replace('"width": 256', '"width": 255')),
    'vectors of other rows': (at) =>
      writeFile(
        join(at, 'rows.safetensors'),
        toSafetensors(new Map([['vectors', { shape: [1, 256], data: new Float32Array(256) }]])),
      ),
    'a row of an unknown label': (at) =>
      edit(join(at, 'rows.jsonl'), (text) => text.replace('"labels":[0]', '"labels":[9]')),
  }
  test.each(Object.keys(lies))('%s', async (name) => {
    await expect(createClassifier(await damaged(lies[name]!))).rejects.toMatchObject({ code: 'model-unreadable' })
  })

  test('one changed byte anywhere is found before a model is deployed', async () => {
    await verifyCheckpoint(folder)
    const copy = await damaged(async (at) => {
      const bytes = await readFile(join(at, 'model.onnx'))
      bytes[bytes.length >> 1]! ^= 1
      await writeFile(join(at, 'model.onnx'), bytes)
    })
    await expect(verifyCheckpoint(copy)).rejects.toMatchObject({ code: 'model-unreadable' })
  })
})
