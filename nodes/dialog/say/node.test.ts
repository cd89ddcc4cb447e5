import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { parseConfig } from '#runtime/graph/registry.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { say } from './node.ts'

const menu = {
  text: { 'zh-CN': '想了解什么？', en: 'What is it about?' },
  buttons: [
    { id: 'track', text: { 'zh-CN': '查物流', en: 'Track' } },
    { id: 'back', text: { 'zh-CN': '退货', en: 'Return' } },
  ],
}
describeBlock(say, import.meta.url, menu)

const graph = graphOf(
  {
    s: { type: 'start' },
    menu: { type: 'say', config: menu },
    track: { type: 'say', config: { text: { 'zh-CN': '在路上', en: 'On its way' } } },
    back: { type: 'say', config: { text: { 'zh-CN': '可以退', en: 'You may' } } },
    other: { type: 'ask', config: { question: { 'zh-CN': '请细说', en: 'Tell me more' }, variable: 'detail' } },
    echo: { type: 'say', config: { text: { 'zh-CN': '记下：{{detail}}', en: 'Noted: {{detail}}' } } },
    e: { type: 'end' },
  },
  [
    's -> menu',
    'menu/button:track -> track',
    'menu/button:back -> back',
    'menu -> other',
    'other -> echo',
    'echo -> e',
    'track -> e',
    'back -> e',
  ],
)

test('a click leaves by its own port', async () => {
  const chat = new ChatDriver(graph)
  expect(await chat.start('en')).toEqual(['What is it about?'])
  expect(chat.buttons()).toEqual(['Track', 'Return'])
  expect(await chat.clicks('Return')).toEqual(['You may'])
})

test('the words or the number of a button, typed, are a click', async () => {
  for (const typed of ['查物流', '查物流！', 'track', '1', '第一个']) {
    const chat = new ChatDriver(graph)
    await chat.start()
    await chat.says(typed)
    expect(chat.path(), typed).toEqual(['menu', 'track', 'e'])
  }
})

test('anything else that is typed leaves by out', async () => {
  const chat = new ChatDriver(graph)
  await chat.start()
  expect(await chat.says('我想问问发票怎么开')).toEqual(['请细说'])
})

test('values in a text are filled once and never read as a text with places again', async () => {
  const chat = new ChatDriver(graph)
  await chat.start('en')
  await chat.says('something different')
  expect(await chat.says('{{detail}} and {{brand}}')).toEqual(['Noted: {{detail}} and {{brand}}'])
})

test('problems: an empty text is an error, a missing language and an unknown name are warnings', () => {
  const view = { languages: ['zh-CN', 'en'], names: ['brand'] }
  const codes = (config: Record<string, unknown>) =>
    say.check?.(say.config.parse(config), view).map(({ code, severity }) => `${severity} ${code}`)
  expect(codes({})).toEqual(['error text-empty'])
  expect(codes({ text: { en: 'Hi' } })).toEqual(['warning translation-missing'])
  expect(codes({ text: { 'zh-CN': '你好', en: 'Hi {{brand}} {{nobody}}' } })).toEqual(['warning unknown-name'])
  expect(codes({ ...menu, buttons: [{ id: 'a', text: {} }] })).toEqual(['error text-empty'])
})

test('a block of an older bot says what it said, as fast as it did; what is set in it since counts', () => {
  const read = (config: Record<string, unknown>) =>
    parseConfig({ nodes: { say } }, { id: 'a', type: 'say', version: 1, dialog: 'main', config })
  expect(read(menu)).toEqual({ ...menu, variants: [], image: '', imageAlt: {}, cards: [], pace: false })
  expect(read({ ...menu, pace: true })).toMatchObject({ pace: true })
})

describe('other wordings', () => {
  const greeting = {
    text: { 'zh-CN': '您好', en: 'Hello' },
    variants: [
      { id: 'v1', text: { 'zh-CN': '欢迎', en: 'Welcome' } },
      { id: 'v2', text: { 'zh-CN': '又见面了', en: 'Good to see you' } },
    ],
    pace: false,
  }
  const round = (config: Record<string, unknown>) =>
    graphOf({ s: { type: 'start' }, hi: { type: 'say', config }, q: { type: 'ask', config: asked } }, [
      's -> hi',
      'hi -> q',
      'q -> hi',
    ])
  const asked = { question: { 'zh-CN': '还有吗？', en: 'More?' }, variable: 'more', skipIfSet: false }
  async function visits(language: string, seed: string, config: Record<string, unknown> = greeting): Promise<string> {
    const chat = new ChatDriver(round(config), { seed })
    const said = [await chat.start(language)]
    for (const words of ['a b', 'c d', 'e f']) said.push(await chat.says(words, language))
    return said.map(([first]) => first).join(' ')
  }

  test('come in turn, round and round', async () => {
    expect(await visits('en', 'one')).toBe('Good to see you Hello Welcome Good to see you')
    expect(await visits('zh-CN', 'one')).toBe('又见面了 您好 欢迎 又见面了')
  })

  test('do not begin with the same one for everybody, but always the same in one conversation', async () => {
    const first = async (seed: string) => (await new ChatDriver(round(greeting), { seed }).start('en'))[0]
    const seen = await Promise.all(Array.from({ length: 30 }, (_, i) => first(`cnv_${i}`)))
    expect(new Set(seen)).toEqual(new Set(['Hello', 'Welcome', 'Good to see you']))
    expect(await first('cnv_7')).toBe(await first('cnv_7'))
  })

  test('without any, and where those that there are have no words, the text comes each time and nothing is counted', async () => {
    expect(await visits('en', 'one', { ...greeting, variants: [] })).toBe('Hello Hello Hello Hello')
    const chat = new ChatDriver(round({ ...greeting, variants: [{ id: 'v1', text: { en: ' ' } }] }))
    expect(await chat.start('en')).toEqual(['Hello', 'More?'])
    expect(chat.session?.counters).toEqual({})
  })
})

