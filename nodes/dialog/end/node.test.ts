import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { end } from './node.ts'

describeBlock(end, import.meta.url, { text: { en: 'Bye', 'zh-CN': '再见' } })

const graph = graphOf(
  {
    s: { type: 'start' },
    hi: { type: 'say', config: { text: { en: 'Hi' }, buttons: [{ id: 'bye', text: { en: 'Leave' } }] } },
    e: { type: 'end', config: { text: { en: 'Bye' } } },
  },
  ['s -> hi', 'hi/button:bye -> e', 'hi -> e'],
)

test('says goodbye and ends', async () => {
  const chat = new ChatDriver(graph)
  await chat.start()
  expect(await chat.clicks('Leave')).toEqual(['Bye'])
  expect(chat.session?.status).toBe('ended')
})

test('a visitor who writes after the end begins at the start, and those words are still heard', async () => {
  const chat = new ChatDriver(graph)
  await chat.start()
  await chat.clicks('Leave')
  expect(await chat.says('leave')).toEqual(['Hi', 'Bye'])
})

test('an end may stay silent', async () => {
  const chat = new ChatDriver(graphOf({ s: { type: 'start' }, e: { type: 'end' } }, ['s -> e']))
  expect(await chat.start()).toEqual([])
  expect(chat.session?.status).toBe('ended')
})
