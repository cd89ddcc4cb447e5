import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
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
