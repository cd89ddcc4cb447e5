import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '#runtime/tensor/gradients.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import type { TextTokenizer } from '#runtime/language/tokenizer.ts'
import type { HostTensors, Program } from '#runtime/tensor/executor.ts'
import { assertStepAgrees, runProgram } from '#runtime/tensor/fixtures/compare.ts'
import { randomFloats } from '#runtime/tensor/fixtures/encoder.ts'
import { fresh, onnx, oracle, seed } from '#runtime/tensor/fixtures/oracle.ts'
import { ints } from '#runtime/tensor/host-tensor.ts'
import { classification } from './classification.ts'
import { toWordSpans, wordsOf } from './tagged-words.ts'
import { jointly, type TaggedRow, tagging } from './tagging.ts'

const width = 6
const tags = 5
const labels = 3
const length = 4
/** The third row is one of which nobody said where entities are. */
const tagged: (TaggedRow | null)[] = [{ tokens: [1, 2], tags: [1, 3] }, { tokens: [2], tags: [4] }, null]
const zeros = (columns: number) => ({
  width,
  labels: columns,
  weight: new Float32Array(width * columns),
  bias: new Float32Array(columns),
})
const rows = [[0], [1], [2]].map((truth, i) => ({ id: String(i), text: '', truth }))
const task = jointly(classification(zeros(labels), rows, false), tagging(zeros(tags), tagged))

/** Hidden states in place of the encoder's; the vectors are those of the first token. */
const seen = (t: Record<string, tf.Tensor>) => ({
  hidden: t.hidden!,
  mask: t.mask!,
  vectors: tf.reshape(tf.slice(t.hidden!, [0, 0, 0], [-1, 1, width]), [-1, width]),
})
const rowLosses: Program = (t) => ({ losses: task.rowLoss(t, seen(t), t) })
const trained = ['head.weight', 'head.bias', 'head.tags.weight', 'head.tags.bias', 'hidden']
const step: Program = (t) => {
  const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
    const weights = { ...t, ...Object.fromEntries(trained.map((name, i) => [name, given[i]!])) }
    return tf.reshape(tf.sum(task.rowLoss(weights, seen(weights), t)), []) as tf.Scalar
  })(trained.map((name) => t[name]!))
  return { loss: value, ...Object.fromEntries(trained.map((name, i) => [`slope of ${name}`, grads[i]!])) }
}
function inputsOf(next: () => number, mask = [1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1]): HostTensors {
  return {
    'head.weight': randomFloats([width, labels], next),
    'head.bias': randomFloats([labels], next),
    'head.tags.weight': randomFloats([width, tags], next),
    'head.tags.bias': randomFloats([tags], next),
    hidden: randomFloats([3, length, width], next),
    mask: ints([3, length], mask),
    ...task.targets([0, 1, 2], 3, length),
  }
}

describe('intents and tags in one pass', () => {
  test(`loss and gradients are those of the slow executor (seed ${seed})`, async () => {
    await assertStepAgrees(onnx, oracle, step, inputsOf(fresh()))
  })

  test(`gradients are the slopes that small steps find (seed ${seed})`, async () => {
    const inputs = inputsOf(fresh())
    const { loss: _, ...slopes } = await runProgram(oracle, step, inputs)
    const lossOf = async (feeds: HostTensors): Promise<number> =>
      [...(await runProgram(oracle, rowLosses, feeds)).losses!.data].reduce((sum, loss) => sum + loss, 0)
    const size = 1e-2
    for (const name of trained)
      for (const at of [0, 7 % inputs[name]!.data.length, inputs[name]!.data.length - 1]) {
        const moved = async (by: number): Promise<number> => {
          const data = Float32Array.from(inputs[name]!.data)
          data[at]! += by
          return lossOf({ ...inputs, [name]: { ...inputs[name]!, data } as HostTensors[string] })
        }
        const slope = ((await moved(size)) - (await moved(-size))) / (2 * size)
        expect(slopes[`slope of ${name}`]!.data[at]).toBeCloseTo(slope, 2)
      }
  })

  test('a word that a step does not see, and a row of which nobody said, teach no tags', async () => {
    const next = fresh()
    const all = inputsOf(next)
    const without = { ...all, mask: ints([3, length], [1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1]) }
    const alone = classification(zeros(labels), rows, false)
    const intentLoss: Program = (t) => ({ losses: alone.rowLoss(t, seen(t), t) })
    const own = async (program: Program, feeds: HostTensors) => [
      ...(await runProgram(onnx, program, feeds)).losses!.data,
    ]
    const [whole, less, intents] = [
      await own(rowLosses, all),
      await own(rowLosses, without),
      await own(intentLoss, all),
    ]
    expect(less[0]).toBeLessThan(whole[0]!)
    expect(less[1]).toBeCloseTo(whole[1]!, 5)
    expect(whole[2]).toBeCloseTo(intents[2]!, 5)
    expect(whole[1]).toBeGreaterThan(intents[1]!)
  })
})

