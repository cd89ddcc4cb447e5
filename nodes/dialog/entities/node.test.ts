import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf, verdict } from '../../../tests/drivers/chat.ts'
import { findInDictionary, foldLine, parseDictionary } from './dictionary.ts'
import { entities } from './node.ts'

const products = '落地灯: 台灯、立灯, floor lamp\n灯泡：bulb\nchair: armchair, arm  chair'
describeBlock(entities, import.meta.url, {
  finders: [{ id: '1', variable: 'product', kind: 'dictionary', entries: products }],
})

type Config = Record<string, unknown>
type Given = Record<string, string | number>

/** A bot that reads one message; `before` are values that its variables have by then. */
const bot = (config: Config, before: Given = {}, classify?: ConstructorParameters<typeof ChatDriver>[1]) => {
  const graph = graphOf(
    {
      s: { type: 'start' },
      hi: { type: 'say', config: { text: { en: 'Hello' }, buttons: [{ id: 'b', text: { en: 'lamp' } }] } },
      i: classify ? { type: 'intent', config: { ladder: false } } : { type: 'set' },
      x: { type: 'entities', config },
      found: { type: 'end' },
      missing: { type: 'end' },
    },
    ['s -> hi', 'hi -> i', classify ? 'i/fallback -> x' : 'i -> x', 'x/found -> found', 'x/missing -> missing'],
  )
  for (const [name, value] of Object.entries(before))
    graph.variables[name] = { id: name, name, type: 'text', default: value }
  return new ChatDriver(graph, classify)
}
const read = async (chat: ChatDriver, words: string) => {
  await chat.start()
  await chat.says(words)
  const { intent, misses, ...variables } = chat.session!.variables
  return { port: chat.path().at(-1), ...variables }
}
const dictionary = (entries: string, variable = 'v', id = variable) => ({ id, variable, kind: 'dictionary', entries })

