import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '#runtime/tensor/gradients.ts'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { encoderConstants } from '#runtime/language/features.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { padTokens, type TokenBatch } from '#runtime/language/tokenizer.ts'
import type { Executor, HostTensors, Program } from '#runtime/tensor/executor.ts'
import { assertClose, assertStepAgrees, runProgram } from '#runtime/tensor/fixtures/compare.ts'
import { randomFloats } from '#runtime/tensor/fixtures/encoder.ts'
import { fresh, onnx, oracle, seed } from '#runtime/tensor/fixtures/oracle.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { freshAdapters, mergeAdapters } from './adapters.ts'
import { classification, scoreTable } from './classification.ts'
import { pairsOf } from './contrast.ts'
import { createFineTuning } from './fine-tuning.ts'
import { lossProgram } from './loss.ts'
import { createLowerLayers } from './lower-layers.ts'
import { seededRandom } from './seeded.ts'
import { deleteTokens } from './token-deletion.ts'
import type { TrainingRow } from './training-set.ts'
import { lowRank, type TuningPlan, topLayers, wholeEncoder } from './tuning-plan.ts'

let root: string
const encoders: Record<string, Encoder> = {}
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-plans-'))
  await writeTinyEncoders(root)
  for (const name of ['bert', 'mpnet', 'albert']) encoders[name] = await loadEncoder(join(root, name))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const texts = ['where is my order', 'i want to cancel the order', 'order', 'where can i pay for it']
const truth = [[0], [1], [0], [2]]
const rows: TrainingRow[] = texts.map((text, i) => ({ id: String(i), text, truth: truth[i]! }))
const labels = 3

function batchOf({ tokenizer }: Encoder, some: readonly string[] = texts, length?: number): TokenBatch {
  return padTokens(
    some.map((text) => tokenizer.encode(text)),
    tokenizer.padId,
    length,
  )
}

/** The inputs of one step; with `deleted`, tokens are hidden from all that the step computes. */
async function stepInputs(encoder: Encoder, plan: TuningPlan, deleted: boolean): Promise<HostTensors> {
  const batch = batchOf(encoder)
  const { rows: size, length } = batch
  const width = encoder.config.hidden_size
  const seen: HostTensors = { ids: ints([size, length], batch.ids) }
  if (plan.from !== null) {
    const lower = createLowerLayers(onnx, encoder, plan.from)
    delete seen.ids
    seen.hidden = await lower.hidden(texts, batch)
    await lower.dispose()
  }
  if (deleted) deleteTokens(batch, 0.3, seededRandom(5))
  const next = fresh()
  return {
    ...seen,
    mask: ints([size, length], batch.mask),
    ...intents(encoder).targets([...rows.keys()], size, length),
    rowWeights: floats([size, 1], new Array(size).fill(1 / size)),
    anchors: randomFloats([size, width], next, 1 / Math.sqrt(width)),
    ...pairsOf(truth, size),
  }
}

/** Scores that are all the same at first. */
const intents = ({ config: { hidden_size: width } }: Encoder) =>
  classification(
    { width, labels, weight: new Float32Array(width * labels), bias: new Float32Array(labels) },
    rows,
    false,
  )

const headOf = (encoder: Encoder): HostTensors => {
  const next = fresh()
  return {
    'head.weight': randomFloats([encoder.config.hidden_size, labels], next),
    'head.bias': randomFloats([labels], next),
  }
}

/** Adapters that do change something. */
const usedAdapters = (encoder: Encoder, rank: number): HostTensors => {
  const next = fresh()
  return Object.fromEntries(
    Object.entries(freshAdapters(encoder.config, rank, 1)).map(([name, { shape }]) => [
      name,
      randomFloats(shape, next, 0.1),
    ]),
  )
}

const noDraws = { dropout: (x: tf.Tensor) => x }

const losses = (encoder: Encoder, plan: TuningPlan, weights: HostTensors, inputs: HostTensors, executor = onnx) =>
  runProgram(executor, (t) => lossProgram(encoder, plan, intents(encoder), { dropout: 0 })(t, t, noDraws), {
    ...weights,
    ...inputs,
  })

