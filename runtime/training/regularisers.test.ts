import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '#runtime/tensor/gradients.ts'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { encoderConstants } from '#runtime/language/features.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { padTokens } from '#runtime/language/tokenizer.ts'
import type { HostTensors, Program } from '#runtime/tensor/executor.ts'
import { assertStepAgrees, runProgram } from '#runtime/tensor/fixtures/compare.ts'
import { randomFloats } from '#runtime/tensor/fixtures/encoder.ts'
import { fresh, onnx, oracle, seed } from '#runtime/tensor/fixtures/oracle.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { drawsOf, poolLength, uniformPool } from '#runtime/tensor/ops/random.ts'
import { adversarialShift, passWithSlope } from './adversarial.ts'
import { classification } from './classification.ts'
import { pairsOf } from './contrast.ts'
import { sigmoidDivergence, softmaxDivergence } from './divergence.ts'
import { createFineTuning } from './fine-tuning.ts'
import { riseAlongSlope, stepSlopes } from './fixtures/step-slopes.ts'
import { lossProgram, type Regularisers } from './loss.ts'
import { createLowerLayers } from './lower-layers.ts'
import type { TrainingRow } from './training-set.ts'
import { type TuningPlan, topLayers, wholeEncoder } from './tuning-plan.ts'

