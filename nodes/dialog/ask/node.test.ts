import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, type ChatOptions, graphOf, verdict } from '../../../tests/drivers/chat.ts'
import { ask } from './node.ts'
import step from './step.ts'

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

const colours = [
  { id: 'red', text: { 'zh-CN': '红色', en: 'Red' }, value: '' },
  { id: 'blue', text: { 'zh-CN': '蓝色', en: 'Blue' }, value: 'B' },
]
/** For each kind: its config, an answer in each language, what is kept of it, and words that are none. */
const kinds: [string, Record<string, unknown>, { zh: string; en: string; value: unknown; unfit: string }][] = [
  ['text', { minLength: 4 }, { zh: '杯子碎了', en: '杯子碎了', value: '杯子碎了', unfit: '碎' }],
  ['number', { min: 1, max: 9 }, { zh: '三个', en: 'three', value: 3, unfit: '10' }],
  ['date', { dates: 'future' }, { zh: '明天', en: 'tomorrow', value: '2026-11-25', unfit: 'yesterday' }],
  ['time', {}, { zh: '明天下午三点半', en: 'tomorrow at 3.30pm', value: '2026-11-25T15:30', unfit: '明天' }],
  ['choice', { choices: colours }, { zh: '我要蓝色的', en: 'the second', value: 'B', unfit: 'green' }],
  ['choice', { choices: colours, several: true }, { zh: '红的和蓝的', en: '1,2', value: ['red', 'B'], unfit: 'green' }],
  ['yes-no', {}, { zh: '对的', en: 'of course', value: true, unfit: '不知道' }],
  ['yes-no', {}, { zh: '不用了', en: 'not really', value: false, unfit: 'where is my parcel' }],
  ['rating', {}, { zh: '非常满意', en: '5 stars', value: 5, unfit: '6' }],
  ['rating', { scale: 10 }, { zh: '八分', en: '8/10', value: 8, unfit: '很差' }],
  ['money', { max: 500 }, { zh: '3块5', en: '$3.50', value: 3.5, unfit: '501' }],
  [
    'phone',
    {},
    { zh: '138 0013 8000，谢谢', en: '+86 138 0013 8000', value: expect.stringMatching(/13800138000$/), unfit: '8888' },
  ],
  [
    'email',
    {},
    { zh: '邮箱是mei@Example.com。', en: 'mei＠EXAMPLE.com', value: 'mei@example.com', unfit: 'mei@example' },
  ],
  [
    'pattern',
    { pattern: 'LB[0-9]{8}' },
    { zh: '单号 LB20261103', en: 'it is LB20261103', value: 'LB20261103', unfit: 'LB1' },
  ],
]

describe.each(kinds)('%s %j', (kind, more, { zh, en, value, unfit }) => {
  const config = { kind, tries: 2, reprompt: { 'zh-CN': '再说一次', en: 'Once more' }, ...more }
  test('an answer is kept, in either language', async () => {
    expect(await kept(config, zh)).toEqual(value)
    expect(await kept(config, en)).toEqual(value)
  })
  test('what does not fit is asked again, and an answer then is as good', async () => {
    const chat = new ChatDriver(asking(config))
    await chat.start('en')
    expect(await chat.says(unfit, 'en')).toEqual(['Once more'])
    await chat.says(en, 'en')
    expect(chat.session?.variables.answer).toEqual(value)
  })
  test('it gives up after the last try, and keeps nothing', async () => {
    const chat = new ChatDriver(asking(config))
    await chat.start('zh-CN')
    expect(await chat.says(unfit, 'zh-CN')).toEqual(['再说一次'])
    expect(await chat.says(unfit, 'zh-CN')).toEqual(['放弃'])
    expect(chat.session?.variables).not.toHaveProperty('answer')
  })
  test('what is known is not asked for', async () => {
    const known = { variables: { v: { id: 'v', name: 'answer', type: 'text' as const, default: '早就知道' } } }
    expect(await new ChatDriver({ ...asking(config), ...known }).start('zh-CN')).toEqual(['收到 早就知道'])
  })
})

