import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { runBlock } from '../../../tests/drivers/run-block.ts'
import { preprocess } from './node.ts'
import run from './run.ts'

describeBlock(preprocess, import.meta.url)

const labels = [{ id: 'lbl_a', name: 'a' }]
const row = (id: string, text: string, split?: 'train' | 'test') => ({
  id,
  text,
  label: 'lbl_a',
  ...(split ? { split } : {}),
})

test('texts come into one form and copies are dropped', async () => {
  const { outputs, read } = await runBlock(run, {
    config: {},
    datasets: { data: { labels, rows: [row('1', ' ＡＢＣ  def '), row('2', 'ABC def'), row('3', 'other')] } },
  })
  expect((await read(outputs.data)).map((r) => r.text)).toEqual(['ABC def', 'other'])
  expect(outputs.data.labels).toEqual([{ id: 'lbl_a', name: 'a', rows: 2 }])
})

test('the second text of a row with a label is cleaned too', async () => {
  const { read, outputs } = await runBlock(run, {
    config: {},
    datasets: { data: { labels, rows: [{ ...row('1', 'how  long'), pair: ' ２  days' }] } },
  })
  expect((await read(outputs.data)).map(({ text, pair }) => [text, pair])).toEqual([['how long', '2 days']])
})

test('an answer stays as it was written, its copies are found all the same, and another answer to the question is none', async () => {
  const faq = (id: string, pair: string) => ({ id, text: 'how  long', pair })
  const { read, outputs } = await runBlock(run, {
    config: { maxLength: 10 },
    datasets: {
      data: {
        labels: [],
        rows: [faq('1', ' ２ days '), faq('2', '2 days'), faq('3', 'a week'), faq('4', 'far too long for it')],
      },
    },
  })
  expect(await read(outputs.data)).toEqual([
    { id: '1', text: 'how long', pair: '２ days' },
    { id: '3', text: 'how long', pair: 'a week' },
  ])
})

test('a given test split keeps every row', async () => {
  const { outputs, read } = await runBlock(run, {
    config: { minLength: 3 },
    datasets: {
      data: { labels, rows: [row('1', 'abc', 'train'), row('2', 'ok', 'test'), row('3', 'ok', 'test')] },
    },
  })
  expect((await read(outputs.data)).map((r) => r.id)).toEqual(['1', '2', '3'])
})

test('the same text under two labels stays twice: that is for a person to settle', async () => {
  const { outputs } = await runBlock(run, {
    config: {},
    datasets: {
      data: {
        labels: [...labels, { id: 'lbl_b', name: 'b' }],
        rows: [row('1', 'same'), { ...row('2', 'same'), label: 'lbl_b' }],
      },
    },
  })
  expect(outputs.data.rows).toBe(2)
})

test('width alone leaves other compatibility characters be', async () => {
  const { outputs, read } = await runBlock(run, {
    config: { characters: 'width', letters: 'lower' },
    datasets: { data: { labels, rows: [row('1', 'ＡＢ①')] } },
  })
  expect((await read(outputs.data))[0]?.text).toBe('ab①')
})

test('parts of a text follow it into its clean form; where they have no place in it, the row keeps its text alone', async () => {
  const text = ' 寄 ３　箱ＡＢＣ  到 北京😀 '
  const span = (part: string, type: string) => ({
    start: text.indexOf(part),
    end: text.indexOf(part) + part.length,
    type,
  })
  const { outputs, read } = await runBlock(run, {
    config: { letters: 'lower' },
    datasets: {
      data: {
        labels,
        rows: [
          { ...row('1', text), entities: [span('３　箱', 'n'), span('ＡＢＣ', 'what'), span('北京😀', 'city')] },
          { ...row('2', 'cafe\u0301 x'), entities: [{ start: 0, end: 4, type: 'n' }] },
          { ...row('3', 'nothing'), entities: [] },
        ],
      },
    },
  })
  const [first, second, third] = await read(outputs.data)
  expect(first!.text).toBe('寄 3 箱abc 到 北京😀')
  expect(first!.entities!.map(({ start, end, type }) => [first!.text.slice(start, end), type])).toEqual([
    ['3 箱', 'n'],
    ['abc', 'what'],
    ['北京😀', 'city'],
  ])
  expect(second).not.toHaveProperty('entities')
  expect(third!.entities).toEqual([])
})

test('a stop is heard', async () => {
  const signal = AbortSignal.abort(new Error('stopped'))
  await expect(
    runBlock(run, { config: {}, datasets: { data: { labels, rows: [row('1', 'abc')] } }, signal }),
  ).rejects.toThrow('stopped')
})
