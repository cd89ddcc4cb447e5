import { cp, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunNote } from '#kit'
import type { Checkpoint } from '#runtime/language/checkpoint.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { type SmallKind, trainSmall } from './fixtures/small-training.ts'
import { trainAndDie } from './fixtures/train-and-die.ts'
import { createTrainingKeeper } from './training-keeper.ts'

let root: string
let unbroken: Checkpoint
/** What a training left that was killed in its second epoch. */
let left: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-kept-'))
  await writeTinyEncoders(root)
  unbroken = await trainSmall(root)
  left = join(root, 'left')
  await trainAndDie('labels', root, left, 8)
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function copyOf(name: string): Promise<string> {
  await cp(left, join(root, name), { recursive: true })
  return join(root, name)
}

async function goOn(kept: string, given: { kind?: SmallKind; executor?: Executor } = {}) {
  const notes: RunNote[] = []
  const keeper = createTrainingKeeper(kept, { minutes: 0 })
  const checkpoint = await trainSmall(root, { ...given, keeper, note: (note) => notes.push(note) })
  return { checkpoint, notes, keeper }
}

/** Everything that was learned, bit for bit; when and how long is another matter. */
function learned({ encoder, head, tagHead, vectors, card }: Checkpoint) {
  const { seconds: _, notes: __, ...training } = card.training
  return { weights: encoder.weights, head, tagHead, vectors, card: { ...card, training } }
}

const placesOf = async (kept: string): Promise<string[]> =>
  (await readdir(kept, { recursive: true })).filter((name) => name.includes('.'))

test('a training that was killed twice in the midst of an epoch ends with the very weights of an unbroken one', async () => {
  const kept = await copyOf('killed')
  await trainAndDie('labels', root, kept, 22)
  const { checkpoint, notes, keeper } = await goOn(kept)
  expect(notes.map(({ code }) => code)).toEqual(['training-picked-up'])
  expect(checkpoint.card.training.notes).toHaveLength(2)
  expect(learned(checkpoint)).toEqual(learned(unbroken))
  await keeper.forget()
  expect(await placesOf(kept)).toEqual([])
})

test.each([
  ['entities', 8, 22],
  ['setfit', 8, 22],
  ['pairs', 8, 22],
  ['members', 12, 68],
] as const)('and so does one that learns %s', async (kind, once, again) => {
  const kept = join(root, `killed-${kind}`)
  await trainAndDie(kind, root, kept, once)
  await trainAndDie(kind, root, kept, again)
  const { checkpoint, notes, keeper } = await goOn(kept, { kind })
  expect(notes.map(({ code }) => code)).toEqual(['training-picked-up'])
  const whole = await trainSmall(root, { kind })
  expect(whole.tagHead?.labels).toBe(kind === 'entities' ? 5 : undefined)
  expect(learned(checkpoint)).toEqual(learned(whole))
  await keeper.forget()
  expect(await placesOf(kept)).toEqual([])
})

test('another device goes on where the one before was, and the notes say so', async () => {
  const kept = await copyOf('moved')
  const elsewhere = { ...createOnnxExecutor({ threads: 1 }), name: 'card', device: 'A card' }
  const { checkpoint, notes } = await goOn(kept, { executor: elsewhere })
  const params = { epoch: 2, epochs: 6, from: createOnnxExecutor({ threads: 1 }).device, to: 'A card' }
  expect(notes).toEqual([{ code: 'training-moved', params }])
  expect(checkpoint.encoder.weights).toEqual(unbroken.encoder.weights)
  expect(checkpoint.card.training).toMatchObject({ device: 'A card', notes: [{ code: 'training-moved' }] })
})

test('a state that is torn is put aside with a word, and training begins anew', async () => {
  const kept = await copyOf('torn')
  const state = (await placesOf(kept)).find((name) => name.includes('state-'))!
  await truncate(join(kept, state), 1000)
  const { checkpoint, notes } = await goOn(kept)
  expect(notes.map(({ code }) => code)).toEqual(['kept-training-unusable'])
  expect(learned(checkpoint)).toEqual(learned(unbroken))
})

test('another training takes nothing from it, and what nobody went on with for a week is swept', async () => {
  const kept = await copyOf('other')
  const [old] = await readdir(kept)
  const notes: RunNote[] = []
  const keeper = createTrainingKeeper(kept)
  await trainSmall(root, { keeper, seed: 8, note: (note) => notes.push(note) })
  expect(notes).toEqual([])
  expect(await readdir(kept)).toContain(old)
  const longAgo = new Date(Date.now() - 8 * 86_400_000)
  await utimes(join(kept, old!), longAgo, longAgo)
  await createTrainingKeeper(kept).open('another', () => {})
  expect(await readdir(kept)).not.toContain(old)
})

test('where nothing can be written training goes on and says so once', async () => {
  const kept = join(root, 'a-file')
  await writeFile(kept, '')
  const { checkpoint, notes } = await goOn(kept)
  expect(notes.map(({ code }) => code)).toEqual(['training-not-kept'])
  expect(learned(checkpoint)).toEqual(learned(unbroken))
})
