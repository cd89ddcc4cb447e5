import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { start } from './node.ts'

describeBlock(start, import.meta.url)

test('a conversation goes through start to the first block that has something to say', async () => {
  const chat = new ChatDriver(
    graphOf({ s: { type: 'start' }, hi: { type: 'say', config: { text: { en: 'Hi' } } } }, ['s -> hi']),
  )
  expect(await chat.start()).toEqual(['Hi'])
  expect(chat.path()).toEqual(['s', 'hi'])
})
