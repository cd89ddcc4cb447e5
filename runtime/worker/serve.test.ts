import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClassifierRef } from '#kit'
import { writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { tryInt8 } from '#runtime/serving/int8-trial.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { trainHead } from '#runtime/training/train-head.ts'
import { toTrainingSet } from '#runtime/training/training-set.ts'
import { createArtifactFolder } from './artifacts.ts'
import { createModelServer } from './serve.ts'

const sentences: Record<string, string[]> = {
  refund: ['I want my money back', 'refund please', 'how do I get a refund', '我要退款', '钱什么时候退给我'],
  ship: ['where is my parcel', 'track my order', 'has it shipped yet', '我的快递到哪了', '什么时候发货'],
}
let folder: string
let full: ClassifierRef
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-serve-'))
  const encoder = await loadEncoder(join(import.meta.dirname, '../language/builtin/botloom-zh-en'))
  const rows = Object.entries(sentences).flatMap(([label, texts]) =>
    texts.map((text, i) => ({ id: `${label}${i}`, text, label })),
  )
  const labels = Object.keys(sentences).map((id) => ({ id, name: id }))
  const set = toTrainingSet(rows, [], labels)
  const checkpoint = await trainHead({ executor: createOnnxExecutor({ threads: 1 }), encoder, set, seed: 1 })
  const artifact = await createArtifactFolder(folder).write(async (at) => {
    await tryInt8(at, await writeCheckpoint(at, checkpoint), checkpoint, set.train, { threads: 1 })
  })
  full = { artifact, labels, threshold: 0.5, accuracy: null }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const int8 = (): ClassifierRef => ({ ...full, precision: 'int8' })
const first = async (server: ReturnType<typeof createModelServer>, model: ClassifierRef, text: string) =>
  (await server.classify(model, [text])).map(({ labels, neighbours }) => ({
    label: labels[0]!.label,
    similarity: neighbours[0]!.similarity,
  }))[0]!

test('both forms of a model answer, the small one takes less memory, and each is timed on its own', async () => {
  const server = createModelServer({ artifacts: folder }, { threads: 1 })
  const [a, b] = [await first(server, full, 'give me a refund'), await first(server, int8(), 'give me a refund')]
  expect([a.label, b.label]).toEqual(['refund', 'refund'])
  expect(b.similarity).toBeCloseTo(a.similarity, 1)
  expect(b.similarity).not.toBe(a.similarity)
  await Promise.all(Array.from({ length: 20 }, () => first(server, int8(), 'track my order')))
  const served = server.served()
  expect(served.map(({ precision, answers }) => [precision, answers])).toEqual([
    ['full', 1],
    ['int8', 21],
  ])
  expect(served[1]!.megabytes).toBeLessThan(served[0]!.megabytes / 2)
  expect(served[1]!.batchRows).toBeGreaterThan(1)
  for (const { p50Ms, p95Ms, waitP95Ms } of served) {
    expect(p50Ms).toBeGreaterThan(0)
    expect(p95Ms).toBeGreaterThanOrEqual(p50Ms)
    expect(waitP95Ms).toBeLessThanOrEqual(p95Ms)
  }
})

test('8-bit weights: a text gets the same answer alone and in company', async () => {
  const server = createModelServer({ artifacts: folder }, { threads: 1 })
  const alone = await first(server, int8(), 'where is my refund')
  const texts = ['where is my refund', ...Object.values(sentences).flat()]
  const together = await Promise.all(texts.map((text) => first(server, int8(), text)))
  expect(together[0]!.label).toBe(alone.label)
  expect(together[0]!.similarity).toBeCloseTo(alone.similarity, 5)
})

test('with memory for one model, two that are asked in turns still both answer, and what was asked before loading is answered', async () => {
  const server = createModelServer({ artifacts: folder }, { threads: 1, budget: 1 })
  await server.keep([full, int8()])
  expect(server.served()).toHaveLength(1)
  const asked = Array.from({ length: 12 }, (_, i) => first(server, i % 2 ? full : int8(), 'has it shipped yet'))
  expect((await Promise.all(asked)).map(({ label }) => label)).toEqual(Array(12).fill('ship'))
  expect(server.served()).toHaveLength(1)
})

test('a model that is not there fails when it is asked, and its neighbours are loaded all the same', async () => {
  const server = createModelServer({ artifacts: folder }, { threads: 1 })
  const gone = { ...full, artifact: '0'.repeat(64) }
  await server.keep([gone, full])
  expect(server.served()).toMatchObject([{ artifact: full.artifact, precision: 'full', answers: 0 }])
  await expect(server.classify(gone, ['hello'])).rejects.toMatchObject({ code: 'artifact-missing' })
})
