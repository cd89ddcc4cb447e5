import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Executor } from '#runtime/tensor/executor.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { loadEncoder } from './encoder.ts'
import { batchesByLength, extractFeatures } from './features.ts'

const encoder = await loadEncoder(join(import.meta.dirname, 'builtin/botloom-zh-en'))
const executor = createOnnxExecutor({ threads: 1 })
/** Fails when anything is computed. */
const idle: Executor = {
  ...executor,
  compile: () => Promise.reject(new Error('nothing was to be computed')),
}
let cacheFolder: string
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'botloom-features-'))
})
afterEach(() => rm(cacheFolder, { recursive: true, force: true }))

test('each text gets its own vector whatever stands beside it', async () => {
  const texts = ['where is my order', '退货', 'I would like to know when my parcel will arrive', '退货']
  const { width, vectors } = await extractFeatures(encoder, texts, { executor })
  for (const [row, text] of texts.entries()) {
    const alone = await extractFeatures(encoder, [text], { executor })
    for (let i = 0; i < width; i++) expect(vectors[row * width + i]).toBeCloseTo(alone.vectors[i]!, 5)
  }
})

test('a second run reads everything from the cache', async () => {
  const texts = ['one', 'two', '三']
  const first = await extractFeatures(encoder, texts, { executor, cacheFolder })
  const second = await extractFeatures(encoder, texts, { executor: idle, cacheFolder })
  expect(second.vectors).toEqual(first.vectors)
  await expect(extractFeatures(encoder, ['new'], { executor: idle, cacheFolder })).rejects.toThrow('nothing was to be')
  await expect(extractFeatures({ ...encoder, hash: 'other' }, texts, { executor: idle, cacheFolder })).rejects.toThrow(
    'nothing was to be',
  )
})

test('a damaged cache file costs time, not correctness', async () => {
  const first = await extractFeatures(encoder, ['one'], { executor, cacheFolder })
  const home = join(cacheFolder, encoder.hash)
  const file = join(home, (await readdir(home))[0]!)
  const bytes = await readFile(file)
  bytes[60]! ^= 0xff
  await writeFile(file, bytes)
  const again = await extractFeatures(encoder, ['one'], { executor, cacheFolder })
  expect(again.vectors).toEqual(first.vectors)
})

test('a stop is heard between batches', async () => {
  const stop = new AbortController()
  const texts = Array.from({ length: 400 }, (_, i) => `sentence number ${i} of a long list`)
  const work = extractFeatures(encoder, texts, { executor, signal: stop.signal, onProgress: () => stop.abort() })
  await expect(work).rejects.toThrow('aborted')
})

test('batches hold each row once and stay within the budget of tokens', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 })), fc.integer({ min: 50, max: 300 }), (lengths, tokens) => {
      const batches = batchesByLength(lengths, tokens)
      expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()])
      for (const batch of batches) {
        expect(batch.length * Math.max(...batch.map((row) => lengths[row]!))).toBeLessThanOrEqual(tokens)
      }
    }),
  )
})