describe('buttons', () => {
  test('yes and no have one each, in the language of the visitor', async () => {
    const chat = new ChatDriver(asking({ kind: 'yes-no' }))
    await chat.start('en')
    expect(chat.buttons()).toEqual(['Yes', 'No'])
    await chat.clicks('No')
    expect(chat.session?.variables.answer).toBe(false)
    const chinese = new ChatDriver(asking({ kind: 'yes-no' }))
    await chinese.start('zh-CN')
    expect(chinese.buttons()).toEqual(['是', '否'])
    await chinese.clicks('是')
    expect(chinese.session?.variables.answer).toBe(true)
  })
  test('a rating has one for each point, and they are there again when it is asked again', async () => {
    const chat = new ChatDriver(asking({ kind: 'rating', scale: 4 }))
    await chat.start('zh-CN')
    expect(chat.buttons()).toEqual(['1', '2', '3', '4'])
    await chat.says('什么')
    expect(chat.buttons()).toEqual(['1', '2', '3', '4'])
    await chat.clicks('3')
    expect(chat.session?.variables.answer).toBe(3)
  })
  test('where several may be picked, a button picks one', async () => {
    const chat = new ChatDriver(asking({ kind: 'choice', choices: colours, several: true }))
    await chat.start('en')
    expect(await chat.clicks('Blue')).toEqual(['Got B'])
    expect(chat.session?.variables.answer).toEqual(['B'])
  })
})

/** An intent block whose model understands anything, then questions one after the other, then all that they know. */
function chain(questions: Record<string, Record<string, unknown>>, options: ChatOptions = {}) {
  const names = Object.keys(questions)
  const asks = names.map((name) => [
    name,
    { type: 'ask', config: { question: { 'zh-CN': `${name}？`, en: `${name}?` }, variable: name, ...questions[name] } },
  ])
  const graph = graphOf(
    {
      s: { type: 'start' },
      menu: { type: 'say', config: { text: { 'zh-CN': '您好', en: 'Hi' }, buttons: [{ id: 'x', text: { en: 'X' } }] } },
      listen: { type: 'intent' },
      ...Object.fromEntries(asks),
      done: { type: 'end', config: { text: { en: names.map((name) => `${name} {{${name}}}`).join(', ') } } },
    },
    [
      's -> menu',
      'menu -> listen',
      `listen/${options.classify ? 'lbl_book' : 'fallback'} -> ${names[0]}`,
      ...names.map((name, index) => `${name} -> ${names[index + 1] ?? 'done'}`),
    ],
  )
  return new ChatDriver(graph, options)
}

