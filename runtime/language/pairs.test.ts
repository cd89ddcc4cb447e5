import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelText } from '#kit'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { oracle } from '#runtime/tensor/fixtures/oracle.ts'
import { type Encoder, loadEncoder } from './encoder.ts'
import { createFeatureExtractor, encoderConstants, sentenceProgram, tokenInputs, tokenSpecs } from './features.ts'
import { writeTinyEncoders } from './fixtures/tiny-encoders.ts'
import { byteLevelBpe, type TinyTokenizer, unigram, wordPiece } from './fixtures/tiny-tokenizers.ts'
import { createTokenizer, padTokens, type TextTokenizer } from './tokenizer.ts'

const reference = JSON.parse(
  await readFile(join(import.meta.dirname, 'fixtures/reference-pairs.json'), 'utf8'),
) as Record<string, { pair: [string, string]; limit: number; ids: number[]; types: number[] }[]>

const open = ({ json, size, padId }: TinyTokenizer, maxLength: number, options: object = {}): TextTokenizer =>
  createTokenizer(
    json,
    {},
    { maxLength, padId, vocabulary: size, typeVocabulary: 2, prompt: '', lowercase: false, source: 'tiny', ...options },
  )

describe.each([
  ['WordPiece', wordPiece(), 'bert'],
  ['byte-level BPE', byteLevelBpe(), 'roberta'],
  ['Unigram', unigram(), 'camembert'],
] as const)('two texts by %s', (_, tiny, folder) => {
  test.each(reference[folder]!)('have the ids and types of the Rust tokenizer: $pair, at most $limit', (row) => {
    const { ids, types } = open(tiny, row.limit).encode(row.pair)
    expect([...ids]).toEqual(row.ids)
    expect([...types!]).toEqual(row.types)
  })

  test.each(reference[folder]!)('are laid over the first text alone: $pair, at most $limit', ({ pair, limit, ids }) => {
    const spans = open(tiny, limit).offsets(pair)
    expect(spans).toHaveLength(ids.length)
    const places = (all: typeof spans) => all.filter((span) => span !== null)
    const alone = places(open(tiny, 64).offsets(pair[0]))
    expect(places(spans)).toEqual(alone.slice(0, places(spans).length))
    if (limit === 64) expect(places(spans)).toEqual(alone)
  })
})

test('the prompt stands ahead of the first text only, and an encoder without types is given none', () => {
  const plain = open(wordPiece(), 64)
  const prompted = open(wordPiece(), 64, { prompt: 'query: ', typeVocabulary: 1 })
  expect(prompted.encode(['refund', 'order']).ids).toEqual(plain.encode(['query: refund', 'order']).ids)
  expect(prompted.encode(['refund', 'order']).types).toBeNull()
  expect(plain.encode('refund').types).toBeNull()
})

test('a tokenizer without a template for two texts reads single ones, and says so of two', () => {
  const { json, ...rest } = unigram()
  const post_processor = { ...(json as { post_processor: object }).post_processor, pair: [] }
  const tokenizer = open({ ...rest, json: { ...json, post_processor } }, 64)
  expect(tokenizer.encode('hello').ids.length).toBeGreaterThan(2)
  expect(() => tokenizer.encode(['hello', 'order'])).toThrow(expect.objectContaining({ code: 'encoder-unreadable' }))
})

describe('an encoder with types', () => {
  let root: string
  let encoder: Encoder
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'botloom-pairs-'))
    await writeTinyEncoders(root)
    encoder = await loadEncoder(join(root, 'bert'))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  const vectorsOf = async (by: Encoder, texts: readonly ModelText[], executor = createOnnxExecutor({ threads: 1 })) => {
    const extractor = await createFeatureExtractor(by, executor)
    try {
      return (await extractor.extract(texts)).vectors
    } finally {
      await extractor.dispose()
    }
  }
  const furthest = (a: Float32Array, b: Float32Array): number =>
    a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)

  test('adds to each token the row of its own type', async () => {
    // With all types 1 it is the encoder whose only type is that row.
    const name = 'embeddings.token_type_embeddings.weight'
    const table = encoder.weights.get(name)!
    const width = encoder.config.hidden_size
    const second = new Float32Array(table.data.length)
    second.set(table.data.subarray(width, 2 * width))
    const other = { ...encoder, weights: new Map(encoder.weights).set(name, { ...table, data: second }) }
    const batch = padTokens([encoder.tokenizer.encode('where is my order')], 0)
    const ones = { ...batch, types: new Int32Array(batch.length).fill(1) }
    const run = async (by: Encoder, given: typeof batch) => {
      const onnx = createOnnxExecutor({ threads: 1 })
      const graph = await onnx.compile(sentenceProgram(by), tokenSpecs(given.types !== null), {
        constants: encoderConstants(by),
      })
      const out = await graph.run(tokenInputs(given))
      await graph.dispose()
      return out.hidden!.data as Float32Array
    }
    expect(furthest(await run(encoder, ones), await run(other, batch))).toBeLessThan(1e-6)
    expect(furthest(await run(encoder, ones), await run(encoder, batch))).toBeGreaterThan(1e-2)
  })

  test('gives a pair the same vector alone and among others, by the graph and kernel by kernel', async () => {
    const texts: ModelText[] = [
      ['where is my order', 'refund'],
      'where is my order',
      ['where is my', 'order refund'],
      ['refund', 'where is my order'],
    ]
    const together = await vectorsOf(encoder, texts)
    const width = encoder.config.hidden_size
    for (const [i, text] of texts.entries()) {
      const alone = await vectorsOf(encoder, [text])
      expect(furthest(alone, together.subarray(i * width, (i + 1) * width))).toBeLessThan(1e-5)
    }
    expect(furthest(together.subarray(0, width), together.subarray(3 * width))).toBeGreaterThan(1e-2)
    expect(furthest(await vectorsOf(encoder, texts, oracle), together)).toBeLessThan(1e-5)
  })

  test('keeps the vectors of a pair under both of its texts', async () => {
    const cache = join(root, 'cache')
    const onnx = createOnnxExecutor({ threads: 1 })
    const texts: ModelText[] = [['refund', 'order'], 'refund', ['refund', 'my order']]
    const first = await createFeatureExtractor(encoder, onnx, cache)
    const { vectors } = await first.extract(texts)
    await first.dispose()
    const again = await createFeatureExtractor(encoder, onnx, cache)
    let asked = 0
    const found = await again.extract(texts, { onProgress: () => asked++ })
    await again.dispose()
    expect(found.vectors).toEqual(vectors)
    expect(asked).toBe(0)
    expect(vectors).toEqual(await vectorsOf(encoder, texts))
  })
})
