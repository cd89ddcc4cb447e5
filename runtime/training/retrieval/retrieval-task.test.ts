import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import '#runtime/tensor/gradients.ts'
import type { CompiledProgram, Executor, Program } from '#runtime/tensor/executor.ts'
import { onnx, oracle } from '#runtime/tensor/fixtures/oracle.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import type { AnswerRow } from '../answers/answer-rows.ts'
import { contrastLoss } from '../contrast.ts'
import { seededRandom } from '../seeded.ts'
import { dealWithAnswers, pairsOfAnswers, rankingScale } from './retrieval-task.ts'

const size = 10
const width = 3

/** Five questions; two share an answer, and one is asked twice with two answers. */
const rows: AnswerRow[] = (
  [
    ['how long', 'two days'],
    ['when', 'two days'],
    ['where', 'at the door'],
    ['can i pay', 'yes'],
    ['can i pay', 'by card'],
  ] as const
).map(([question, answer], i) => ({ id: String(i), question, answer }))

/** Questions and answers that are right together. */
const fits = (question: number, answer: number): boolean =>
  rows.some((row) => row.question === rows[question]!.question && row.answer === rows[answer]!.answer)

/** The formula, row by row: the mean of both directions' cross-entropies, known answers left out of the negatives. */
function byTheBook(vectors: readonly number[][], batch: readonly number[]): number {
  const score = (a: number, b: number): number =>
    vectors[a]!.reduce((sum, x, i) => sum + x * vectors[b]![i]!, 0) * rankingScale
  let sum = 0
  for (const [i, own] of batch.entries()) {
    const toAnswers = batch.flatMap((other, j) => (j === i || !fits(own, other) ? [score(2 * i, 2 * j + 1)] : []))
    const toQuestions = batch.flatMap((other, j) => (j === i || !fits(other, own) ? [score(2 * i + 1, 2 * j)] : []))
    for (const all of [toAnswers, toQuestions])
      sum += Math.log(all.reduce((total, each) => total + Math.exp(each), 0)) - score(2 * i, 2 * i + 1)
  }
  return sum / (2 * batch.length)
}

const compiled = new Map<Executor, CompiledProgram>()
beforeAll(async () => {
  const square = { shape: [size, size], dtype: 'float32' } as const
  const specs = { vectors: { shape: [size, width], dtype: 'float32' } as const, pairs: square, block: square }
  const program: Program = ({ vectors, pairs, block }) => {
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      tf.reshape(contrastLoss(x, pairs!, block!, 1 / rankingScale), []),
    )(vectors!)
    return { loss: value, gradient: grad }
  }
  for (const executor of [onnx, oracle]) compiled.set(executor, await executor.compile(program, specs))
})
afterAll(async () => {
  for (const each of compiled.values()) await each.dispose()
})

const unit = (values: readonly number[]): number[][] =>
  Array.from({ length: size }, (_, row) => {
    const own = values.slice(row * width, (row + 1) * width)
    const length = Math.hypot(...own) || 1
    return own.map((x) => x / length)
  })
const lesson = (batch: readonly number[]): number[] => batch.flatMap((row) => [2 * row, 2 * row + 1])

async function pull(vectors: readonly number[][], batch: readonly number[], executor: Executor = onnx) {
  const flat = Float32Array.from(vectors.flat())
  const given = pairsOfAnswers(rows)(lesson(batch), size)
  const out = await compiled.get(executor)!.run({ vectors: floats([size, width], flat), ...given })
  return { loss: out.loss!.data[0]!, gradient: [...out.gradient!.data] }
}

test('the loss is InfoNCE both ways over the batch, and neither padding nor other right answers count', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size * width, maxLength: size * width }),
      async (batch, values) => {
        const vectors = unit(values)
        const { loss } = await pull(vectors, batch)
        expect(Math.abs(loss - byTheBook(vectors, batch))).toBeLessThan(1e-3)
        const dirty = vectors.map((row, i) => (i < 2 * batch.length ? row : [1, 0, 0]))
        expect((await pull(dirty, batch)).loss).toBeCloseTo(loss, 4)
      },
    ),
    { numRuns: 60 },
  )
})

test('it pulls as the slow executor says, and as finite differences do', async () => {
  const vectors = unit(Array.from({ length: size * width }, (_, i) => Math.sin(3 * i + 1)))
  const batch = [0, 1, 2, 3, 4]
  const { gradient } = await pull(vectors, batch)
  const slow = (await pull(vectors, batch, oracle)).gradient
  const largest = Math.max(...slow.map(Math.abs))
  for (const [i, slope] of gradient.entries()) {
    expect(Math.abs(slope - slow[i]!)).toBeLessThan(1e-4 * largest)
    const step = 1e-5
    const moved = (by: number): number[][] =>
      vectors.map((row, r) => row.map((x, c) => (r * width + c === i ? x + by : x)))
    const rise = (byTheBook(moved(step), batch) - byTheBook(moved(-step), batch)) / (2 * step)
    expect(Math.abs(slope - rise)).toBeLessThan(1e-3 * largest)
  }
})

test('a batch of one question, or of questions with one answer, pulls nothing', async () => {
  for (const batch of [[2], [0, 1], [3, 4]]) {
    const { loss, gradient } = await pull(unit(Array.from({ length: size * width }, (_, i) => Math.sin(i + 1))), batch)
    expect(loss).toBeCloseTo(0, 5)
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-4)
  }
})

test('each question is dealt once an epoch, its answer behind it, in as many batches as the rows fill', () => {
  const lengths = Array.from({ length: 42 }, (_, i) => 3 + ((i * 7) % 20))
  const batches = dealWithAnswers(lengths, 8, 64, seededRandom(3))
  expect(batches).toHaveLength(Math.ceil(42 / 8))
  expect(batches.flatMap(({ rows: dealt }) => dealt).sort((a, b) => a - b)).toEqual([...lengths.keys()])
  for (const { rows: dealt, length } of batches) {
    for (let i = 0; i < dealt.length; i += 2) expect([dealt[i]! % 2, dealt[i + 1]]).toEqual([0, dealt[i]! + 1])
    expect(Math.max(...dealt.map((row) => lengths[row]!))).toBeLessThanOrEqual(length)
  }
})