describe('what was said before', () => {
  const slots = {
    day: { kind: 'date' },
    order: { kind: 'pattern', pattern: 'LB[0-9]{8}' },
    phone: { kind: 'phone' },
  }
  test.each([
    ['please deliver LB20261103 tomorrow, my phone is 13800138000'],
    ['订单LB20261103请明天送，电话13800138000'],
  ])('fills every question that it answers: %s', async (words) => {
    const chat = chain(slots)
    await chat.start('en')
    expect(await chat.says(words)).toEqual(['day 2026-11-25, order LB20261103, phone 13800138000'])
  })
  test('leaves what it does not answer to be asked for', async () => {
    const chat = chain(slots)
    await chat.start('en')
    expect(await chat.says('where is LB20261103', 'en')).toEqual(['day?'])
    expect(await chat.says('tomorrow', 'en')).toEqual(['order?'])
    expect(await chat.says('LB20261104', 'en')).toEqual(['phone?'])
  })
  test('an answer to one question may answer the next ones as well', async () => {
    const chat = chain(slots)
    await chat.start('en')
    await chat.says('hello there', 'en')
    expect(await chat.says('tomorrow, the order is LB20261103 and you can ring +1 415 555 2671')).toEqual([
      'day 2026-11-25, order LB20261103, phone +14155552671',
    ])
  })
  test('so may a text, whose words are free', async () => {
    const chat = chain({ story: { kind: 'text' }, day: { kind: 'date' } })
    await chat.start('en')
    await chat.says('hello there', 'en')
    expect(await chat.says('the mug broke yesterday')).toEqual(['story the mug broke yesterday, day 2026-11-23'])
  })
  test('no part of it answers two questions', async () => {
    const chat = chain({ from: { kind: 'date' }, to: { kind: 'date' } })
    await chat.start('en')
    expect(await chat.says('a room for tomorrow please', 'en')).toEqual(['to?'])
    const both = chain({ from: { kind: 'date' }, to: { kind: 'date' } })
    await both.start('en')
    expect(await both.says('a room from 3 December to 5 December', 'en')).toEqual(['from 2026-12-03, to 2026-12-05'])
  })
  test.each([
    ['time', {}, '帮我约明天下午三点的维修', '2026-11-25T15:00'],
    ['money', {}, 'you charged me $20.50 for nothing', 20.5],
    ['email', {}, 'write to mei@example.com, thanks', 'mei@example.com'],
    ['choice', { choices: colours }, 'the blue mug is broken', 'B'],
    ['choice', { choices: colours, several: true }, '红色和蓝色的都坏了', ['red', 'B']],
  ])('holds a %s %j: %s', async (kind, more, words, value) => {
    const chat = chain({ answer: { kind, ...more } })
    await chat.start('en')
    await chat.says(words)
    expect(chat.session?.variables.answer).toEqual(value)
  })
  test.each([
    ['number', {}, '我要退两个杯子'],
    ['rating', {}, 'I gave you 5 stars last time'],
    ['yes-no', {}, 'yes, I want to return it'],
    ['text', {}, 'I want to return it'],
    ['choice', { choices: colours }, 'red or blue, which is better'],
    ['choice', { choices: colours }, '不要红色'],
    ['date', {}, 'LB20261103 cost 1.5'],
  ])('is no answer where it may be about something else: %s %j: %s', async (kind, more, words) => {
    const chat = chain({ answer: { kind, ...more } })
    await chat.start('en')
    await chat.says(words)
    expect(chat.session?.variables).not.toHaveProperty('answer')
  })
  test('is not looked at where the block is told not to', async () => {
    const chat = chain({ day: { kind: 'date', prefill: false } })
    await chat.start('en')
    expect(await chat.says('tomorrow please', 'en')).toEqual(['day?'])
  })
  test('that something was found there is written in the trace', async () => {
    const chat = chain({ day: { kind: 'date' } })
    await chat.start('en')
    await chat.says('tomorrow please')
    expect(chat.last?.trace.path.find(({ node }) => node === 'day')?.note).toEqual({
      key: 'ask.note.found',
      params: { value: '2026-11-25' },
    })
  })
})

describe('entities that a model found', () => {
  const found = (...entities: [type: string, text: string][]): ChatOptions => ({
    classify: (text) => {
      const { result, threshold } = verdict({ lbl_book: 0.9 })
      const spans = entities.map(([type, part]) => {
        const start = text.indexOf(part)
        return { type, text: part, start, end: start + part.length, confidence: 0.9 }
      })
      return { result: { ...result, entities: spans }, threshold }
    },
  })
  test('a text is taken as it is, and two questions for one type take one each', async () => {
    const city = { kind: 'text', entity: 'City' }
    const chat = chain({ from: city, to: city }, found(['city', 'Xi’an'], ['city', 'Lijiang']))
    await chat.start('en')
    expect(await chat.says('a train from Xi’an to Lijiang')).toEqual(['from Xi’an, to Lijiang'])
  })
  test('another kind reads it, and leaves it where it does not fit', async () => {
    const size = { kind: 'number', entity: 'guests' }
    const chat = chain({ guests: size }, found(['guests', 'the four of us']))
    await chat.start('en')
    expect(await chat.says('a table for the four of us')).toEqual(['guests 4'])
    const odd = chain({ guests: size }, found(['guests', 'a crowd']))
    await odd.start('en')
    expect(await odd.says('a table for a crowd', 'en')).toEqual(['guests?'])
  })
  test('they come before the words', async () => {
    const chat = chain({ day: { kind: 'date', entity: 'arrival' } }, found(['arrival', 'on Friday']))
    await chat.start('en')
    expect(await chat.says('I write today, we arrive on Friday')).toEqual(['day 2026-11-27'])
  })
  test('without the name of a type they are nothing to the question', async () => {
    const chat = chain({ from: { kind: 'text' } }, found(['city', 'Lijiang']))
    await chat.start('en')
    expect(await chat.says('a train from Lijiang', 'en')).toEqual(['from?'])
  })
})