describe('what a plan trains', () => {
  test.each([
    ['bert', 'the top layer', (encoder: Encoder) => topLayers(encoder, 1)],
    ['mpnet', 'the top layer', (encoder: Encoder) => topLayers(encoder, 1)],
    ['albert', 'all layers but no embeddings', (encoder: Encoder) => topLayers(encoder, 99)],
    ['bert', 'adapters', () => lowRank(4)],
    ['albert', 'adapters', () => lowRank(4)],
  ])(`%s, %s: loss and gradients are those of the slow executor (seed ${seed})`, async (name, _, planOf) => {
    const encoder = encoders[name]!
    const plan = planOf(encoder)
    const constants = encoderConstants(encoder)
    const trained: HostTensors = {
      ...Object.fromEntries(Object.entries(constants).filter(([weight]) => plan.trains(weight))),
      ...(plan.rank > 0 ? usedAdapters(encoder, plan.rank) : {}),
      ...headOf(encoder),
    }
    const names = Object.keys(trained)
    const program: Program = (t) => {
      const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
        const weights = { ...t, ...Object.fromEntries(names.map((key, i) => [key, given[i]!])) }
        return tf.reshape(
          lossProgram(encoder, plan, intents(encoder), { dropout: 0 })(weights, t, noDraws).loss,
          [],
        ) as tf.Scalar
      })(names.map((key) => t[key]!))
      return { loss: value, ...Object.fromEntries(names.map((key, i) => [`slope of ${key}`, grads[i]!])) }
    }
    const inputs = { ...constants, ...trained, ...(await stepInputs(encoder, plan, true)) }
    await assertStepAgrees(onnx, oracle, program, inputs)
  })

  test('more layers than there are mean all of them', () => {
    expect(topLayers(encoders.bert!, 9)).toMatchObject({ from: 0, settings: { layers: 2 } })
  })

  test('shared layers cannot learn above and stay as they are below', () => {
    const albert = encoders.albert!
    expect(albert.config.layer_order).toEqual([0, 1, 0, 1, 2, 3])
    expect(topLayers(albert, 2).from).toBe(4)
    expect(() => topLayers(albert, 3)).toThrow(expect.objectContaining({ code: 'encoder-shares-layers' }))
  })
})

describe('the lower layers', () => {
  /** An executor that counts the rows that it is asked for. */
  function counting(): { executor: Executor; rows: number[] } {
    const counted: number[] = []
    const executor: Executor = {
      ...onnx,
      async compile(...args) {
        const compiled = await onnx.compile(...args)
        return {
          run(feeds) {
            counted.push(feeds.ids!.shape[0]!)
            return compiled.run(feeds)
          },
          dispose: () => compiled.dispose(),
        }
      },
    }
    return { executor, rows: counted }
  }

  test('compute each text once, whatever it is padded to later', async () => {
    const encoder = encoders.bert!
    const { executor, rows: asked } = counting()
    const lower = createLowerLayers(executor, encoder, 1)
    const width = encoder.config.hidden_size
    await lower.hidden([texts[2]!, texts[2]!], batchOf(encoder, [texts[2]!, texts[2]!]))
    await lower.hidden(texts, batchOf(encoder))
    const long = await lower.hidden(texts, batchOf(encoder, texts, 20))
    expect(asked).toEqual([1, 3])
    await lower.dispose()
    const bare = createLowerLayers(onnx, encoder, 1)
    for (const [row, text] of texts.entries()) {
      const alone = await bare.hidden([text], batchOf(encoder, [text]))
      const own = long.data.subarray(row * 20 * width, row * 20 * width + alone.data.length)
      assertClose(text, floats(alone.shape, own), alone, { relative: 1e-5 })
    }
    await bare.dispose()
  })

  test('that find no room are computed each time, to the same end', async () => {
    const encoder = encoders.bert!
    const { executor, rows: asked } = counting()
    const lower = createLowerLayers(executor, encoder, 1, 0)
    const once = await lower.hidden(texts, batchOf(encoder))
    expect(await lower.hidden(texts, batchOf(encoder))).toEqual(once)
    expect(asked).toEqual([4, 4])
    await lower.dispose()
  })

  test.each(['bert', 'mpnet'])('%s: a step above them gives the loss of a step from the ids', async (name) => {
    const encoder = encoders[name]!
    const weights = { ...encoderConstants(encoder), ...headOf(encoder) }
    const partial = topLayers(encoder, 1)
    const above = await losses(encoder, partial, weights, await stepInputs(encoder, partial, false))
    const whole = await losses(encoder, wholeEncoder, weights, await stepInputs(encoder, wholeEncoder, false))
    for (const key of ['loss', 'taskLoss']) assertClose(key, above[key]!, whole[key]!, { relative: 1e-5 })
  })

  test('see what a step deletes; the layers above do not', async () => {
    const encoder = encoders.bert!
    const weights = { ...encoderConstants(encoder), ...headOf(encoder) }
    const plan = topLayers(encoder, 1)
    const [all, fewer] = [await stepInputs(encoder, plan, false), await stepInputs(encoder, plan, true)]
    expect(fewer.hidden).toEqual(all.hidden)
    const changed = { ...fewer, hidden: floats(fewer.hidden!.shape, Float32Array.from(fewer.hidden!.data)) }
    const width = encoder.config.hidden_size
    for (const [at, seen] of fewer.mask!.data.entries()) {
      if (seen === 0) changed.hidden.data.fill(9, at * width, (at + 1) * width)
    }
    const loss = async (inputs: HostTensors) => (await losses(encoder, plan, weights, inputs)).loss!
    assertClose('loss', await loss(changed), await loss(fewer), { relative: 1e-5 })
    expect((await loss(all)).data[0]).not.toBeCloseTo((await loss(fewer)).data[0]!, 4)
  })
})

