import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { handOver } from './node.ts'

describeBlock(handOver, import.meta.url)

test('tells the visitor, leaves a note with what is known for a colleague, and falls silent', async () => {
  const graph = graphOf(
    {
      s: { type: 'start' },
      q: { type: 'ask', config: { question: { en: 'Order?' }, variable: 'order' } },
      h: { type: 'hand-over', config: { reason: 'complaint about {{order}}', note: 'order {{order}}' } },
    },
    ['s -> q', 'q -> h'],
  )
  const chat = new ChatDriver(graph)
  await chat.start('en')
  expect(await chat.says('number seven')).toEqual([
    'This needs a person, so I am passing it on. You can keep writing here.',
  ])
  expect(chat.last?.outbox).toEqual([
    { type: 'handoff', reason: 'complaint about number seven', note: 'order number seven', block: 'h' },
  ])
  expect(chat.session?.status).toBe('handoff')
  expect(await chat.says('are you there?')).toEqual([])
  expect(chat.last?.outbox).toEqual([])
})