describe('what the conversation learns of an answer', () => {
  const view = (config: Record<string, unknown>, text: string) =>
    step.step.resume?.(
      ask.config.parse({ variable: 'answer', tries: 1, ...config }),
      { node: 'q', memory: {}, counters: {}, now: '2026-11-24T04:00:00Z', timeZone: 'Asia/Shanghai' } as never,
      { type: 'user.message', id: 'm1', text, language: 'en' },
    )
  test('the part of the words that was taken', () => {
    expect(view({ kind: 'date' }, 'I think tomorrow, yes')).toMatchObject({ took: 'tomorrow' })
    expect(view({ kind: 'choice', choices: colours }, 'red, by friday')).toMatchObject({ took: 'red' })
  })
  test('that any words would have been a text', () => {
    const result = view({ kind: 'text' }, 'whatever')
    expect(result).toMatchObject({ fit: 'any', set: { answer: 'whatever' } })
    expect(result).not.toHaveProperty('took')
  })
  test('that words are no answer, on the last try as well', () => {
    expect(view({ kind: 'date', tries: 2 }, 'no idea')).toMatchObject({ fit: 'none', wait: true })
    expect(view({ kind: 'date' }, 'no idea')).toMatchObject({ fit: 'none', leave: 'failed' })
    expect(view({ kind: 'text', maxLength: 3 }, 'too long')).toMatchObject({ fit: 'none' })
  })
})

test('a bot of the first version goes on as it was: only patterns are looked for in what was said before', () => {
  const lift = (config: Record<string, unknown>) => ask.config.parse(ask.migrations?.[2]?.(config))
  expect(lift({ kind: 'pattern', pattern: 'A' })).toMatchObject({ prefill: true, pattern: 'A' })
  expect(lift({ kind: 'date', dates: 'past' })).toMatchObject({ prefill: false, dates: 'past' })
  expect(lift({ kind: 'choice' })).toMatchObject({ prefill: false, several: false })
  expect(lift({})).toMatchObject({ prefill: false, kind: 'text', minLength: null, maxLength: null })
})

test('what the variable holds can be told by the kind', () => {
  const typeOf = (config: Record<string, unknown>) =>
    ask.variables?.(ask.config.parse({ variable: 'v', ...config }))[0]?.type
  expect(typeOf({ kind: 'yes-no' })).toBe('boolean')
  for (const kind of ['number', 'money', 'rating']) expect(typeOf({ kind })).toBe('number')
  for (const kind of ['text', 'time', 'phone', 'email', 'pattern']) expect(typeOf({ kind })).toBe('text')
  expect(typeOf({ kind: 'date' })).toBe('date')
  expect(typeOf({ kind: 'choice' })).toBe('choice')
  expect(typeOf({ kind: 'choice', several: true })).toBe('text')
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

test('problems: no variable, no choices, a bad pattern, an example that does not fit, an empty range, no length that fits', () => {
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
  expect(codes({ kind: 'money', min: 3, max: 2 })).toEqual(['range-empty'])
  expect(codes({ kind: 'text', minLength: 3, maxLength: 2 })).toEqual(['length-empty'])
})