describe('words of a text', () => {
  let root: string
  const tokenizers: Record<string, TextTokenizer> = {}
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'botloom-words-'))
    await writeTinyEncoders(root)
    for (const name of ['bert', 'roberta', 'camembert'])
      tokenizers[name] = (await loadEncoder(join(root, name))).tokenizer
  })
  afterAll(() => rm(root, { recursive: true, force: true }))
  const wordsBy = (name: string, text: string) =>
    wordsOf(text, tokenizers[name]!.offsets(text)).map(({ start, end }) => text.slice(start, end))

  test.each(['bert', 'roberta', 'camembert'])(
    '%s: pieces of a word are one, and Chinese characters stand alone',
    (name) => {
      expect(wordsBy(name, 'where zzarrivedzz, 快x')).toEqual(['where', 'zzarrivedzz', ',', '快', 'x'])
      expect(wordsBy(name, '我的订单')).toEqual(['我', '的', '订', '单'])
    },
  )

  test('full-width letters and emoji keep their own places', () => {
    const text = '😀 Ａｂ　订单👨‍👩‍👧 order'
    expect(wordsBy('bert', text)).toEqual(['😀', 'Ａｂ', '订', '单', '👨‍👩‍👧', 'order'])
  })

  test('an entity that begins and ends with words comes back as it was, and words stand in their order', () => {
    const parts = fc.constantFrom('order', 'refund', '快', '递', 'Ａｂ', '😀', 'é', ' ', '，', '7pm', ', ')
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 10 }), fc.nat(), fc.nat(), (list, a, b) => {
        const text = list.join('')
        const words = wordsOf(text, tokenizers.bert!.offsets(text))
        for (const [i, word] of words.entries()) {
          expect(word.start).toBeLessThan(word.end)
          if (i > 0) expect(word.start).toBeGreaterThanOrEqual(words[i - 1]!.end)
        }
        fc.pre(words.length > 0)
        const [from, to] = [a % words.length, b % words.length].sort((x, y) => x - y) as [number, number]
        const entity = { start: words[from]!.start, end: words[to]!.end, type: 'x' }
        expect(toWordSpans(words, [entity], new Map([['x', 0]]))).toEqual([{ from, to, type: 0 }])
      }),
    )
  })

  test('an entity inside of a word takes the word, one of spaces takes nothing, and no word is taken twice', () => {
    const text = 'where order'
    const words = wordsOf(text, tokenizers.bert!.offsets(text))
    const types = new Map([['x', 0]])
    expect(toWordSpans(words, [{ start: 7, end: 9, type: 'x' }], types)).toEqual([{ from: 1, to: 1, type: 0 }])
    expect(toWordSpans(words, [{ start: 5, end: 6, type: 'x' }], types)).toEqual([])
    const halves = [
      { start: 6, end: 8, type: 'x' },
      { start: 8, end: 11, type: 'y' },
    ]
    expect(toWordSpans(words, halves, types)).toEqual([{ from: 1, to: 1, type: 0 }])
  })
})