let root: string
let encoder: Encoder
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-regularisers-'))
  await writeTinyEncoders(root)
  encoder = await loadEncoder(join(root, 'bert'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const texts = ['where is my order', 'i want to cancel the order', 'order', 'where can i pay for it']
const labels = 3
const rowsOf = (multi: boolean): TrainingRow[] => {
  const truth = multi ? [[0], [1, 2], [0], []] : [[0], [1], [0], [2]]
  return texts.map((text, i) => ({ id: String(i), text, truth: truth[i]! }))
}

async function stepOf(plan: TuningPlan, multi: boolean) {
  const rows = rowsOf(multi)
  const width = encoder.config.hidden_size
  const task = classification(
    { width, labels, weight: new Float32Array(width * labels), bias: new Float32Array(labels) },
    rows,
    multi,
  )
  const batch = padTokens(
    texts.map((text) => encoder.tokenizer.encode(text)),
    encoder.tokenizer.padId,
  )
  const { rows: size, length } = batch
  const seen: HostTensors = { ids: ints([size, length], batch.ids) }
  if (plan.from !== null) {
    const lower = createLowerLayers(onnx, encoder, plan.from)
    delete seen.ids
    seen.hidden = await lower.hidden(texts, batch)
    await lower.dispose()
  }
  const next = fresh()
  const inputs: HostTensors = {
    ...seen,
    mask: ints([size, length], batch.mask),
    ...task.targets([...rows.keys()], size, length),
    // The last row is padding.
    rowWeights: floats([size, 1], [0.5, 0.2, 0.3, 0]),
    anchors: randomFloats([size, width], next, 1 / Math.sqrt(width)),
    ...pairsOf(
      rows.map((row) => row.truth),
      size,
    ),
    'random/pool': uniformPool(poolLength, 1),
    'random/draws': drawsOf(7),
  }
  const constants = encoderConstants(encoder)
  const trained: HostTensors = {
    ...Object.fromEntries(Object.entries(constants).filter(([name]) => plan.trains(name))),
    'head.weight': randomFloats([width, labels], next),
    'head.bias': randomFloats([labels], next),
  }
  return { task, inputs: { ...constants, ...trained, ...inputs }, names: Object.keys(trained) }
}

const slopes = (
  plan: TuningPlan,
  { task, names }: Awaited<ReturnType<typeof stepOf>>,
  regularisers: Regularisers,
): Program => stepSlopes(lossProgram(encoder, plan, task, regularisers), names)

const everything: Regularisers = { dropout: 0.2, labelSmoothing: 0.1, rDrop: 1, adversarial: 0.5 }

test.each([
  ['the whole encoder, one label a row', () => wholeEncoder, false],
  ['the top layer, several labels a row', () => topLayers(encoder, 1), true],
] as const)(
  `%s: a step with all regularisers is that of the slow executor (seed ${seed})`,
  async (_, planOf, multi) => {
    const plan = planOf()
    const step = await stepOf(plan, multi)
    await assertStepAgrees(onnx, oracle, slopes(plan, step, everything), step.inputs)
  },
)

test('a step with dropout, smoothing and R-Drop has the slope that finite differences have', async () => {
  const step = await stepOf(wholeEncoder, false)
  const regularisers = { dropout: 0.2, labelSmoothing: 0.2, rDrop: 2 }
  const program = slopes(wholeEncoder, step, regularisers)
  expect(await riseAlongSlope(onnx, program, step.inputs, step.names)).toBeCloseTo(1, 2)
})

describe('by the book', () => {
  const shape = [4, 3]
  const next = fresh()
  const [a, b] = [randomFloats(shape, next, 2), randomFloats(shape, next, 2)]
  const truth = [[0], [1], [0], [2]]
  const rowOf = ({ data }: { data: ArrayLike<number> }, row: number): number[] =>
    Array.from({ length: 3 }, (_, i) => data[row * 3 + i]!)
  const softmaxOf = (scores: number[]): number[] => {
    const sum = scores.reduce((s, x) => s + Math.exp(x), 0)
    return scores.map((x) => Math.exp(x) / sum)
  }
  const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x))
  const divergenceOf = (p: number[], q: number[]): number => p.reduce((sum, x, i) => sum + x * Math.log(x / q[i]!), 0)

  /** The value of each row and its slope in the first table, by the executor. */
  const run = async (of: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) =>
    runProgram(
      onnx,
      (t) => {
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => tf.sum(of(x, t.b!)))(t.a!)
        return { rows: of(t.a!, t.b!), value, slope: grad }
      },
      { a, b },
    )

  const checkAgainst = async (
    of: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
    book: (a: number[], row: number) => number,
  ) => {
    const { rows, slope } = await run(of)
    expect(rows!.shape).toEqual([4, 1])
    for (let row = 0; row < 4; row++) {
      const own = rowOf(a, row)
      expect(rows!.data[row]).toBeCloseTo(book(own, row), 4)
      for (let i = 0; i < 3; i++) {
        const moved = (by: number) =>
          book(
            own.map((x, j) => (j === i ? x + by : x)),
            row,
          )
        expect(slope!.data[row * 3 + i]).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 3)
      }
    }
  }

  test(`R-Drop’s divergence of softmaxes is the mean of both ways (seed ${seed})`, () =>
    checkAgainst(softmaxDivergence, (own, row) => {
      const [p, q] = [softmaxOf(own), softmaxOf(rowOf(b, row))]
      return (divergenceOf(p, q) + divergenceOf(q, p)) / 2
    }))

  test(`of several labels it is that of each yes and no, added up (seed ${seed})`, () =>
    checkAgainst(sigmoidDivergence, (own, row) =>
      own.reduce((sum, x, i) => {
        const [p, q] = [sigmoidOf(x), sigmoidOf(b.data[row * 3 + i]!)]
        return sum + (divergenceOf([p, 1 - p], [q, 1 - q]) + divergenceOf([q, 1 - q], [p, 1 - p])) / 2
      }, 0),
    ))

  test.each([false, true])(
    `label smoothing is the loss against a truth of which a share is spread evenly (several labels: %s, seed ${seed})`,
    async (multi) => {
      const head = {
        width: 3,
        labels: 3,
        weight: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
        bias: new Float32Array(3),
      }
      const rows = truth.map((own, i): TrainingRow => ({ id: String(i), text: '', truth: own }))
      const task = classification(head, rows, multi)
      const targets = task.targets([0, 1, 2, 3], 4, 1)['truth.labels']!
      const share = 0.3
      await checkAgainst(
        (x) => {
          const fixed = Object.fromEntries(
            Object.entries(task.weights).map(([name, t]) => [name, tf.tensor(t.data, [...t.shape])]),
          )
          const inputs = { 'truth.labels': tf.tensor(targets.data, [...targets.shape]) }
          const seen = { hidden: x, vectors: x, mask: x }
          return tf.add(
            tf.mul(task.rowLoss(fixed, seen, inputs), 1 - share),
            tf.mul(task.evenLoss(fixed, seen, inputs), share),
          )
        },
        (own, row) => {
          const smooth = own.map((_, i) => (1 - share) * (truth[row]!.includes(i) ? 1 : 0) + share / (multi ? 2 : 3))
          if (!multi) return -softmaxOf(own).reduce((sum, p, i) => sum + smooth[i]! * Math.log(p), 0)
          return -own.reduce(
            (sum, x, i) => sum + smooth[i]! * Math.log(sigmoidOf(x)) + (1 - smooth[i]!) * Math.log(1 - sigmoidOf(x)),
            0,
          )
        },
      )
    },
  )
})

