import { expect, test } from 'vitest'
import { createUnansweredDesk } from './unanswered.ts'

type Deps = Parameters<typeof createUnansweredDesk>[0]

test('messages are read again when something was counted or seen to, when an hour is over, and not before', async () => {
  let state = 'one'
  let hour = 9
  let reads = 0
  const store = {
    state: async () => state,
    open: async () => {
      reads++
      return []
    },
  }
  const desk = createUnansweredDesk({
    store: store as unknown as Deps['store'],
    catchUp: async () => {},
    now: () => new Date(Date.UTC(2026, 10, 28, hour)),
  } as unknown as Deps)
  const counts = async (times: number) => {
    for (let i = 0; i < times; i++) await desk.count('ws', 'bot_1')
    return reads
  }
  expect(await counts(3)).toBe(1)
  state = 'two'
  expect(await counts(3)).toBe(2)
  hour = 10
  expect(await counts(3)).toBe(3)
  await desk.count('ws', 'bot_2')
  expect(reads).toBe(4)
})
