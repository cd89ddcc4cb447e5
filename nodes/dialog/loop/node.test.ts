import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { itemsOf } from './items.ts'
import { loop } from './node.ts'

describeBlock(loop, import.meta.url, { list: 'things' })

const say = (zh: string, en: string) => ({ type: 'say', config: { text: { 'zh-CN': zh, en } } })
const forget = (...names: string[]) => ({
  type: 'set',
  config: { assignments: names.map((variable, at) => ({ id: String(at), variable, kind: 'clear' })) },
})

/** A bot whose variable `things` begins with a value, which a declared default cannot always have. */
class ListDriver extends ChatDriver {
  constructor(graph: GraphDocument, value?: unknown) {
    super(graph)
    if (value !== undefined) Object.assign(this.program, { defaults: { things: value } })
  }
}

const aloud = (value: unknown, config: Record<string, unknown> = {}) =>
  new ListDriver(
    graphOf(
      {
        s: { type: 'start' },
        l: { type: 'loop', config: { list: 'things', index: 'n', ...config } },
        each: say('第 {{n}} 件：{{item}}', '{{n}}: {{item}}'),
        done: say('没有了', 'That is all'),
        e: { type: 'end' },
      },
      ['s -> l', 'l/each -> each', 'each -> l', 'l/done -> done', 'done -> e'],
    ),
    value,
  )

describe('goes over', () => {
  test('a list', async () => {
    const chat = aloud(['lamp', 'chair'])
    expect(await chat.start('en')).toEqual(['1: lamp', '2: chair', 'That is all'])
    expect(chat.path()).toEqual(['s', 'l', 'each', 'l', 'each', 'l', 'done', 'e'])
    expect(chat.last?.trace.path[1]).toMatchObject({ note: { key: 'loop.note.each', params: { index: 1, count: 2 } } })
  })

  test('a text that a person wrote as one, in either language', async () => {
    expect(await aloud('台灯、椅子，桌子').start('zh-CN')).toEqual([
      '第 1 件：台灯',
      '第 2 件：椅子',
      '第 3 件：桌子',
      '没有了',
    ])
    expect(await aloud('lamp, chair\n\n desk ,').start('en')).toEqual(['1: lamp', '2: chair', '3: desk', 'That is all'])
  })

  test('a number, and keeps each as a number', async () => {
    const chat = aloud(3)
    expect(await chat.start('en')).toEqual(['1: 1', '2: 2', '3: 3', 'That is all'])
    expect(chat.session?.variables).toMatchObject({ item: 3, n: 3 })
  })

  test.each([[undefined], [''], [' , 、'], [0], [-2], [Number.NaN], [true], [{}], [[]]])(
    'nothing at all where there is nothing: %j',
    async (value) => {
      expect(await aloud(value).start('en')).toEqual(['That is all'])
    },
  )

  test('no more than it is told to', async () => {
    expect(await aloud(1e12, { most: 2 }).start('en')).toEqual(['1: 1', '2: 2', 'That is all'])
    expect(itemsOf(2.9, 10)).toEqual([1, 2])
    expect(itemsOf('a,b,c', 2)).toEqual(['a', 'b'])
  })
})

/** For each thing it is asked what is wrong; what was said is forgotten, so that the next one is asked about too. */
const asking = (value: unknown) =>
  new ListDriver(
    graphOf(
      {
        s: { type: 'start' },
        l: { type: 'loop', config: { list: 'things' } },
        q: {
          type: 'ask',
          config: { question: { 'zh-CN': '{{item}}怎么了？', en: 'What about the {{item}}?' }, variable: 'fault' },
        },
        f: forget('fault'),
        more: {
          type: 'ask',
          config: {
            question: { 'zh-CN': '再来一遍？', en: 'Once more?' },
            variable: 'again',
            skipIfSet: false,
          },
        },
      },
      ['s -> l', 'l/each -> q', 'q -> f', 'f -> l', 'l/done -> more', 'more -> l'],
    ),
    value,
  )

