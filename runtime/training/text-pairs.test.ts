import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DatasetRow, modelTextOf } from '#kit'
import { type Checkpoint, writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { createClassifier } from '#runtime/serving/classifier.ts'
import { tryInt8 } from '#runtime/serving/int8-trial.ts'
import { onnx } from '#runtime/tensor/fixtures/oracle.ts'
import { measureForward } from './choose-method.ts'
import { trainShorter } from './distillation/train-shorter.ts'
import { trainEncoder } from './train-encoder.ts'
import { trainHead } from './train-head.ts'
import { toTrainingSet } from './training-set.ts'
import { inPairs, lowRank, type TuningPlan, topLayers, wholeEncoder } from './tuning-plan.ts'

let root: string
let encoder: Encoder
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-text-pairs-'))
  await writeTinyEncoders(root)
  encoder = await loadEncoder(join(root, 'bert'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** The label is what the second text is about; the first one speaks of the others, so that words alone tell nothing. */
const things = ['order', 'parcel', 'refund']
const rows: DatasetRow[] = things.flatMap((first) =>
  things
    .filter((second) => second !== first)
    .flatMap((second) =>
      ['where is my', 'hello'].flatMap((lead) => [
        { id: `${first} ${second} ${lead}`, text: `${lead} ${first}`, pair: `the ${second}`, label: second },
        { id: `${first} ${second} ${lead} 2`, text: first, pair: `${lead} ${second}`, label: second },
      ]),
    ),
)
const labels = things.map((name) => ({ id: name, name }))
const settings = { epochs: 25, learningRate: 3e-3, batchSize: 8, weightDecay: 0, warmup: 0.1, dropout: 0, patience: 60 }

const tuned = (planOf: () => TuningPlan) => () =>
  trainEncoder({
    executor: onnx,
    encoder,
    set: toTrainingSet(rows, rows, labels),
    seed: 1,
    plan: planOf(),
    settings,
  })

test.each<[string, () => Promise<Checkpoint>]>([
  ['head', () => trainHead({ executor: onnx, encoder, set: toTrainingSet(rows, rows, labels), seed: 1 })],
  ['setfit', tuned(() => inPairs)],
  ['partial', tuned(() => topLayers(encoder, 1))],
  ['lora', tuned(() => lowRank(4))],
  ['full', tuned(() => wholeEncoder)],
])('%s: what two texts mean together is learned, saved, opened and answered', async (name, train) => {
  const checkpoint = await train()
  expect(checkpoint.card.pairs).toBe(true)
  const folder = join(root, name)
  const card = await writeCheckpoint(folder, checkpoint)
  const classifier = await createClassifier(folder)
  const asked = rows.map(modelTextOf)
  const answers = await classifier.classify(asked)
  const right = answers.filter((answer, i) => answer.labels[0]!.label === rows[i]!.label).length
  expect(right / rows.length).toBeGreaterThan(0.9)
  expect(answers[0]!.neighbours[0]).toMatchObject({ text: rows[0]!.text, pair: rows[0]!.pair })
  // Alone a pair is padded to another length.
  const [alone] = await classifier.classify([asked[3]!])
  expect(alone!.labels[0]!.probability).toBeCloseTo(answers[3]!.labels[0]!.probability, 4)
  const single = classifier.classify(['where is my order'])
  await expect(single).rejects.toMatchObject({ code: 'second-text-missing' })
  await classifier.warm()
  await classifier.dispose()
  // The small form reads types as well.
  const { int8 } = await tryInt8(folder, card, checkpoint, toTrainingSet(rows, rows, labels).validation)
  expect(int8!.accuracy).toBeGreaterThan(0.8)
})

test('a shorter model learns from one that reads two texts, and reads them too', async () => {
  const options = { executor: onnx, encoder, set: toTrainingSet(rows, [], labels), seed: 1, settings }
  const checkpoint = await trainShorter({
    ...options,
    keptLayers: 1,
    teach: (own) => trainEncoder({ ...options, ...own, plan: wholeEncoder }),
  })
  expect(checkpoint.card).toMatchObject({ pairs: true, shorter: { layers: 1, of: 2 } })
  const folder = join(root, 'shorter')
  await writeCheckpoint(folder, checkpoint)
  const classifier = await createClassifier(folder)
  const answers = await classifier.classify(rows.map(modelTextOf))
  await classifier.dispose()
  const right = answers.filter(({ labels: [best] }, i) => best!.label === rows[i]!.label).length
  expect(right / rows.length).toBeGreaterThan(0.8)
})

test('the time that a method takes is measured on both texts', async () => {
  expect(await measureForward(onnx, encoder, toTrainingSet(rows, [], labels))).toBeGreaterThan(0)
})

test('the deployed graph asks for types where texts come in pairs and the encoder knows types, and only there', async () => {
  const inputsOf = async (name: string, some: readonly DatasetRow[]): Promise<readonly string[]> => {
    const of = await loadEncoder(join(root, name))
    const checkpoint = await trainHead({ executor: onnx, encoder: of, set: toTrainingSet(some, [], labels), seed: 1 })
    const folder = join(root, `graph-${name}-${some === rows ? 'pairs' : 'single'}`)
    await writeCheckpoint(folder, checkpoint)
    const session = await ort.InferenceSession.create(join(folder, 'model.onnx'))
    const names = [...session.inputNames]
    await session.release()
    const classifier = await createClassifier(folder)
    await classifier.classify(some.map(modelTextOf))
    await classifier.dispose()
    return names.sort()
  }
  const single = rows.map(({ pair: _, ...row }) => row)
  expect(await inputsOf('bert', rows)).toEqual(['ids', 'mask', 'types'])
  expect(await inputsOf('bert', single)).toEqual(['ids', 'mask'])
  expect(await inputsOf('roberta', rows)).toEqual(['ids', 'mask'])
  expect(await inputsOf('distilbert', rows)).toEqual(['ids', 'mask'])
})

test('rows with and without a second text are not learned together, and the hash knows the second one', () => {
  const [first, ...rest] = rows
  const { pair: _, ...alone } = first!
  expect(() => toTrainingSet([alone, ...rest], [], labels)).toThrow(
    expect.objectContaining({
      code: 'rows-without-pair',
      params: { count: 1, rows: rows.length, text: alone.text },
    }),
  )
  expect(() => toTrainingSet(rest, [alone], labels)).toThrow(expect.objectContaining({ code: 'rows-without-pair' }))
  const changed = [{ ...first!, pair: 'something else' }, ...rest]
  expect(toTrainingSet(changed, [], labels).hash).not.toBe(toTrainingSet(rows, [], labels).hash)
})

test('entities are found in the first of two texts', async () => {
  const marked = rows.map((row): DatasetRow => {
    const start = row.text.lastIndexOf(' ') + 1
    return { ...row, entities: [{ start, end: row.text.length, type: 'thing' }] }
  })
  const set = toTrainingSet(marked, marked, labels)
  const checkpoint = await trainEncoder({ executor: onnx, encoder, set, seed: 1, plan: wholeEncoder, settings })
  const folder = join(root, 'entities')
  await writeCheckpoint(folder, checkpoint)
  const classifier = await createClassifier(folder)
  const answers = await classifier.classify(marked.map(modelTextOf))
  await classifier.dispose()
  const right = answers.filter(({ entities }, i) => {
    const { start, end } = marked[i]!.entities![0]!
    return entities!.length === 1 && entities![0]!.start === start && entities![0]!.end === end
  })
  expect(right.length / rows.length).toBeGreaterThan(0.9)
})