describe('pictures and cards', () => {
  const offer = {
    text: { 'zh-CN': '本周上新', en: 'New this week' },
    image: 'https://cdn.example/new.jpg',
    imageAlt: { 'zh-CN': '一只帆布包', en: 'A canvas tote' },
    cards: [
      {
        id: 'c1',
        title: { 'zh-CN': '帆布包', en: 'Tote' },
        text: { 'zh-CN': '129 元', en: '¥129' },
        image: 'https://cdn.example/tote.jpg',
        link: 'https://shop.example/orders/{{order}}?lang={{lang}}',
        linkText: { 'zh-CN': '看看', en: 'View' },
      },
      { id: 'c2', title: { 'zh-CN': '马克杯', en: 'Mug' } },
    ],
  }
  const said = async (config: Record<string, unknown>, language = 'en') => {
    const graph = graphOf(
      {
        s: { type: 'start' },
        set: { type: 'set', config: { assignments: [{ id: 'a', variable: 'order', value: 'XZ 1/2' }] } },
        offer: { type: 'say', config },
      },
      ['s -> set', 'set -> offer'],
    )
    const chat = new ChatDriver(graph)
    await chat.start(language)
    return chat
  }
  const partsOf = (chat: ChatDriver) => chat.last!.messages.flatMap(({ parts }) => parts)

  test('stand between the words and the buttons, in the language of the visitor', async () => {
    const chat = await said({ ...offer, buttons: menu.buttons })
    expect(partsOf(chat)).toEqual([
      { type: 'text', text: 'New this week' },
      { type: 'image', url: 'https://cdn.example/new.jpg', text: 'A canvas tote' },
      {
        type: 'cards',
        cards: [
          {
            title: 'Tote',
            text: '¥129',
            image: 'https://cdn.example/tote.jpg',
            link: { url: 'https://shop.example/orders/XZ%201%2F2?lang=', text: 'View' },
          },
          { title: 'Mug', text: '' },
        ],
        text: 'Tote\n¥129\nView: https://shop.example/orders/XZ%201%2F2?lang=\nMug',
      },
      {
        type: 'buttons',
        block: 'offer',
        options: [
          { value: 'track', text: 'Track' },
          { value: 'back', text: 'Return' },
        ],
      },
      { type: 'pace', ms: 1500 },
    ])
    expect(chat.last!.messages[0]!.text).toBe(
      'New this week\nA canvas tote\nTote\n¥129\nView: https://shop.example/orders/XZ%201%2F2?lang=\nMug\n1. Track\n2. Return',
    )
    await chat.clicks('Return')
    expect(chat.path()).toEqual(['offer'])
  })

  test('are in Chinese for who reads Chinese', async () => {
    const chat = await said(offer, 'zh-CN')
    expect(chat.last!.messages[0]!.text).toBe(
      '本周上新\n一只帆布包\n帆布包\n129 元\n看看: https://shop.example/orders/XZ%201%2F2?lang=\n马克杯',
    )
  })

  test('an address that is not safe is left out, and the rest is said', async () => {
    const [card] = offer.cards
    const chat = await said({
      ...offer,
      image: 'javascript:alert(1)',
      cards: [{ ...card, image: 'http://cdn.example/tote.jpg', link: 'data:text/html,x' }],
    })
    expect(partsOf(chat)).toEqual([
      { type: 'text', text: 'New this week' },
      { type: 'cards', cards: [{ title: 'Tote', text: '¥129' }], text: 'Tote\n¥129' },
      { type: 'pace', ms: 575 },
    ])
  })

  test('a message can be a picture alone', async () => {
    const chat = await said({ image: offer.image, imageAlt: offer.imageAlt, pace: false })
    expect(partsOf(chat)).toEqual([{ type: 'image', url: offer.image, text: 'A canvas tote' }])
    expect(chat.last!.messages[0]!.text).toBe('A canvas tote')
  })

  test('problems: bad addresses, pictures and links that nobody can tell, words that lead nowhere', () => {
    const view = { languages: ['zh-CN', 'en'], names: ['order', 'lang'] }
    const found = (config: Record<string, unknown>) =>
      say.check?.(say.config.parse(config), view).map(({ code, field, severity }) => `${severity} ${code} ${field}`)
    const [card] = offer.cards
    expect(found(offer)).toEqual([])
    expect(found({ ...offer, text: {} })).toEqual([])
    expect(found({ image: offer.image })).toEqual(['error text-empty text', 'warning alt-missing imageAlt'])
    expect(found({ ...offer, image: '' })).toEqual(['warning image-missing image'])
    expect(found({ ...offer, image: 'cdn.example/new.jpg' })).toEqual(['error image-address image'])
    expect(found({ ...offer, cards: [{ ...card, link: 'javascript:x', linkText: {} }] })).toEqual([
      'error link-address cards.c1.link',
      'warning link-unnamed cards.c1.linkText',
    ])
    expect(found({ ...offer, cards: [{ ...card, link: '', title: {} }] })).toEqual([
      'error text-empty cards.c1.title',
      'warning link-missing cards.c1.link',
    ])
    expect(found({ ...offer, variants: [{ id: 'v', text: {} }] })).toEqual(['error text-empty variants.v.text'])
  })
})
