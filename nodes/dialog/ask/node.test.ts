import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { ask } from './node.ts'

describeBlock(ask, import.meta.url, {
  kind: 'choice',
  variable: 'size',
  choices: [{ id: 'a', text: { en: 'Large' }, value: '' }],
})

function asking(config: Record<string, unknown>) {
  return graphOf(
    {
      s: { type: 'start' },
      q: { type: 'ask', config: { question: { 'zh-CN': '问题', en: 'Question' }, variable: 'answer', ...config } },
      ok: { type: 'end', config: { text: { 'zh-CN': '收到 {{answer}}', en: 'Got {{answer}}' } } },
      no: { type: 'end', config: { text: { 'zh-CN': '放弃', en: 'Gave up' } } },
    },
    ['s -> q', 'q -> ok', 'q/failed -> no'],
  )
}
/** The answer kept for one reply, or undefined where it was asked again. Now is Tuesday 24 November 2026, noon in Shanghai. */
async function kept(config: Record<string, unknown>, reply: string): Promise<unknown> {
  const chat = new ChatDriver(asking(config))
  await chat.start()
  await chat.says(reply)
  return chat.session?.variables.answer
}

describe('numbers', () => {
  test.each([
    ['3', 3],
    ['３个', 3],
    ['1,299.5', 1299.5],
    ['要两个', 2],
    ['一百二十三', 123],
    ['三百五', 350],
    ['1.5万', 15000],
    ['about 20 please', 20],
    ['two', 2],
    ['twenty five', 25],
    ['-4', -4],
  ])('%s', async (reply, value) => {
    expect(await kept({ kind: 'number' }, reply)).toBe(value)
  })
  test.each(['等一下', 'no idea', '不知道'])('%s is none', async (reply) => {
    expect(await kept({ kind: 'number' }, reply)).toBeUndefined()
  })
  test('outside of the range it asks again', async () => {
    expect(await kept({ kind: 'number', min: 1, max: 10 }, '11')).toBeUndefined()
    expect(await kept({ kind: 'number', min: 1, max: 10 }, '10')).toBe(10)
  })
})

describe('dates', () => {
  test.each([
    ['2026-11-02', '2026-11-02'],
    ['2026年3月5日', '2026-03-05'],
    ['２０２６/１/９', '2026-01-09'],
    ['今天', '2026-11-24'],
    ['昨天买的', '2026-11-23'],
    ['前天', '2026-11-22'],
    ['三天前', '2026-11-21'],
    ['上周一', '2026-11-16'],
    ['11月2号', '2026-11-02'],
    ['十一月三日', '2026-11-03'],
    ['20号', '2026-11-20'],
    ['yesterday', '2026-11-23'],
    ['last monday', '2026-11-23'],
    ['on Friday', '2026-11-27'],
    ['Nov 2nd', '2026-11-02'],
    ['2 November 2025', '2025-11-02'],
    ['in 2 weeks', '2026-12-08'],
    ['10 days ago', '2026-11-14'],
    ['20261101', '2026-11-01'],
  ])('%s', async (reply, day) => {
    expect(await kept({ kind: 'date' }, reply)).toBe(day)
  })
  test('3月5日 leans to the past or to the future as told', async () => {
    expect(await kept({ kind: 'date', dates: 'past' }, '3月5日')).toBe('2026-03-05')
    expect(await kept({ kind: 'date', dates: 'future' }, '3月5日')).toBe('2027-03-05')
  })
  test('a day that does not exist, or lies on the wrong side, is asked again', async () => {
    expect(await kept({ kind: 'date' }, '2026-02-30')).toBeUndefined()
    expect(await kept({ kind: 'date', dates: 'past' }, '明天')).toBeUndefined()
  })
})

