import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import '#runtime/tensor/gradients.ts'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { encoderConstants } from '#runtime/language/features.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { padTokens } from '#runtime/language/tokenizer.ts'
import type { HostTensors, Program } from '#runtime/tensor/executor.ts'
import { assertStepAgrees, runProgram } from '#runtime/tensor/fixtures/compare.ts'
import { onnx, oracle } from '#runtime/tensor/fixtures/oracle.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { pairsOf } from './contrast.ts'
import { lossProgram } from './loss.ts'
import { pairLearning } from './pair-learning.ts'
import { trainEncoder } from './train-encoder.ts'
import { fitHead, trainHead } from './train-head.ts'
import type { TrainingRow, TrainingSet } from './training-set.ts'
import { inPairs } from './tuning-plan.ts'

let root: string
let encoder: Encoder
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-pairs-'))
  await writeTinyEncoders(root)
  encoder = await loadEncoder(join(root, 'bert'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const sentences = [
  ['where is my order', 'is my order here', 'order where', 'where is it', 'my order is where', 'is it my order'],
  ['i want to cancel', 'cancel the order', 'to cancel it', 'i want to cancel it', 'cancel my order', 'want cancel'],
]
const train: TrainingRow[] = sentences.flatMap((own, label) =>
  own.map((text, i) => ({ id: `${label}-${i}`, text, truth: [label] })),
)
const set: TrainingSet = {
  labels: sentences.map((_, i) => ({ id: `l${i}`, name: `${i}` })),
  multi: false,
  pairs: false,
  train,
  validation: [],
  outside: [],
  entityTypes: [],
  hash: 'h',
}
const options = { executor: onnx, seed: 1, set }

test('a step’s loss and gradients are those of the slow executor and of finite differences', async () => {
  const warm = await fitHead({ ...options, encoder })
  const { task } = pairLearning(train, warm, { ...options, encoder })
  const rows = train.slice(3, 9)
  const batch = padTokens(
    rows.map((row) => encoder.tokenizer.encode(row.text)),
    encoder.tokenizer.padId,
  )
  const size = rows.length
  const width = encoder.config.hidden_size
  const inputs: HostTensors = {
    ids: ints([size, batch.length], batch.ids),
    mask: ints([size, batch.length], batch.mask),
    rowWeights: floats([size, 1], new Array(size).fill(1 / size)),
    anchors: floats([size, width], warm.vectors.slice(3 * width, 9 * width)),
    ...pairsOf(
      rows.map((row) => row.truth),
      size,
    ),
  }
  const constants = encoderConstants(encoder)
  const name = 'encoder.layer.1.output.dense.bias'
  const loss = lossProgram(encoder, inPairs, task, { dropout: 0 })
  const program: Program = (all) => {
    const { value, grad } = tf.valueAndGrad((bias: tf.Tensor) =>
      tf.reshape(loss({ ...all, [name]: bias }, all, { dropout: (x) => x }).loss, []),
    )(all[name]!)
    return { loss: value, slope: grad }
  }
  const given = { ...constants, ...inputs }
  await assertStepAgrees(onnx, oracle, program, given)
  const { slope } = await runProgram(onnx, program, given)
  const at = constants[name]!.data as Float32Array
  for (const i of [0, 7, 19]) {
    const lossAt = async (by: number): Promise<number> => {
      const moved = Float32Array.from(at, (x, j) => (i === j ? x + by : x))
      const out = await runProgram(onnx, program, { ...given, [name]: floats([width], moved) })
      return out.loss!.data[0]!
    }
    const step = 1e-2
    const rise = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step)
    expect(Math.abs(rise - slope!.data[i]!)).toBeLessThan(2e-3 + 0.02 * Math.abs(rise))
  }
})

test('learned in pairs, rows of one label come nearer to each other than to others, and the head knows them', async () => {
  const settings = { epochs: 20, learningRate: 1e-3, batchSize: 8, weightDecay: 0, warmup: 0, dropout: 0, patience: 9 }
  const trained = await trainEncoder({ ...options, encoder, plan: inPairs, settings })
  expect(trained.card).toMatchObject({ method: 'setfit', training: { epochs: 20 }, heldOut: { from: 'train' } })
  const { vectors, rows, head } = trained
  const width = head.width
  const vector = (of: Float32Array, row: number): Float32Array => of.subarray(row * width, (row + 1) * width)
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
  /** Mean cosine of rows of one label, less that of rows of two. */
  const gap = ({ vectors: of, rows: own }: Pick<typeof trained, 'vectors' | 'rows'>): number => {
    const mean = (alike: boolean): number => {
      const all = [...own.keys()].flatMap((a) =>
        [...own.keys()]
          .filter((b) => b > a && (own[a]!.labels[0] === own[b]!.labels[0]) === alike)
          .map((b) => dot(vector(of, a), vector(of, b))),
      )
      return all.reduce((x, y) => x + y, 0) / all.length
    }
    return mean(true) - mean(false)
  }
  expect(gap(trained)).toBeGreaterThan(3 * gap(await trainHead({ ...options, encoder })))
  for (const [i, row] of rows.entries()) {
    const scores = [0, 1].map(
      (label) => vector(vectors, i).reduce((sum, x, j) => sum + x * head.weight[j * 2 + label]!, 0) + head.bias[label]!,
    )
    expect(scores.indexOf(Math.max(...scores))).toBe(row.labels[0])
  }
})
