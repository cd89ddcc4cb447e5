import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DatasetRow } from '#kit'
import { checkSet } from './check-set.ts'
import type { FindingKind } from './finding.ts'

const labels = ['退货', '查物流', 'refund', 'Refund', 'track order', 'ｔｒａｃｋ　ｏｒｄｅｒ'].map((name, i) => ({
  id: `lbl_${i}`,
  name,
}))
const row = (id: string, text: string, label = 'lbl_0', more: Partial<DatasetRow> = {}): DatasetRow => ({
  id,
  text,
  label,
  ...more,
})

async function found(rows: DatasetRow[], kind: FindingKind) {
  return (await checkSet({ rows, labels })).find((finding) => finding.kind === kind)?.cases ?? []
}

test('labels that differ in case, width or blanks alone go to the one with more rows', async () => {
  const rows = [
    row('1', 'money back', 'lbl_2'),
    row('2', 'give it back', 'lbl_2'),
    row('3', 'send it home', 'lbl_3'),
    row('4', 'where is it', 'lbl_4'),
    row('5', 'is it on its way', 'lbl_5'),
  ]
  expect((await found(rows, 'label-variants')).map(({ row, fix }) => [row, fix])).toEqual([
    ['3', { do: 'label', label: 'lbl_2' }],
    ['5', { do: 'label', label: 'lbl_4' }],
  ])
})

test('of rows that say the same the first stays; with another answer or another label they are not the same', async () => {
  const rows = [
    row('1', '怎么 退货'),
    row('2', '怎么退货'),
    row('3', '怎么退货', 'lbl_1'),
    row('4', '怎么退货', 'lbl_0', { pair: '七天内' }),
    row('5', 'Ｈｏｗ  ｍｕｃｈ'),
    row('6', 'how much'),
  ]
  expect((await found(rows, 'copies')).map(({ row, fix }) => [row, fix])).toEqual([
    ['2', { do: 'remove', keeper: '1' }],
    ['6', { do: 'remove', keeper: '5' }],
  ])
})

test('a slip of the pen makes a near copy, another place does not', async () => {
  const rows = [
    row('1', 'i would like to send the blue shoes back to you'),
    row('2', 'i would like to send the bleu shoes back to you'),
    row('3', '请帮我查一下从北京到上海的航班'),
    row('4', '请帮我查一下从北京到上海的航班啊'),
    row('5', '上海到北京怎么走'),
    row('6', '北京到上海怎么走'),
  ]
  expect((await found(rows, 'near-copies')).map(({ row }) => row)).toEqual(['2', '4'])
})

test('the same words under two labels are a conflict that the majority settles, and both sides are shown', async () => {
  const rows = [
    row('1', '我要退货'),
    row('2', '我要退货！', 'lbl_1'),
    row('3', '我要 退货', 'lbl_1'),
    row('4', '我要退货', 'lbl_1'),
  ]
  expect((await found(rows, 'conflicts')).map(({ row, fix }) => [row, fix])).toEqual([
    ['1', { do: 'label', label: 'lbl_1' }],
    ['3', null],
    ['4', null],
  ])
})

test('words that are outside of all topics here and a topic there go to the topic', async () => {
  const rows = [row('1', 'tell me a joke'), { id: '2', text: 'Tell me a joke', outOfScope: true }]
  expect((await found(rows, 'conflicts')).map(({ row, fix }) => [row, fix])).toEqual([
    ['1', null],
    ['2', { do: 'label', label: 'lbl_0' }],
  ])
})

const topics = [
  ['退货', '换货', '退款', '不想要了', '退回去', '返还'],
  ['快递', '物流', '包裹', '配送', '寄到', '派送'],
]
const ways = [
  '我想问一下$怎么办',
  '请问$要多久',
  '麻烦查一下$',
  '$的事情谁负责',
  '关于$我有疑问',
  '$可以吗',
  '昨天的$还没处理',
  '为什么$这么慢',
]
const taught = topics.flatMap((words, label) =>
  words.flatMap((word, w) => ways.map((way, i) => row(`${label} ${w} ${i}`, way.replace('$', word), `lbl_${label}`))),
)

