import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HostTensors, Program } from '#runtime/tensor/executor.ts'
import { assertClose, assertStepAgrees, runProgram } from '#runtime/tensor/fixtures/compare.ts'
import { randomFloats } from '#runtime/tensor/fixtures/encoder.ts'
import { fresh, onnx, oracle, seed } from '#runtime/tensor/fixtures/oracle.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import { bertHidden, poolHidden, unitLength } from '../bert.ts'
import { type Checkpoint, classifierProgram, writeCheckpoint } from '../checkpoint.ts'
import { type Encoder, loadEncoder } from '../encoder.ts'
import { encoderConstants, sentenceProgram } from '../features.ts'
import { tinyEncoders, writeTinyEncoders } from '../fixtures/tiny-encoders.ts'
import { padTokens } from '../tokenizer.ts'
import { verifyCheckpoint } from '../verify-checkpoint.ts'

interface ReferenceRow {
  text: string
  ids: number[]
  first: number[]
  last: number[]
  vector: number[]
}

const reference = JSON.parse(await readFile(join(import.meta.dirname, '../fixtures/reference.json'), 'utf8')) as Record<
  string,
  ReferenceRow[]
>
const dimensions = { shape: ['batch', 'length'], dtype: 'int32' } as const
let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-families-'))
  await writeTinyEncoders(root)
})
afterAll(() => rm(root, { recursive: true, force: true }))

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}

/** Random token ids of a shape; each row but the first ends in padding. */
function randomBatch(encoder: Encoder, rows: number, length: number): HostTensors {
  const next = fresh()
  const whole = (limit: number): number => Math.min(limit - 1, Math.floor(((next() + 1) / 2) * limit))
  const tokens = Array.from({ length: rows }, (_, row) => ({
    ids: Int32Array.from({ length: row === 0 ? length : 2 + whole(length - 2) }, () =>
      whole(encoder.config.vocab_size),
    ),
    types: null,
  }))
  const batch = padTokens(tokens, encoder.tokenizer.padId, length)
  return { ids: ints([rows, length], batch.ids), mask: ints([rows, length], batch.mask) }
}

function headOf(encoder: Encoder): HostTensors {
  const next = fresh()
  return {
    'head.weight': randomFloats([encoder.config.hidden_size, 5], next),
    'head.bias': randomFloats([5], next),
  }
}

describe.each(Object.keys(tinyEncoders))('%s', (name) => {
  const rows = reference[name]!
  let encoder: Encoder
  beforeAll(async () => {
    encoder = await loadEncoder(join(root, name))
  })

  test.each(rows)('gives the ids of the Rust tokenizer: $text', ({ text, ids }) => {
    expect([...encoder.tokenizer.encode(text).ids]).toEqual(ids)
  })

  test('gives the hidden states and vectors of PyTorch, alone and in a padded batch', async () => {
    const graph = await onnx.compile(
      sentenceProgram(encoder),
      { ids: dimensions, mask: dimensions },
      { constants: encoderConstants(encoder) },
    )
    const width = encoder.config.hidden_size
    for (const group of [...rows.map((row) => [row]), rows]) {
      const batch = padTokens(
        group.map((row) => ({ ids: Int32Array.from(row.ids), types: null })),
        encoder.tokenizer.padId,
      )
      const shape = [batch.rows, batch.length]
      const out = await graph.run({ ids: ints(shape, batch.ids), mask: ints(shape, batch.mask) })
      for (const [i, row] of group.entries()) {
        const hidden = out.hidden!.data.subarray(i * batch.length * width)
        expect(furthest(hidden, row.first), row.text).toBeLessThanOrEqual(1e-4)
        expect(furthest(hidden.subarray((row.ids.length - 1) * width), row.last), row.text).toBeLessThanOrEqual(1e-4)
        expect(furthest(out.vectors!.data.subarray(i * width), row.vector), row.text).toBeLessThanOrEqual(1e-4)
      }
    }
    await graph.dispose()
  })

  test.each([
    [1, 8],
    [7, 20],
  ])(`the deployed graph gives the scores of the eager run at (%i, %i) (seed ${seed})`, async (batch, length) => {
    const constants = { ...encoderConstants(encoder), ...headOf(encoder) }
    const inputs = randomBatch(encoder, batch, length)
    const specs = { ids: dimensions, mask: dimensions }
    const actual = await runProgram(onnx, classifierProgram(encoder), inputs, { constants, specs })
    const expected = await runProgram(oracle, classifierProgram(encoder), inputs, { constants })
    for (const output of ['scores', 'vectors'])
      assertClose(output, actual[output]!, expected[output]!, { relative: 1e-5, absolute: 1e-6 })
  })

  test(`a training step has the loss and the gradients of the eager run (seed ${seed})`, async () => {
    const trained = { ...encoderConstants(encoder), ...headOf(encoder) }
    const names = Object.keys(trained)
    const program: Program = (t) => {
      const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
        const weights = Object.fromEntries(names.map((key, i) => [key, given[i]!]))
        const hidden = bertHidden(weights, encoder.config, { ids: t.ids!, mask: t.mask! })
        const vectors = unitLength(poolHidden(hidden, t.mask!, encoder.pooling))
        const scores = linear(vectors, weights['head.weight']!, weights['head.bias']!)
        return tf.neg(tf.mean(tf.slice(tf.logSoftmax(scores), [0, 0], [-1, 1]))) as tf.Scalar
      })(names.map((key) => t[key]!))
      return { loss: value, ...Object.fromEntries(names.map((key, i) => [`slope of ${key}`, grads[i]!])) }
    }
    const inputs = { ...trained, ...randomBatch(encoder, 4, 9) }
    await assertStepAgrees(onnx, oracle, program, inputs)
  })

  test.each([true, false])('a saved model loads again and gives the same vectors; frozen: %s', async (frozen) => {
    const folder = await mkdtemp(join(root, 'saved-'))
    const next = fresh()
    const weights = frozen
      ? encoder.weights
      : new Map([...encoder.weights].map(([key, w]) => [key, { ...w, data: w.data.map((v) => v + next() / 100) }]))
    const changed = { ...encoder, weights }
    await writeCheckpoint(folder, checkpointOf(changed, frozen))
    await verifyCheckpoint(folder)
    const again = await loadEncoder(folder, name)
    expect([again.config, again.pooling, again.normalize]).toEqual([encoder.config, encoder.pooling, encoder.normalize])
    expect(again.hash === encoder.hash).toBe(frozen)
    expect(again.tokenizer.encode('where is my order')).toEqual(encoder.tokenizer.encode('where is my order'))
    const inputs = randomBatch(encoder, 3, 11)
    const vectorsOf = async (of: Encoder): Promise<HostTensors> =>
      runProgram(onnx, sentenceProgram(of), inputs, { constants: encoderConstants(of) })
    expect((await vectorsOf(again)).vectors).toEqual((await vectorsOf(changed)).vectors)
  })
})

