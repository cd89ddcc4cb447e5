import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDecoder } from '#runtime/language/decoder/decoder.ts'
import { writeAnswers } from '#runtime/language/decoder/write-answers.ts'
import { writeTinyDecoder } from '#runtime/language/fixtures/tiny-decoder.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { trainDecoder } from '#runtime/training/answers/train-decoder.ts'
import { seededRandom } from '#runtime/training/seeded.ts'
import { createGenerator, type LoadedGenerator } from './generator.ts'
import { pickToken } from './sampling.ts'

const rows = [
  { id: '1', question: 'where is my order', answer: 'it is on the way' },
  { id: '2', question: 'i want a refund', answer: 'refund in 3 days' },
  { id: '3', question: '退货', answer: '七天内可以退货' },
]
const settings = {
  epochs: 60,
  learningRate: 5e-3,
  batchSize: 4,
  weightDecay: 0.01,
  clipNorm: 1,
  warmup: 0.1,
  dropout: 0,
  patience: 60,
}
const greedy = { temperature: 0, topP: 1, maxTokens: 40, seed: 1 }

let root: string
let generator: LoadedGenerator
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-generator-'))
  await writeTinyDecoder(join(root, 'plain'))
  const executor = createOnnxExecutor({ threads: 2 })
  const decoder = await loadDecoder(join(root, 'plain'))
  const set = { train: rows, validation: [], hash: 'h' }
  await writeAnswers(join(root, 'taught'), await trainDecoder({ executor, decoder, set, settings, seed: 1 }))
  generator = await createGenerator(join(root, 'taught'), { threads: 1 })
}, 60_000)
afterAll(async () => {
  await generator?.dispose()
  await rm(root, { recursive: true, force: true })
})

test.each(rows)(
  'a taught decoder answers as it was taught, and stops by itself: $question',
  async ({ question, answer }) => {
    const seen: string[] = []
    const said = await generator.answer(question, { ...greedy, onText: (text) => seen.push(text) })
    expect(said).toMatchObject({ text: answer, ended: true })
    expect(seen.at(-1)).toBe(answer)
    // No half of a character is shown while its other half is still to come.
    for (const text of seen) expect(answer.startsWith(text), text).toBe(true)
  },
)

test('what was written loads again as the decoder that was taught', async () => {
  const again = await loadDecoder(join(root, 'taught'))
  expect([...again.weights.keys()]).toEqual([...(await loadDecoder(join(root, 'plain'))).weights.keys()])
})

test('an answer never grows beyond what was asked for, and a stop is heard', async () => {
  const cut = await generator.answer('where is my order', { ...greedy, maxTokens: 2 })
  expect(cut).toMatchObject({ tokens: 2, ended: false })
  await expect(generator.answer('退货', { ...greedy, signal: AbortSignal.abort() })).rejects.toThrow()
})

test('a question that is longer than all places loses its beginning, and there is room for the answer', async () => {
  const long = `${'please tell me '.repeat(40)} where is my order`
  const said = await generator.answer(long, { ...greedy, maxTokens: 1000 })
  expect(said.tokens).toBeLessThanOrEqual(24)
  expect(said.tokens).toBeGreaterThan(0)
})

test('the same seed draws the same answer', async () => {
  const draw = (seed: number) => generator.answer('order', { temperature: 3, topP: 0.95, maxTokens: 12, seed })
  expect(await draw(4)).toEqual(await draw(4))
  const others = await Promise.all([5, 6, 7, 8].map(draw))
  expect(new Set(others.map(({ text }) => text)).size).toBeGreaterThan(1)
})

test('a draw comes from the smallest set of likeliest tokens that has the share asked for', () => {
  const scores = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(scores, fc.double({ min: 0.05, max: 1, noNaN: true }), fc.nat(), (own, topP, seed) => {
      const token = pickToken(own, { temperature: 1, topP }, seededRandom(seed))
      const chances = own.map((score) => Math.exp(score))
      const whole = chances.reduce((a, b) => a + b)
      const likelier = chances.reduce((sum, chance) => sum + (chance > chances[token]! ? chance : 0), 0)
      expect(likelier / whole).toBeLessThan(topP + 1e-9)
      expect(pickToken(own, { temperature: 0, topP }, () => 0)).toBe(own.indexOf(Math.max(...own)))
    }),
  )
})