describe('a visitor who is asked on the way', () => {
  test('is asked about each thing over several messages, and the list begins anew after its end', async () => {
    const chat = asking('台灯、椅子')
    expect(await chat.start('zh-CN')).toEqual(['台灯怎么了？'])
    expect(await chat.says('不亮')).toEqual(['椅子怎么了？'])
    expect(await chat.says('断了一条腿')).toEqual(['再来一遍？'])
    expect(await chat.says('好的')).toEqual(['台灯怎么了？'])
  })

  test('finds the list begun anew where the conversation does', async () => {
    const chat = asking('lamp, chair')
    await chat.start('en')
    expect(await chat.says('it is dark')).toEqual(['What about the chair?'])
    expect(await chat.start('en')).toEqual(['What about the lamp?'])
  })

  test('may see the list grow, shrink and vanish meanwhile', async () => {
    const chat = asking(['lamp', 'chair'])
    await chat.start('en')
    const now = (things: unknown) => {
      chat.session = { ...chat.session!, variables: { ...chat.session!.variables, things } }
    }
    now(['lamp', 'chair', 'desk'])
    expect(await chat.says('x')).toEqual(['What about the chair?'])
    now(['lamp', 'chair', 'shelf'])
    expect(await chat.says('x')).toEqual(['What about the shelf?'])
    now(['lamp'])
    expect(await chat.says('x')).toEqual(['Once more?'])
    expect(await chat.says('yes')).toEqual(['What about the lamp?'])
    now({ no: 'list' })
    expect(await chat.says('x')).toEqual(['Once more?'])
  })
})

test('a loop in a loop goes over its own list for each item of the other', async () => {
  const chat = new ListDriver(
    graphOf(
      {
        s: { type: 'start' },
        outer: { type: 'loop', config: { list: 'things', item: 'row' } },
        inner: { type: 'loop', config: { list: 'row', item: 'seat' } },
        each: say('{{row}}-{{seat}}', '{{row}}-{{seat}}'),
      },
      ['s -> outer', 'outer/each -> inner', 'inner/each -> each', 'each -> inner', 'inner/done -> outer'],
    ),
    [1, 2, 3],
  )
  expect(await chat.start('en')).toEqual(['1-1', '2-1', '2-2', '3-1', '3-2', '3-3'])
})

test('in a dialog that is called it ends with that dialog, and begins anew at the next call', async () => {
  const graph = graphOf(
    {
      s: { type: 'start' },
      one: { type: 'sub-dialog', config: { dialog: 'd' } },
      two: { type: 'sub-dialog', config: { dialog: 'd' } },
      d_s: { type: 'start' },
      d_l: { type: 'loop', config: { list: 'things' } },
      d_each: say('{{item}}', '{{item}}'),
    },
    ['s -> one', 'one -> two', 'd_s -> d_l', 'd_l/each -> d_each', 'd_each -> d_l'],
  )
  graph.dialogs.d = { id: 'd', name: 'd', parameters: [] }
  for (const node of Object.values(graph.nodes)) if (node.id.startsWith('d_')) node.dialog = 'd'
  expect(await new ListDriver(graph, 'a, b').start('en')).toEqual(['a', 'b', 'a', 'b'])
})

test('problems: no list, an unknown one, no item, names that would overwrite each other', () => {
  const codes = (config: unknown) =>
    loop
      .check?.(loop.config.parse(config), { languages: ['en'], names: ['a'] })
      .map(({ code, field }) => `${field} ${code}`)
  expect(codes({ list: 'a' })).toEqual([])
  expect(codes({})).toEqual(['list variable-missing'])
  expect(codes({ list: 'b' })).toEqual(['list unknown-name'])
  expect(codes({ list: 'a', item: '' })).toEqual(['item variable-missing'])
  expect(codes({ list: 'a', item: 'a' })).toEqual(['item name-taken'])
  expect(codes({ list: 'a', index: 'item' })).toEqual(['index name-taken'])
})