test('a row under the wrong label is doubted, with the right one suggested, and right ones are left alone', async () => {
  const wrong = row('wrong', '我想问一下快递包裹的配送', 'lbl_0')
  const cases = await found([...taught, wrong], 'doubtful-labels')
  expect(cases.map(({ row, fix }) => [row, fix])).toEqual([['wrong', { do: 'label', label: 'lbl_1' }]])
})

test('a label with fewer than five rows is told of, a set with one label is not', async () => {
  expect((await found([...taught, row('x', 'refund', 'lbl_2')], 'few-rows')).map(({ row }) => row)).toEqual(['x'])
  expect(await found([row('1', '你好'), row('2', '再见')], 'few-rows')).toEqual([])
})

test('a row in another language than nearly all others is found, a name in other letters is not', async () => {
  const rows = [...taught, row('en', 'please stop sending messages to me'), row('name', 'iPhone 15 退货')]
  expect((await found(rows, 'language')).map(({ row }) => row)).toEqual(['en'])
})

test('a sign alone is too short, and what no model reads is too long from the place on where it stops', async () => {
  const rows = [row('1', '😀'), row('2', '?'), row('3', '嗯'), row('4', '好的'), row('5', '问'.repeat(300))]
  expect((await found(rows, 'too-short')).map(({ row }) => row)).toEqual(['1', '2', '3'])
  expect(await found(rows, 'too-long')).toEqual([{ row: '5', fix: { do: 'remove' }, marks: [[254, 300]] }])
})

test('greetings and signatures of many topics come off; what is all of a row, and manners, stay', async () => {
  const rows = taught.map(({ text, ...rest }, i) => ({
    ...rest,
    label: `lbl_${i % 4}`,
    text: i % 3 === 0 ? `您好，${text}` : i % 3 === 1 ? `${text}\nSent from my iPhone` : `${text}, please`,
  }))
  rows.push({ id: 'hello', text: '您好，', label: 'lbl_0' })
  const cases = await found(rows, 'boilerplate')
  expect(cases).toHaveLength(64)
  expect(cases[0]).toMatchObject({ fix: { do: 'text', text: '我想问一下退货怎么办' }, marks: [[0, 3]] })
  expect(cases[1]).toMatchObject({ fix: { do: 'text', text: '请问退货要多久' } })
})

test('nothing to look at gives nothing, and neither does one good row', async () => {
  expect(await checkSet({ rows: [], labels: [] })).toEqual([])
  expect(await checkSet({ rows: [row('1', '怎么退货')], labels })).toEqual([])
})

test('hostile rows take no time: endless lines, almost addresses, almost numbers, almost names', async () => {
  const bad = [
    'a@'.repeat(5_000),
    '1 '.repeat(5_000),
    '中'.repeat(10_000),
    '路1'.repeat(5_000),
    '我叫'.repeat(5_000),
    'Mr '.repeat(3_333),
    ', '.repeat(5_000),
    '1 a '.repeat(2_500),
    '-'.repeat(10_000),
    'Ã'.repeat(10_000),
    '\u202e'.repeat(5_000),
    '((('.repeat(3_333),
    '+1 '.repeat(3_333),
  ]
  const from = performance.now()
  await checkSet({ rows: bad.map((text, i) => row(String(i), text)), labels })
  // A quadratic pattern would take minutes.
  expect(performance.now() - from).toBeLessThan(20_000)
}, 30_000)

test('whatever people write, each finding names rows of the set, and marks lie within their texts', async () => {
  const piece = fc.oneof(
    fc.constantFrom('我叫王伟', '13800138000', 'a@b.cn', '，', '😀', 'שלום', 'Ã©', '路12号', '\n', ' '),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 6 }), { maxLength: 12 }), async (texts) => {
      const rows = texts.map((parts, i) => row(String(i), parts.join(''), `lbl_${i % 3}`))
      for (const { cases } of await checkSet({ rows, labels }))
        for (const { row: id, marks = [] } of cases) {
          const { text } = rows.find((one) => one.id === id)!
          for (const [start, end] of marks) expect(0 <= start && start < end && end <= text.length).toBe(true)
        }
    }),
    { numRuns: 60 },
  )
})