test('the adversarial step goes uphill by its length in each text, stands still in padding, and is a constant to the slope around it', async () => {
  const [rows, length, width] = [3, 2, 4]
  const next = fresh()
  const states = randomFloats([rows, length, width], next)
  const weight = randomFloats([width], next)
  const rowWeights = [1, 0.5, 0]
  const size = 0.25
  const out = await runProgram(
    onnx,
    (t) => {
      const lossOf = (w: tf.Tensor, x: tf.Tensor) =>
        tf.sum(tf.mul(tf.sum(tf.mul(tf.square(x), w), [1, 2]), t.rowWeights!))
      const { grad } = tf.valueAndGrad((w: tf.Tensor) => {
        const { slope } = passWithSlope(
          t.states!,
          (x) => ({ hidden: x, vectors: tf.sum(x, 1), mask: x }),
          (seen) => lossOf(w, seen.hidden),
        )
        return lossOf(w, tf.add(t.states!, adversarialShift(slope, size)))
      })(t.weight!)
      const { slope } = passWithSlope(
        t.states!,
        (x) => ({ hidden: x, vectors: tf.sum(x, 1), mask: x }),
        (seen) => lossOf(t.weight!, seen.hidden),
      )
      return { grad, shift: adversarialShift(slope, size) }
    },
    { states, weight, rowWeights: floats([rows], rowWeights) },
  )
  const expected = new Array<number>(width).fill(0)
  for (let row = 0; row < rows; row++) {
    const at = [...Array(length * width).keys()].map((i) => row * length * width + i)
    const uphill = at.map((i) => 2 * weight.data[i % width]! * states.data[i]! * rowWeights[row]!)
    const steep = Math.hypot(...uphill)
    for (const [j, i] of at.entries()) {
      const shift = steep === 0 ? 0 : (size * uphill[j]!) / steep
      expect(out.shift!.data[i]).toBeCloseTo(shift, 5)
      expected[i % width]! += rowWeights[row]! * (states.data[i]! + shift) ** 2
    }
  }
  for (const [i, slope] of expected.entries()) expect(out.grad!.data[i]).toBeCloseTo(slope, 4)
})

test('the same seed gives the same training with all regularisers, another one another', async () => {
  const rows = rowsOf(false)
  const width = encoder.config.hidden_size
  const train = async (number: number) => {
    const { task } = await stepOf(wholeEncoder, false)
    const lesson = { rows, anchors: new Float32Array(rows.length * width) }
    const settings = { ...everything, epochs: 3, learningRate: 1e-3, batchSize: 4, weightDecay: 0.01, warmup: 0.1 }
    const tuning = await createFineTuning(onnx, encoder, task, lesson, { ...settings, seed: number })
    const losses = [await tuning.epoch(1), await tuning.epoch(2), await tuning.epoch(3)]
    const weights = await tuning.snapshot()
    await tuning.dispose()
    return { losses, weights }
  }
  const first = await train(1)
  expect(await train(1)).toEqual(first)
  expect((await train(2)).losses).not.toEqual(first.losses)
})
