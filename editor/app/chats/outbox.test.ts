import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOutbox } from './outbox.ts'

function desk(answers: (() => Promise<string>)[]) {
  const asked: string[] = []
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  let ids = 0
  const open = () =>
    createOutbox<string>({
      send: (_, { id, text }) => {
        asked.push(`${id} ${text}`)
        return (answers.shift() ?? (async () => id))()
      },
      onSent: () => {},
      isPassing: (error) => error === 'lost',
      storage,
      makeId: () => `a${++ids}`,
    })
  return { open, asked }
}
const lost = () => Promise.reject('lost')
const refused = () => Promise.reject('refused')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('answers on their way', () => {
  it('are sent in the order of writing, each once the one before arrived', async () => {
    const { open, asked } = desk([])
    const outbox = open()
    void outbox.send('c', 'one')
    await outbox.send('c', 'two')
    await vi.runAllTimersAsync()
    expect(asked).toEqual(['a1 one', 'a2 two'])
    expect(outbox.store.getState().c).toEqual([])
  })

  it('are tried again under the same id until the server is reached', async () => {
    const { open, asked } = desk([lost, lost])
    const outbox = open()
    await outbox.send('c', 'one')
    expect(outbox.store.getState().c?.[0]?.state).toBe('late')
    await vi.runAllTimersAsync()
    expect(asked).toEqual(['a1 one', 'a1 one', 'a1 one'])
    expect(outbox.store.getState().c).toEqual([])
  })

  it('stay in sight where the server refuses them, and hold nothing up', async () => {
    const { open, asked } = desk([refused])
    const outbox = open()
    await outbox.send('c', 'one')
    await outbox.send('c', 'two')
    expect(outbox.store.getState().c).toMatchObject([{ id: 'a1', state: 'refused', error: 'refused' }])
    await outbox.again('c', 'a1')
    expect(asked).toEqual(['a1 one', 'a2 two', 'a1 one'])
  })

  it('survive a reload', async () => {
    const { open, asked } = desk([lost])
    await open().send('c', 'one')
    vi.clearAllTimers()
    open().wake()
    await vi.runAllTimersAsync()
    expect(asked).toEqual(['a1 one', 'a1 one'])
  })
})
