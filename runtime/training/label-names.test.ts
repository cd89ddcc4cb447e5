import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatasetRow } from '#kit'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { nameRows, spokenName } from './label-names.ts'
import { fitHead, trainHead } from './train-head.ts'
import { toTrainingSet } from './training-set.ts'

let root: string
let encoder: Encoder
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-names-'))
  await writeTinyEncoders(root)
  encoder = await loadEncoder(join(root, 'bert'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

test.each([
  ['card_arrival', 'card arrival'],
  ['Refund_not_showing_up', 'Refund not showing up'],
  ['cardArrival', 'card Arrival'],
  ['order.status', 'order status'],
  ['退款', '退款'],
  ['  where is   it ', 'where is it'],
])('%s is spoken as “%s”', (name, spoken) => {
  expect(spokenName(name)).toBe(spoken)
})

const rowsOf = (label: string, texts: readonly string[]) =>
  texts.map((text, i): DatasetRow => ({ id: `${label}${i}`, text, label }))
const setOf = (names: Record<string, string>, each = 4) =>
  toTrainingSet(
    [
      ...rowsOf('a', ['my order', 'where is my order', 'order it', 'the order'].slice(0, each)),
      ...rowsOf('b', ['i want to cancel', 'cancel', 'cancel it', 'can i cancel'].slice(0, each)),
    ],
    [],
    Object.entries(names).map(([id, name]) => ({ id, name })),
  )

test('names with letters are rows of their labels, and none are where rows are many', () => {
  const set = setOf({ a: 'order', b: '17' })
  expect(nameRows(set)).toEqual([{ id: 'name:a', text: 'order', truth: [0] }])
  const many = { ...set, train: Array.from({ length: 20 }, () => set.train).flat() }
  expect(nameRows(many)).toEqual([])
})

test('names that make held-out rows likelier are learned, those of the other label are not', async () => {
  const executor = createOnnxExecutor({ threads: 1 })
  const trained = (names: Record<string, string>) => fitHead({ executor, encoder, set: setOf(names, 2), seed: 1 })
  const right = await trained({ a: 'order', b: 'cancel' })
  expect(right.names.map((row) => row.text)).toEqual(['order', 'cancel'])
  expect(right.nameVectors.length).toBe(2 * right.head.width)
  const wrong = await trained({ a: 'cancel', b: 'order' })
  expect(wrong.names).toEqual([])
  // A name is no row of the data: it is neither counted nor shown as a neighbour.
  const saved = await trainHead({ executor, encoder, set: setOf({ a: 'order', b: 'cancel' }, 2), seed: 1 })
  expect(saved.rows.length).toBe(4)
  expect(saved.card.labels.map(({ rows }) => rows)).toEqual([2, 2])
  expect(saved.card.training.settings.names).toBe(2)
})