describe('adapters', () => {
  test.each(['bert', 'albert'])('%s: fresh ones change nothing', async (name) => {
    const encoder = encoders[name]!
    const weights = { ...encoderConstants(encoder), ...headOf(encoder) }
    const inputs = await stepInputs(encoder, wholeEncoder, false)
    const adapted = { ...weights, ...freshAdapters(encoder.config, 4, 1) }
    expect(await losses(encoder, lowRank(4), adapted, inputs)).toEqual(
      await losses(encoder, wholeEncoder, weights, inputs),
    )
  })

  test.each(['bert', 'albert'])('%s: merged, they give the losses that they gave beside the matrices', async (name) => {
    const encoder = encoders[name]!
    const constants = encoderConstants(encoder)
    const trained = { ...usedAdapters(encoder, 4), ...headOf(encoder) }
    const inputs = await stepInputs(encoder, wholeEncoder, true)
    const merged = await mergeAdapters(encoder.config, constants, trained, 4)
    expect(Object.keys(merged).filter((key) => !(key in constants))).toEqual(['head.weight', 'head.bias'])
    const beside = await losses(encoder, lowRank(4), { ...constants, ...trained }, inputs)
    const inside = await losses(encoder, wholeEncoder, { ...constants, ...merged }, inputs)
    for (const key of ['loss', 'taskLoss']) assertClose(key, inside[key]!, beside[key]!, { relative: 1e-5 })
    const plain = await losses(encoder, wholeEncoder, { ...constants, ...trained }, inputs)
    expect(Math.abs(plain.loss!.data[0]! - inside.loss!.data[0]!)).toBeGreaterThan(1e-3)
  })
})

describe('a training by each plan', () => {
  const plans: Record<string, (encoder: Encoder) => TuningPlan> = {
    partial: (encoder) => topLayers(encoder, 1),
    lora: () => lowRank(4),
    full: () => wholeEncoder,
  }
  test.each(Object.keys(plans))('%s: learns, and scores by the weights that it hands out', async (method) => {
    const encoder = encoders.bert!
    const plan = plans[method]!(encoder)
    const constants = encoderConstants(encoder)
    const width = encoder.config.hidden_size
    const lesson = { rows, anchors: new Float32Array(rows.length * width) }
    const settings = {
      epochs: 30,
      learningRate: 3e-3,
      batchSize: 3,
      weightDecay: 0.01,
      warmup: 0.1,
      dropout: 0,
      seed: 1,
    }
    const tuning = await createFineTuning(onnx, encoder, intents(encoder), lesson, settings, plan)
    const first = await tuning.epoch(1)
    let last = first
    for (let number = 2; number <= 30; number++) last = await tuning.epoch(number)
    expect(last).toBeLessThan(first * 0.9)
    const weights = await tuning.snapshot()
    const { values: scores } = await scoreTable(tuning, rows, labels, weights)
    await tuning.dispose()

    const changed = Object.keys(weights).filter((name) => name in constants)
    if (method === 'partial') expect(changed.every((name) => name.startsWith('encoder.layer.1.'))).toBe(true)
    expect(changed.length).toBe({ partial: 16, lora: 12, full: 34 }[method])
    const whole = await losses(
      encoder,
      wholeEncoder,
      { ...constants, ...weights },
      await stepInputs(encoder, wholeEncoder, false),
    )
    const nats = truth.map(([label], row) => {
      const own = [...scores.subarray(row * labels, (row + 1) * labels)]
      return Math.log(own.reduce((sum, score) => sum + Math.exp(score - own[label!]!), 0))
    })
    expect(nats.reduce((a, b) => a + b) / nats.length).toBeCloseTo(whole.taskLoss!.data[0]!, 4)
  })
})
