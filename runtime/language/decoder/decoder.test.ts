import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import '#runtime/tensor/gradients.ts'
import type { Program } from '#runtime/tensor/executor.ts'
import { assertClose, assertStepAgrees, runProgram } from '#runtime/tensor/fixtures/compare.ts'
import { onnx, oracle } from '#runtime/tensor/fixtures/oracle.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { positions } from '#runtime/tensor/ops/positions.ts'
import { answerInputs } from '#runtime/training/answers/answer-batches.ts'
import { answerLoss } from '#runtime/training/answers/answer-loss.ts'
import { tinyDecoder, writeTinyDecoder } from '../fixtures/tiny-decoder.ts'
import { type Decoder, decoderConstants, loadDecoder } from './decoder.ts'
import { causal, decoderHidden, nextTokenScores } from './gpt2.ts'
import { cacheNames, nextTokenProgram } from './next-token-program.ts'

interface ReferenceRow {
  ids: number[]
  first: number[]
  last: number[]
  scores: number[]
}
const reference = JSON.parse(
  await readFile(join(import.meta.dirname, '../fixtures/reference-decoder.json'), 'utf8'),
) as ReferenceRow[]

let root: string
let decoder: Decoder
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-decoder-'))
  await writeTinyDecoder(root)
  decoder = await loadDecoder(root)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const plain: Program = (inputs) => {
  const { config } = decoder
  const ids = inputs.ids!
  const hidden = decoderHidden(inputs, config, ids, positions(ids), causal(ids))
  return { hidden, scores: nextTokenScores(inputs, config, tf.reshape(hidden, [ids.size, config.n_embd])) }
}

test.each(reference)(
  'gives the hidden states and scores of an independent GPT-2: $ids',
  async ({ ids, first, last, scores }) => {
    const inputs = { ids: ints([1, ids.length], ids) }
    const found = await runProgram(onnx, plain, inputs, { constants: decoderConstants(decoder.weights) })
    const { n_embd: width, vocab_size: words } = decoder.config
    const hidden = found.hidden!.data as Float32Array
    const close = (what: string, own: Float32Array, expected: number[]): void =>
      assertClose(what, floats([own.length], own), floats([own.length], expected), { relative: 1e-5, absolute: 1e-5 })
    close('first state', hidden.slice(0, width), first)
    close('last state', hidden.slice(-width), last)
    close('scores', (found.scores!.data as Float32Array).slice(-words), scores)
  },
)

test('a token never sees what comes behind it, padding included', async () => {
  const constants = decoderConstants(decoder.weights)
  const states = async (ids: number[]) =>
    (await runProgram(onnx, plain, { ids: ints([1, ids.length], ids) }, { constants })).hidden!.data as Float32Array
  const width = decoder.config.n_embd
  const short = await states([9, 30, 17])
  const long = await states([9, 30, 17, 100, 2, 2])
  assertClose('states', floats([3 * width], long.slice(0, 3 * width)), floats([3 * width], short), { relative: 1e-6 })
})

test('tokens that go on from a cache, in a room larger than it needs, get the scores that they get when all are read at once', async () => {
  const { config } = decoder
  const { n_head: heads, n_embd: width, n_layer: layers } = config
  const depth = width / heads
  const ids = reference[2]!.ids
  const room = 8
  const run = (tokens: number[], first: number, past: Record<string, Float32Array>) =>
    runProgram(
      onnx,
      nextTokenProgram(config),
      {
        ids: ints([1, tokens.length], tokens),
        first: ints([], [first]),
        seen: floats([room], new Float32Array(room).fill(1, 0, first)),
        ...Object.fromEntries(
          Array.from({ length: layers }, (_, layer) => cacheNames(layer)).flatMap(({ pastKey, pastValue }) =>
            [pastKey, pastValue].map((name) => [
              name,
              floats([1, heads, room, depth], past[name] ?? new Float32Array(heads * room * depth)),
            ]),
          ),
        ),
      },
      { constants: decoderConstants(decoder.weights) },
    )
  const begun = await run(ids.slice(0, 4), 0, {})
  const past: Record<string, Float32Array> = {}
  for (let layer = 0; layer < layers; layer++) {
    const { pastKey, pastValue, key, value } = cacheNames(layer)
    for (const [to, from] of [
      [pastKey, key],
      [pastValue, value],
    ] as const) {
      past[to] = new Float32Array(heads * room * depth).fill(99)
      const own = begun[from]!.data as Float32Array
      for (let head = 0; head < heads; head++)
        past[to].set(own.subarray(head * 4 * depth, (head + 1) * 4 * depth), head * room * depth)
    }
  }
  const { scores } = await run(ids.slice(4), 4, past)
  const { scores: expected } = reference[2]!
  assertClose('scores', scores!, floats([1, config.vocab_size], expected), { relative: 1e-5, absolute: 1e-5 })
})

test('loss and gradients on answers are those of the slow executor', async () => {
  const rows = [
    { ids: [30, 31, 2, 40, 41, 2], from: 2 },
    { ids: [9, 2, 50, 2], from: 1 },
  ]
  const inputs = { ...decoderConstants(decoder.weights), ...answerInputs(rows, 2, 8, 2) }
  const trained = Object.keys(inputs).filter((name) => /^(?:h\.|ln_f|wte)/.test(name))
  const program: Program = (t) => {
    const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
      const weights = { ...t, ...Object.fromEntries(trained.map((name, i) => [name, given[i]!])) }
      return tf.reshape(answerLoss(weights, decoder.config, t), []) as tf.Scalar
    })(trained.map((name) => t[name]!))
    return { loss: value, ...Object.fromEntries(trained.map((name, i) => [`slope of ${name}`, grads[i]!])) }
  }
  await assertStepAgrees(onnx, oracle, program, inputs)
})

test('only the answer is learned: what the question holds does not count, its last mark does', () => {
  const inputs = answerInputs([{ ids: [30, 31, 2, 40, 41, 2], from: 2 }], 1, 8, 2)
  const learned = [...inputs.share!.data].filter((share) => share > 0).length
  expect([...inputs.at!.data].slice(0, learned)).toEqual([2, 3, 4])
  expect([...inputs.next!.data].slice(0, learned)).toEqual([40, 41, 2])
})

test('a folder with an encoder is called what it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-decoder-'))
  await writeTinyDecoder(folder)
  await writeFile(join(folder, 'config.json'), JSON.stringify({ model_type: 'bert' }))
  await expect(loadDecoder(folder, 'mine')).rejects.toMatchObject({
    code: 'decoder-is-encoder',
    params: { decoder: 'mine', kind: 'bert' },
  })
  await rm(folder, { recursive: true })
})

test.each([
  [{ ...tinyDecoder, model_type: 'llama' }, 'model_type'],
  [{ ...tinyDecoder, n_head: 5 }, 'n_head'],
  [{ ...tinyDecoder, scale_attn_by_inverse_layer_idx: true }, 'scale_attn_by_inverse_layer_idx'],
])('a decoder of another kind is refused by what it says: %#', async (config, detail) => {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-decoder-'))
  await writeTinyDecoder(folder)
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  await expect(loadDecoder(folder)).rejects.toMatchObject({
    code: 'decoder-unsupported',
    params: { detail: expect.stringContaining(detail) },
  })
  await rm(folder, { recursive: true })
})