test('layers that ALBERT shares get the sum of the slopes of each time they are applied', async () => {
  const encoder = await loadEncoder(join(root, 'albert'))
  const { config } = encoder
  expect(config.layer_order).toEqual([0, 1, 0, 1, 2, 3])
  const unrolled = { ...config, layer_order: config.layer_order.map((_, i) => i) }
  const constants = encoderConstants(encoder)
  const inputs = randomBatch(encoder, 2, 6)
  const key = 'intermediate.dense.weight'
  const slopes = async (used: typeof config, names: string[], weights: HostTensors): Promise<HostTensors> =>
    runProgram(
      oracle,
      (t) => {
        const { grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
          const all = { ...t, ...Object.fromEntries(names.map((n, i) => [n, given[i]!])) }
          return tf.mean(tf.square(bertHidden(all, used, { ids: t.ids!, mask: t.mask! }))) as tf.Scalar
        })(names.map((n) => t[n]!))
        return Object.fromEntries(names.map((n, i) => [n, grads[i]!]))
      },
      { ...weights, ...inputs },
    )
  const copies: HostTensors = {}
  for (const [applied, stored] of config.layer_order.entries()) {
    for (const [full, tensor] of Object.entries(constants)) {
      const start = `encoder.layer.${stored}.`
      if (full.startsWith(start)) copies[`encoder.layer.${applied}.${full.slice(start.length)}`] = tensor
    }
  }
  const shared = await slopes(config, [`encoder.layer.0.${key}`], constants)
  const single = await slopes(unrolled, [`encoder.layer.0.${key}`, `encoder.layer.2.${key}`], {
    ...constants,
    ...copies,
  })
  const [first, second] = Object.values(single)
  const sum = floats(
    first!.shape,
    Float32Array.from(first!.data, (v, i) => v + second!.data[i]!),
  )
  assertClose(key, shared[`encoder.layer.0.${key}`]!, sum, { relative: 1e-5 })
})

function checkpointOf(encoder: Encoder, frozen: boolean): Checkpoint {
  const width = encoder.config.hidden_size
  return {
    encoder,
    frozen,
    head: { width, labels: 2, weight: new Float32Array(2 * width).fill(0.1), bias: new Float32Array(2) },
    rows: [],
    vectors: new Float32Array(),
    card: {
      format: 1,
      encoder: { name: encoder.name, hash: encoder.hash, width },
      method: frozen ? 'head' : 'full',
      multi: false,
      pairs: false,
      labels: [
        { id: 'lbl_a', name: 'a', rows: 1 },
        { id: 'lbl_b', name: 'b', rows: 1 },
      ] as Checkpoint['card']['labels'],
      calibration: { temperature: 1, vote: 0, words: 0, sharpness: 1, thresholds: [], rows: 0 },
      scope: { score: 'product', cut: 0.5, scale: 0.1, by: 'none', compared: [] },
      heldOut: { from: 'train', rows: 0, accuracy: 0, macroF1: 0, ece: 0 },
      training: {
        dataHash: '',
        rows: 2,
        madeRows: 0,
        validationRows: 0,
        settings: {},
        epochs: 0,
        device: 'CPU',
        seconds: 0,
      },
    },
  }
}
