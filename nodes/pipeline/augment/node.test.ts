import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { runBlock } from '../../../tests/drivers/run-block.ts'
import { augment } from './node.ts'
import run from './run.ts'
import { starterSynonyms } from './starter-synonyms.ts'

describeBlock(augment, import.meta.url)

const labels = [
  { id: 'lbl_a', name: 'track' },
  { id: 'lbl_b', name: 'refund' },
]
const rows = [
  { id: '1', text: 'where is my parcel now', label: 'lbl_a', split: 'train' as const },
  { id: '2', text: '我的快递到哪里了', label: 'lbl_a', split: 'train' as const },
  { id: '3', text: 'i want my money back', label: 'lbl_b', split: 'train' as const },
]

test('each sentence gives as many new ones as asked for, marked as made', async () => {
  const { outputs, read } = await runBlock(run, { config: { factor: 2 }, datasets: { train: { labels, rows } } })
  const all = await read(outputs.train)
  expect(all.slice(0, 3)).toEqual(rows)
  expect(
    all
      .slice(3)
      .map((row) => row.origin?.row)
      .sort(),
  ).toEqual(['1', '1', '2', '2', '3', '3'])
  expect(outputs.train.labels.map((label) => label.rows)).toEqual([6, 3])
})

test('the table in the form is the one that is used', async () => {
  const config = { synonyms: 50, swap: 0, delete: 0, keyboard: 0, pinyin: 0, table: 'money back, cash' }
  const { outputs, read } = await runBlock(run, { config, datasets: { train: { labels, rows } } })
  expect((await read(outputs.train)).slice(3)).toMatchObject([
    { text: 'i want my cash', label: 'lbl_b', origin: { row: '3', way: 'synonyms' } },
  ])
})

test('a stop is heard', async () => {
  const signal = AbortSignal.abort(new Error('stopped'))
  await expect(runBlock(run, { config: {}, datasets: { train: { labels, rows } }, signal })).rejects.toThrow('stopped')
})

test('the form says when nothing will come of it, and which line of the table is of no use', () => {
  const problems = (config: object) => augment.check!(augment.config.parse(config), { languages: [], names: [] })
  expect(problems({})).toEqual([])
  expect(problems({ synonyms: 0, swap: 0, delete: 0, keyboard: 0, pinyin: 0 })).toMatchObject([{ code: 'no-way' }])
  expect(problems({ table: 'a, b\nc,\n\n，d\ne、f' })).toMatchObject([
    { code: 'word-alone', params: { line: 2 } },
    { code: 'word-alone', params: { line: 4 } },
  ])
})

test('the table to begin with has dozens of lines of each language, no word twice in its line', () => {
  const lines = starterSynonyms.split('\n').map((line) => line.split(', '))
  const isHan = (words: string[]) => words.every((word) => /\p{Script=Han}/u.test(word))
  expect(lines.filter(isHan).length).toBeGreaterThan(36)
  expect(lines.filter((words) => words.every((word) => /^[a-z -]+$/.test(word))).length).toBeGreaterThan(36)
  for (const words of lines) expect(new Set(words).size).toBe(words.length)
})
