import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import '#runtime/tensor/gradients.ts'
import type { CompiledProgram, Executor, Program } from '#runtime/tensor/executor.ts'
import { onnx, oracle } from '#runtime/tensor/fixtures/oracle.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { contrastLoss, pairsOf } from './contrast.ts'

const size = 6
const width = 3
const temperature = 0.1
const batch = fc.record({
  truth: fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: size }),
  values: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size * width, maxLength: size * width }),
})

function unit(values: readonly number[]): number[][] {
  return Array.from({ length: size }, (_, row) => {
    const own = values.slice(row * width, (row + 1) * width)
    const length = Math.max(Math.hypot(...own), 1e-3)
    return own.map((x) => x / length)
  })
}

/** The formula as the paper writes it, row by row. */
function byTheBook(vectors: readonly number[][], truth: readonly number[][]): number {
  const near = (a: number, b: number): number =>
    vectors[a]!.reduce((sum, x, i) => sum + x * vectors[b]![i]!, 0) / temperature
  const rows = [...truth.keys()]
  const losses = rows.flatMap((row) => {
    const others = rows.filter((other) => other !== row)
    const positives = others.filter((other) => truth[other]!.some((label) => truth[row]!.includes(label)))
    if (positives.length === 0) return []
    const all = others.reduce((sum, other) => sum + Math.exp(near(row, other)), 0)
    return positives.reduce((sum, other) => sum - (near(row, other) - Math.log(all)), 0) / positives.length
  })
  return losses.length === 0 ? 0 : losses.reduce((a, b) => a + b, 0) / losses.length
}

/** The loss and how it pulls at each vector, traced as in training. */
const program: Program = ({ vectors, pairs, block }) => {
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
    tf.reshape(contrastLoss(x, pairs!, block!, temperature), []),
  )(vectors!)
  return { loss: value, gradient: grad }
}
const compiled = new Map<Executor, CompiledProgram>()
beforeAll(async () => {
  const square = { shape: [size, size], dtype: 'float32' } as const
  const specs = { vectors: { shape: [size, width], dtype: 'float32' } as const, pairs: square, block: square }
  for (const executor of [onnx, oracle]) compiled.set(executor, await executor.compile(program, specs))
})
afterAll(async () => {
  for (const each of compiled.values()) await each.dispose()
})

async function pull(
  vectors: readonly number[][],
  truth: readonly number[][],
  executor: Executor = onnx,
): Promise<{ loss: number; gradient: number[] }> {
  const flat = Float32Array.from(vectors.flat())
  const out = await compiled.get(executor)!.run({ vectors: floats([size, width], flat), ...pairsOf(truth, size) })
  return { loss: out.loss!.data[0]!, gradient: [...out.gradient!.data] }
}

test('the loss is the formula’s, and what stands in padding rows changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(batch, async ({ truth, values }) => {
      const vectors = unit(values)
      const { loss } = await pull(vectors, truth)
      expect(loss).toBeCloseTo(byTheBook(vectors, truth), 3)
      const dirty = vectors.map((row, i) => (i < truth.length ? row : [1, 0, 0]))
      expect((await pull(dirty, truth)).loss).toBeCloseTo(loss, 4)
    }),
    { numRuns: 60 },
  )
})

test('it pulls as the slow executor says, and as finite differences do', async () => {
  const vectors = unit(Array.from({ length: size * width }, (_, i) => Math.sin(3 * i + 1)))
  const truth = [[0], [1], [0], [1, 2], [2]]
  const { gradient } = await pull(vectors, truth)
  const slow = (await pull(vectors, truth, oracle)).gradient
  const largest = Math.max(...slow.map(Math.abs))
  for (const [i, slope] of gradient.entries()) {
    expect(Math.abs(slope - slow[i]!)).toBeLessThan(1e-4 * largest)
    const step = 1e-4
    const moved = (by: number): number[][] =>
      vectors.map((row, r) => row.map((x, c) => (r * width + c === i ? x + by : x)))
    const rise = (byTheBook(moved(step), truth) - byTheBook(moved(-step), truth)) / (2 * step)
    expect(Math.abs(slope - rise)).toBeLessThan(1e-3 * largest)
  }
})

test('a batch without a pair pulls nothing', async () => {
  const alone = await pull(unit(Array.from({ length: size * width }, (_, i) => Math.sin(i + 1))), [[0], [1], [2]])
  expect(alone.loss).toBeCloseTo(0, 6)
  expect(Math.max(...alone.gradient.map(Math.abs))).toBeCloseTo(0, 6)
})