describe('choices', () => {
  const choices = [
    { id: 'red', text: { 'zh-CN': '红色', en: 'Red' }, value: '' },
    { id: 'blue', text: { 'zh-CN': '蓝色', en: 'Blue' }, value: 'B' },
    { id: 'dark', text: { 'zh-CN': '深蓝', en: 'Dark navy' }, value: '' },
  ]
  test.each([
    ['蓝色', 'B'],
    ['blue', 'B'],
    ['我要红色的', 'red'],
    ['2', 'B'],
    ['第三个', 'dark'],
    ['the first one', 'red'],
    ['navy', 'dark'],
  ])('%s', async (reply, value) => {
    expect(await kept({ kind: 'choice', choices }, reply)).toBe(value)
  })
  test('words that fit two are asked again, not guessed', async () => {
    expect(await kept({ kind: 'choice', choices }, '蓝')).toBeUndefined()
    expect(await kept({ kind: 'choice', choices }, '红色还是蓝色')).toBeUndefined()
  })
  test('a click answers', async () => {
    const chat = new ChatDriver(asking({ kind: 'choice', choices }))
    await chat.start('en')
    expect(chat.buttons()).toEqual(['Red', 'Blue', 'Dark navy'])
    expect(await chat.clicks('Blue')).toEqual(['Got B'])
  })
})

describe('patterns', () => {
  const order = { kind: 'pattern', pattern: 'LB[0-9]{8}', sample: 'LB20261103' }
  test('found anywhere in the message, upper or lower case, full width too', async () => {
    expect(await kept(order, 'my order is LB20261103, hurry')).toBe('LB20261103')
    expect(await kept(order, 'lb20261103')).toBe('lb20261103')
    expect(await kept(order, '单号ＬＢ２０２６１１０３')).toBe('LB20261103')
    expect(await kept(order, 'LB2026')).toBeUndefined()
  })
  test('a pattern made to be slow is not', async () => {
    const before = performance.now()
    expect(await kept({ kind: 'pattern', pattern: '^(a+)+$' }, `${'a'.repeat(5000)}!`)).toBeUndefined()
    expect(performance.now() - before).toBeLessThan(2000)
  })
  test('what the visitor has said already is not asked for, but the same words do not answer twice', async () => {
    const chat = new ChatDriver(
      graphOf(
        {
          s: { type: 'start' },
          menu: { type: 'say', config: { text: { en: 'Hi' }, buttons: [{ id: 'x', text: { en: 'X' } }] } },
          q: { type: 'ask', config: { ...order, question: { en: 'Number?' }, variable: 'order', skipIfSet: false } },
          no: { type: 'say', config: { text: { en: 'No such order {{order}}' } } },
        },
        ['s -> menu', 'menu -> q', 'q -> no', 'no -> q'],
      ),
    )
    await chat.start('en')
    expect(await chat.says('where is LB20261103')).toEqual(['No such order LB20261103', 'Number?'])
    expect(await chat.says('LB20261104 then')).toEqual(['No such order LB20261104', 'Number?'])
  })
})

test('asks again up to the number of tries, then leaves by failed', async () => {
  const chat = new ChatDriver(asking({ kind: 'number', tries: 3, reprompt: { 'zh-CN': '请输入数字' } }))
  expect(await chat.start()).toEqual(['问题'])
  expect(await chat.says('不知道')).toEqual(['请输入数字'])
  expect(await chat.says('真不知道')).toEqual(['请输入数字'])
  expect(await chat.says('唉')).toEqual(['放弃'])
})

test('skips what is known, unless told to ask', async () => {
  const known = { variables: { v: { id: 'v', name: 'answer', type: 'text' as const, default: 'x' } } }
  expect(await new ChatDriver({ ...asking({}), ...known }).start()).toEqual(['收到 x'])
  expect(await new ChatDriver({ ...asking({ skipIfSet: false }), ...known }).start()).toEqual(['问题'])
})

test('problems: no variable, no choices, a bad pattern, an example that does not fit, an empty range', () => {
  const codes = (config: Record<string, unknown>) =>
    ask
      .check?.(ask.config.parse({ question: { en: 'Q' }, variable: 'v', ...config }), { languages: ['en'], names: [] })
      .map(({ code }) => code)
  expect(codes({})).toEqual([])
  expect(codes({ variable: '' })).toEqual(['variable-missing'])
  expect(codes({ kind: 'choice' })).toEqual(['choices-empty'])
  expect(codes({ kind: 'pattern', pattern: '(' })).toEqual(['pattern-bad'])
  expect(codes({ kind: 'pattern', pattern: '(?=a)' })).toEqual(['pattern-bad'])
  expect(codes({ kind: 'pattern', pattern: 'A[0-9]+', sample: 'B1' })).toEqual(['example-unfit'])
  expect(codes({ kind: 'number', min: 3, max: 2 })).toEqual(['range-empty'])
})