describe('a list of words', () => {
  const find = (words: string, entries = products) => read(bot({ finders: [dictionary(entries)] }), words)

  test('keeps what a word stands for, whichever word was said, in either language', async () => {
    expect(await find('我买的台灯坏了')).toEqual({ port: 'found', v: '落地灯' })
    expect(await find('落地灯怎么装')).toEqual({ port: 'found', v: '落地灯' })
    expect(await find('my Floor  LAMP is broken')).toEqual({ port: 'found', v: '落地灯' })
    expect(await find('where is my parcel')).toEqual({ port: 'missing' })
  })

  test('does not mind case, width and blanks', async () => {
    expect(await find('ＢＵＬＢ 不亮')).toEqual({ port: 'found', v: '灯泡' })
    expect(await find('the ARM\tCHAIR, please')).toEqual({ port: 'found', v: 'chair' })
  })

  test('finds Latin words whole only, also beside Chinese', async () => {
    expect(await find('a chairman called')).toEqual({ port: 'missing' })
    expect(await find('wheelchair')).toEqual({ port: 'missing' })
    expect(await find("the chair's leg")).toEqual({ port: 'found', v: 'chair' })
    expect(await find('我的chair坏了')).toEqual({ port: 'found', v: 'chair' })
    expect(await find('两个12号', 'a: 12')).toEqual({ port: 'found', v: 'a' })
    expect(await find('订单3125', 'a: 12')).toEqual({ port: 'missing' })
    expect(await find('un café noir', 'coffee: caf, noir')).toEqual({ port: 'found', v: 'coffee' })
    expect(await find('café', 'x: caf')).toEqual({ port: 'missing' })
  })

  test('takes the longest word, and of equal ones the first in the message', async () => {
    const cities = '北京\n北京西站: 西客站\nYork\nNew York'
    expect(await find('到北京西站', cities)).toEqual({ port: 'found', v: '北京西站' })
    expect(await find('from York to New York', cities)).toEqual({ port: 'found', v: 'New York' })
    expect(await find('b then a', 'a\nb')).toEqual({ port: 'found', v: 'b' })
  })

  test('is read line by line, with signs of either width, and what is no entry is left out', () => {
    expect(parseDictionary(' a：b、c; D \n\n: x\nlamp, Light\n')).toEqual([
      { value: 'a', terms: ['a', 'b', 'c', 'd'] },
      { value: 'lamp', terms: ['lamp', 'light'] },
    ])
  })

  test('of many words in a long message is quick', () => {
    const many = parseDictionary(Array.from({ length: 2000 }, (_, at) => `n${at}: w${at}`).join('\n'))
    const started = performance.now()
    expect(findInDictionary(many, foldLine(`${'w '.repeat(5000)}w1999`), [])?.value).toBe('n1999')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('two of the same kind', () => {
  test('find one after the other', async () => {
    const cities = '北京: Beijing\n上海: Shanghai'
    const finders = [dictionary(cities, 'from'), dictionary(cities, 'to')]
    expect(await read(bot({ finders }), '从北京到上海')).toEqual({ port: 'found', from: '北京', to: '上海' })
    expect(await read(bot({ finders, need: 'all' }), 'from Beijing')).toEqual({ port: 'missing', from: '北京' })
  })

  test('for one variable: the first that finds something counts', async () => {
    const finders = [
      { id: '1', variable: 'order', kind: 'pattern', pattern: 'LB[0-9]{8}' },
      { id: '2', variable: 'order', kind: 'number' },
    ]
    expect(await read(bot({ finders, need: 'all' }), '7 lamps of lb20261103')).toEqual({
      port: 'found',
      order: 'lb20261103',
    })
    expect(await read(bot({ finders, need: 'all' }), 'order 42')).toEqual({ port: 'found', order: 42 })
  })
})

test('dates and numbers are understood as an Ask understands them', async () => {
  const finders = [
    { id: '1', variable: 'day', kind: 'date', dates: 'future' },
    { id: '2', variable: 'count', kind: 'number' },
  ]
  expect(await read(bot({ finders, need: 'all' }), '明天送三件')).toEqual({
    port: 'found',
    day: '2026-11-25',
    count: 3,
  })
  expect(await read(bot({ finders }), 'three of them, please')).toEqual({ port: 'found', count: 3 })
  // A day that is over is none where a future one is looked for.
  expect(await read(bot({ finders: [finders[0]] }), 'yesterday')).toEqual({ port: 'missing' })
  expect(await read(bot({ finders: [{ ...finders[0], dates: 'past' }] }), 'yesterday')).toEqual({
    port: 'found',
    day: '2026-11-23',
  })
})

describe('entities of a model', () => {
  const classify = (text: string) => {
    const at = (type: string, part: string) => ({
      type,
      text: part,
      start: text.indexOf(part),
      end: text.indexOf(part) + part.length,
      confidence: 0.9,
    })
    const { result, threshold } = verdict({ lbl_a: 0.1 })
    const parts = [at('City', 'Berlin'), at('City', 'Rome'), at('product', 'lamp')]
    return { result: { ...result, entities: parts.filter(({ start }) => start >= 0) }, threshold }
  }
  const finders = [
    { id: '1', variable: 'from', kind: 'entity', entity: 'city' },
    { id: '2', variable: 'to', kind: 'entity', entity: 'city' },
    { id: '3', variable: 'thing', kind: 'entity', entity: 'product' },
  ]

  test('are kept by their kind, in the order of the message', async () => {
    expect(await read(bot({ finders, need: 'all' }, {}, { classify }), 'the lamp from Berlin to Rome')).toEqual({
      port: 'found',
      from: 'Berlin',
      to: 'Rome',
      thing: 'lamp',
    })
    expect(await read(bot({ finders, need: 'all' }, {}, { classify }), 'to Rome')).toEqual({
      port: 'missing',
      from: 'Rome',
    })
  })

  test('are none where no model has read the message', async () => {
    expect(await read(bot({ finders }), 'the lamp from Berlin')).toEqual({ port: 'missing' })
  })
})

describe('what is not found', () => {
  const finders = [dictionary('lamp', 'product'), dictionary('Berlin', 'city')]

  test('stays as it was', async () => {
    expect(await read(bot({ finders }, { city: 'Rome', product: 'chair' }), 'a lamp')).toEqual({
      port: 'found',
      product: 'lamp',
      city: 'Rome',
    })
  })
  test('is forgotten where it is told to, also where nothing is found', async () => {
    expect(await read(bot({ finders, clear: true }, { city: 'Rome' }), 'a lamp')).toEqual({
      port: 'found',
      product: 'lamp',
    })
    expect(await read(bot({ finders, clear: true }, { city: 'Rome', other: 'x' }), 'hm')).toEqual({
      port: 'missing',
      other: 'x',
    })
  })
})

test('leaves the words for the next block, reads those of a click, and finds nothing before anybody spoke', async () => {
  const graph = graphOf(
    {
      s: { type: 'start' },
      first: { type: 'entities', config: { finders: [dictionary('lamp')] } },
      hi: { type: 'say', config: { text: { en: 'Hello' }, buttons: [{ id: 'b', text: { en: 'A lamp' } }] } },
      x: { type: 'entities', config: { finders: [dictionary('lamp')] } },
      i: { type: 'intent', config: { ladder: false } },
      ok: { type: 'say', config: { text: { en: '{{v}}' } } },
    },
    ['s -> first', 'first/missing -> hi', 'hi/button:b -> x', 'hi -> x', 'x/found -> i', 'i/lbl_a -> ok'],
  )
  const chat = new ChatDriver(graph, { classify: () => verdict({ lbl_a: 0.9 }) })
  expect(await chat.start('en')).toEqual(['Hello'])
  expect(await chat.says('I want a lamp')).toEqual(['lamp'])
  const clicking = new ChatDriver(graph, { classify: () => verdict({ lbl_a: 0.9 }) })
  await clicking.start('en')
  await clicking.clicks('A lamp')
  expect(clicking.session?.variables.v).toBe('lamp')
  expect(clicking.last?.trace.path.find(({ node }) => node === 'x')).toMatchObject({
    port: 'found',
    note: { key: 'entities.note.found', params: { names: 'v' } },
  })
})

test('problems: nothing looked for, no variable, no words, no kind, a bad pattern, words for two things, the same twice', () => {
  const codes = (...finders: Config[]) =>
    entities
      .check?.(entities.config.parse({ finders: finders.map((item, at) => ({ id: `f${at}`, ...item })) }), {
        languages: ['en'],
        names: [],
      })
      .map(({ code, field }) => `${field} ${code}`)
  expect(codes()).toEqual(['finders finders-empty'])
  expect(codes({ kind: 'number' })).toEqual(['finders.f0.variable variable-missing'])
  expect(codes({ variable: 'a' })).toEqual(['finders.f0.entries entries-empty'])
  expect(codes({ variable: 'a', entries: ' \n : x' })).toEqual(['finders.f0.entries entries-empty'])
  expect(codes({ variable: 'a', entries: 'a: x\nb: X' })).toEqual(['finders.f0.entries term-twice'])
  expect(codes({ variable: 'a', entries: 'a: x, x\na: x' })).toEqual([])
  expect(codes({ variable: 'a', kind: 'entity', entity: ' ' })).toEqual(['finders.f0.entity entity-empty'])
  expect(codes({ variable: 'a', kind: 'pattern', pattern: '(' })).toEqual(['finders.f0.pattern pattern-bad'])
  expect(codes({ variable: 'a', kind: 'number' }, { variable: 'b', kind: 'number' })).toEqual([
    'finders.f1.kind same-twice',
  ])
  expect(
    codes({ variable: 'a', kind: 'date' }, { variable: 'a', kind: 'number' }, { variable: 'b', kind: 'date' }),
  ).toEqual(['finders.f2.kind same-twice'])
  expect(codes({ variable: 'a', kind: 'date' }, { variable: 'b', kind: 'date', dates: 'past' })).toEqual([])
})
