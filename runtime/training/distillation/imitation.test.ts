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
import { classification } from '../classification.ts'
import { pairsOf } from '../contrast.ts'
import { createEntityLearning } from '../entity-learning.ts'
import { riseAlongSlope, stepSlopes } from '../fixtures/step-slopes.ts'
import { lossProgram } from '../loss.ts'
import { jointly } from '../tagging.ts'
import type { Task } from '../task.ts'
import type { TrainingRow } from '../training-set.ts'
import { wholeEncoder } from '../tuning-plan.ts'
import { type Answer, distilling, imitation } from './imitation.ts'

let root: string
let encoder: Encoder
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-imitation-'))
  await writeTinyEncoders(root)
  encoder = await loadEncoder(join(root, 'bert'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const labels = 3
const texts = ['where is my order', 'i want to cancel the order', 'order', 'where can i pay for it']
/** The second row says nothing of entities; a teacher has an opinion all the same. */
const rowsOf = (multi: boolean): TrainingRow[] =>
  texts.map((text, i) => ({
    id: String(i),
    text,
    truth: (multi ? [[0], [1, 2], [0], []] : [[0], [1], [0], [2]])[i]!,
    ...(i === 1 ? {} : { entities: [{ start: 0, end: 5, type: 'thing' }] }),
  }))

function stepOf(multi: boolean, anchor = 1) {
  const next = fresh()
  const rows = rowsOf(multi)
  const width = encoder.config.hidden_size
  const learning = createEntityLearning(encoder.tokenizer, ['thing'])
  const random = (length: number): Float32Array => randomFloats([length], next, 2).data as Float32Array
  const answers = rows.map((row): Answer => {
    const tokens = learning.tokensOf(row)
    const words = { tokens, scores: random(tokens.length * learning.tags) }
    return { scores: random(labels), vector: random(width), words }
  })
  const empty = (count: number) => ({
    width,
    labels: count,
    weight: new Float32Array(width * count),
    bias: new Float32Array(count),
  })
  const truth = jointly(classification(empty(labels), rows, multi), learning.task(rows, empty(learning.tags)))
  const task = imitation(truth, answers, multi)
  const batch = padTokens(
    texts.map((text) => encoder.tokenizer.encode(text)),
    encoder.tokenizer.padId,
  )
  const { rows: size, length } = batch
  const constants = encoderConstants(encoder)
  const trained: HostTensors = {
    ...Object.fromEntries(Object.entries(constants).filter(([name]) => wholeEncoder.trains(name))),
    'head.weight': randomFloats([width, labels], next),
    'head.bias': randomFloats([labels], next),
    'head.tags.weight': randomFloats([width, learning.tags], next),
    'head.tags.bias': randomFloats([learning.tags], next),
  }
  const inputs: HostTensors = {
    ids: ints([size, length], batch.ids),
    mask: ints([size, length], batch.mask),
    ...task.targets([...rows.keys()], size, length),
    rowWeights: floats([size, 1], [0.4, 0.2, 0.3, 0.1]),
    anchors: randomFloats([size, width], next, anchor / Math.sqrt(width)),
    ...pairsOf(
      rows.map((row) => row.truth),
      size,
    ),
    'random/pool': uniformPool(poolLength, 1),
    'random/draws': drawsOf(7),
  }
  return {
    task,
    truth,
    learning,
    answers,
    inputs: { ...constants, ...trained, ...inputs },
    names: Object.keys(trained),
  }
}

const slopes = ({ task, names }: { task: Task; names: string[] }): Program =>
  stepSlopes(lossProgram(encoder, wholeEncoder, task, { dropout: 0.2, rDrop: 1 }), names)

describe.each([
  ['one label a row', false],
  ['several labels a row', true],
])('%s, with entities', (_, multi) => {
  test(`a step is that of the slow executor (seed ${seed})`, async () => {
    const step = stepOf(multi)
    await assertStepAgrees(onnx, oracle, slopes(step), step.inputs)
  })

  test('a step has the slope that finite differences have', async () => {
    const step = stepOf(multi)
    expect(await riseAlongSlope(onnx, slopes(step), step.inputs, step.names)).toBeCloseTo(1, 1)
  })

  test('who says what the teacher says has nothing left to learn but the labels of the rows', async () => {
    const { task, truth, inputs, learning, answers } = stepOf(multi)
    const width = encoder.config.hidden_size
    // A student whose states are zero says its bias alone; the teacher says just that.
    const bias = inputs['head.bias']!.data as Float32Array
    const tagBias = inputs['head.tags.bias']!.data as Float32Array
    const same = answers.map(({ vector, words }): Answer => {
      const scores = Float32Array.from({ length: words!.scores.length }, (__, i) => tagBias[i % learning.tags]!)
      return { scores: bias, vector, words: { tokens: words!.tokens, scores } }
    })
    const [size, length] = inputs.mask!.shape as [number, number]
    const rowLosses = async (one: Task): Promise<ArrayLike<number>> => {
      const given = { ...inputs, ...one.targets([...rowsOf(multi).keys()], size, length) }
      const program: Program = (t) => {
        const hidden = tf.zeros([size, length, width])
        return { each: one.rowLoss(t, { hidden, vectors: tf.zeros([size, width]), mask: t.mask! }, t) }
      }
      return (await runProgram(onnx, program, given)).each!.data
    }
    const [content, strict, curious] = [
      await rowLosses(imitation(truth, same, multi)),
      await rowLosses(truth),
      await rowLosses(task),
    ]
    for (let row = 0; row < size; row++) {
      expect(content[row]).toBeCloseTo(distilling.truth * strict[row]!, 4)
      expect(curious[row]).toBeGreaterThan(content[row]! + 0.01)
    }
  })
})
