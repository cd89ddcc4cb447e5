import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { runBlock } from '../../../tests/drivers/run-block.ts'
import { dataSource } from './node.ts'
import run from './run.ts'

describeBlock(dataSource, import.meta.url)

const labels = [
  { id: 'lbl_card', name: 'card' },
  { id: 'lbl_oos', name: 'OOS' },
]
const records = (prefix: string) => ({
  labels,
  rows: [
    { id: '1', text: `${prefix} card`, label: 'lbl_card' },
    { id: '2', text: `${prefix} weather`, label: 'lbl_oos' },
  ],
})

test('out-of-scope labels are dropped from given train and validation files and measured in the test file', async () => {
  const { outputs, read } = await runBlock(run, {
    config: { train: 'a', validation: 'b', test: 'c', outOfScope: ['oos'] },
    files: { a: records('a'), b: records('b'), c: records('c') },
  })
  expect(await read(outputs.data)).toEqual([
    { id: 'train:1', text: 'a card', label: 'lbl_card', split: 'train' },
    { id: 'validation:1', text: 'b card', label: 'lbl_card', split: 'validation' },
    { id: 'test:1', text: 'c card', label: 'lbl_card', split: 'test' },
    { id: 'test:2', text: 'c weather', outOfScope: true, split: 'test' },
  ])
  expect(outputs.data.labels.map((label) => label.id)).toEqual(['lbl_card'])
})

test('one file alone is no split yet', async () => {
  const { outputs, read } = await runBlock(run, { config: { train: 'a' }, files: { a: records('a') } })
  expect((await read(outputs.data)).map((row) => row.split)).toEqual([undefined, undefined])
})

test('records without any label are refused with words', async () => {
  const bare = { labels: [], rows: [{ id: '1', text: 'hello' }] }
  await expect(runBlock(run, { config: { train: 'a' }, files: { a: bare } })).rejects.toThrow(
    /Not one record has a label/,
  )
})

test('two texts teach without a label', async () => {
  const rows = [
    { id: '1', text: 'how long?', pair: 'two days' },
    { id: '2', text: 'hello' },
  ]
  const { outputs, read } = await runBlock(run, { config: { train: 'a' }, files: { a: { labels: [], rows } } })
  expect(await read(outputs.data)).toEqual([rows[0]])
})

test('neither set nor file: the block says so before and when it runs', async () => {
  expect(dataSource.check?.(dataSource.config.parse({}), { languages: ['en'], names: [] })).toMatchObject([
    { code: 'no-records' },
  ])
  await expect(runBlock(run, { config: {} })).rejects.toMatchObject({ code: 'data-no-records' })
})
