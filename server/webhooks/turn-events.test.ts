import { expect, test } from 'vitest'
import type { TurnTold } from '#server/conversations/turn-posts.ts'
import { ChatDriver, graphOf } from '../../tests/drivers/chat.ts'
import { toTurnEvents } from './turn-events.ts'

test('stars and the words about them are told, with the block that asked', async () => {
  const graph = graphOf({ s: { type: 'start' }, bye: { type: 'end', config: { rating: true } } }, ['s -> bye'])
  const chat = new ChatDriver(graph)
  await chat.start('en')
  const told = (): TurnTold => ({
    before: {
      ...{
        id: 'cnv_1',
        workspace: 'ws',
        bot: 'bot_1',
        pin: { version: 1 },
        channel: 'web',
        environment: 'test',
        isTry: false,
      },
      ...{ status: 'open', turn: 2 },
    },
    record: { status: 'open', seq: 3, at: '2026-11-24T04:00:00Z', messages: [], outbox: [] },
    cause: { result: chat.last!, program: chat.program },
  })
  const rated = () =>
    toTurnEvents(told(), { of: () => new Set(['conversation.rated']) }).map((entry) => {
      const { type, data } = JSON.parse(entry.kind === 'event' ? entry.payload.body : '{}')
      expect(data.conversation.environment, 'a chat of the test environment is known by it').toBe('test')
      return [type, data.rating, data.comment, data.block]
    })
  await chat.clicks('★★★★')
  expect(rated()).toEqual([['conversation.rated', 4, '', 'bye']])
  await chat.says('a bit slow')
  expect(rated()).toEqual([['conversation.rated', 4, 'a bit slow', 'bye']])
})
