import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunNote } from '#kit'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import type { Executor, HostTensors } from '#runtime/tensor/executor.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { assertClose } from '#runtime/tensor/fixtures/compare.ts'
import { classification } from './classification.ts'
import { createFineTuning, type FineTuningSettings } from './fine-tuning.ts'
import { seededRandom } from './seeded.ts'
import type { TrainingRow } from './training-set.ts'
import { wholeEncoder } from './tuning-plan.ts'

let root: string
let encoder: Encoder
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-tuning-'))
  await writeTinyEncoders(root)
  encoder = await loadEncoder(join(root, 'bert'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const onnx = createOnnxExecutor({ threads: 1 })
const texts = [
  'where is my order',
  'i want to cancel the order',
  'order',
  'where can i pay for it',
  'cancel',
  'pay',
  'my order',
]
const rows: TrainingRow[] = texts.map((text, i) => ({ id: String(i), text, truth: [i % 3] }))
const settings: FineTuningSettings = {
  epochs: 3,
  learningRate: 1e-3,
  batchSize: 5,
  weightDecay: 0.01,
  warmup: 0.1,
  dropout: 0,
  seed: 3,
}

/** Trains with what `change` does to the steps of each call into the executor. */
async function train(
  change: (steps: HostTensors[], call: number) => HostTensors[] = (steps) => steps,
  options: { rowsAtOnce?: number; learningRate?: number } = {},
) {
  let calls = 0
  const executor: Executor = {
    ...onnx,
    async compileLoop(program, spec) {
      const loop = await onnx.compileLoop(program, spec)
      return {
        ...loop,
        run: async (state, captured, steps) => loop.run(state, captured, change([...steps], ++calls)),
      }
    },
  }
  const { hidden_size: width } = encoder.config
  const random = seededRandom(1)
  const head = {
    width,
    labels: 3,
    weight: Float32Array.from({ length: width * 3 }, () => random() - 0.5),
    bias: new Float32Array(3),
  }
  const anchors = Float32Array.from({ length: rows.length * width }, () => (random() - 0.5) / Math.sqrt(width))
  const lesson = { rows, anchors }
  const task = classification(head, rows, false)
  const own = { ...settings, learningRate: options.learningRate ?? settings.learningRate }
  const tuning = await createFineTuning(executor, encoder, task, lesson, own, wholeEncoder, options)
  const notes: RunNote[] = []
  const losses: number[] = []
  try {
    for (let number = 1; number <= settings.epochs; number++)
      losses.push(await tuning.epoch(number, { note: (note) => notes.push(note) }))
    return { weights: await tuning.snapshot(), losses, notes }
  } finally {
    await tuning.dispose()
  }
}

/** As ONNX Runtime says it where a step of more than so many rows finds no memory. */
const roomFor = (most: number) => (steps: HostTensors[]) => {
  if (steps.some((step) => step.mask!.shape[0]! > most))
    throw new Error('Non-zero status code returned while running Scan node. Status Message: std::bad_alloc')
  return steps
}

function expectSame(actual: HostTensors, expected: HostTensors): void {
  for (const name of Object.keys(expected)) {
    // Its gradient is zero but for rounding, which Adam makes as large as any: attention does not depend on it.
    if (name.endsWith('key.bias')) continue
    assertClose(name, actual[name]!, expected[name]!, { relative: 2e-3 })
  }
}

test('where memory runs out a batch is gone through in parts, to the weights of the whole batch', async () => {
  const whole = await train()
  const short = await train(roomFor(2))
  expect(short.notes).toEqual([
    { code: 'memory-ran-out', params: { rows: 3 } },
    { code: 'memory-ran-out', params: { rows: 2 } },
  ])
  for (const [i, loss] of whole.losses.entries()) expect(short.losses[i]).toBeCloseTo(loss, 4)
  expectSame(short.weights, whole.weights)
})

test('rows at once that are known beforehand give the same, one by one as well', async () => {
  const whole = await train()
  const single = await train(roomFor(1), { rowsAtOnce: 1 })
  expect(single.notes).toEqual([])
  expectSame(single.weights, whole.weights)
})

test('where there is no memory for one row the training ends with a word for it', async () => {
  await expect(train(roomFor(0))).rejects.toMatchObject({ code: 'out-of-memory' })
})

test('a loss that runs away once costs a part of an epoch: back, and on with half the rate', async () => {
  const poisoned = (at: number) => (steps: HostTensors[], call: number) =>
    call === at
      ? steps.map((step) => ({
          ...step,
          anchors: { ...step.anchors!, data: step.anchors!.data.map(() => Number.NaN) },
        }))
      : steps
  const first = await train(poisoned(1))
  expect(first.notes).toEqual([{ code: 'loss-ran-away', params: { epoch: 1 } }])
  // Nothing was learned before it, so all is as if half the rate had been asked for.
  expect(first.weights).toEqual((await train(undefined, { learningRate: settings.learningRate / 2 })).weights)
  const later = await train(poisoned(4))
  expect(later.notes.map(({ code }) => code)).toEqual(['loss-ran-away'])
  expect(later.losses.every(Number.isFinite)).toBe(true)
})

test('a loss that runs away again and again ends the training', async () => {
  await expect(train(undefined, { learningRate: 1e38 })).rejects.toMatchObject({ code: 'training-diverged' })
})
