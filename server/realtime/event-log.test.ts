import { afterEach, expect, test, vi } from 'vitest'
import type { OpenDatabase } from '#server/db/client.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { createEventLog, type EventLog, type LoggedEvent } from './event-log.ts'

interface Counted {
  type: 'counted'
  n: number
}
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
async function house(open: () => Promise<OpenDatabase>): Promise<{ database: OpenDatabase; events: EventLog }> {
  const database = await open()
  const events = await createEventLog(database)
  cleanups.push(async () => {
    await events.close()
    await database.close()
  })
  return { database, events }
}
const add = ({ database, events }: { database: OpenDatabase; events: EventLog }, n: number, topic = 'bot:1') =>
  database.db.transaction((tx) => events.append(tx, 'ws', topic, { type: 'counted', n } as Counted))
const numbers = (heard: readonly LoggedEvent<Counted>[]): number[] => heard.map(({ event }) => event.n)

describeOnEachDatabase('the log of events', (open) => {
  test('tells what happens in order, once each, and to its own topic only', async () => {
    const at = await house(open)
    const heard: LoggedEvent<Counted>[] = []
    await at.events.subscribe<Counted>('bot:1', null, (logged) => void heard.push(logged))
    for (let n = 1; n <= 5; n++) await add(at, n)
    await add(at, 99, 'bot:2')
    await add(at, 6)
    await vi.waitFor(() => expect(numbers(heard)).toEqual([1, 2, 3, 4, 5, 6]))
  })

  test('replays what came after a number, then goes on live', async () => {
    const at = await house(open)
    for (let n = 1; n <= 4; n++) await add(at, n)
    const first: LoggedEvent<Counted>[] = []
    const stop = await at.events.subscribe<Counted>('bot:1', 0, (logged) => void first.push(logged))
    await vi.waitFor(() => expect(numbers(first)).toEqual([1, 2, 3, 4]))
    stop()
    const again: LoggedEvent<Counted>[] = []
    await at.events.subscribe<Counted>('bot:1', first[1]!.seq, (logged) => void again.push(logged))
    await add(at, 5)
    await vi.waitFor(() => expect(numbers(again)).toEqual([3, 4, 5]))
    expect(numbers(first)).toEqual([1, 2, 3, 4])
  })

  test('an event of a transaction that was rolled back never was', async () => {
    const at = await house(open)
    const heard: LoggedEvent<Counted>[] = []
    await at.events.subscribe<Counted>('bot:1', null, (logged) => void heard.push(logged))
    const broken = at.database.db.transaction(async (tx) => {
      await at.events.append(tx, 'ws', 'bot:1', { type: 'counted', n: 1 } as Counted)
      throw new Error('no')
    })
    await expect(broken).rejects.toThrow('no')
    await add(at, 2)
    await vi.waitFor(() => expect(numbers(heard)).toEqual([2]))
  })

  test('many writers at once: no listener misses one, none comes out of order', async () => {
    const at = await house(open)
    const heard: LoggedEvent<Counted>[] = []
    await at.events.subscribe<Counted>('bot:1', null, (logged) => void heard.push(logged))
    await Promise.all(Array.from({ length: 60 }, (_, n) => add(at, n)))
    await vi.waitFor(() => expect(heard).toHaveLength(60))
    const order = heard.map(({ seq }) => seq!)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(new Set(numbers(heard)).size).toBe(60)
  })

  test('an event that passes is told to those who listen and kept for nobody', async () => {
    const at = await house(open)
    const heard: LoggedEvent<Counted>[] = []
    await at.events.subscribe<Counted>('bot:1', null, (logged) => void heard.push(logged))
    await at.events.pass('bot:1', { type: 'counted', n: 1 } as Counted)
    await vi.waitFor(() => expect(heard).toMatchObject([{ seq: null, event: { type: 'counted', n: 1 } }]))
    const later: LoggedEvent<Counted>[] = []
    await at.events.subscribe<Counted>('bot:1', 0, (logged) => void later.push(logged))
    await add(at, 2)
    await vi.waitFor(() => expect(numbers(later)).toEqual([2]))
  })

  test('a writer that began first and ends last is not skipped', async () => {
    const at = await house(open)
    // The embedded database has one connection: there a transaction always ends before the next one begins.
    if (at.database.kind === 'pglite') return
    const heard: LoggedEvent<Counted>[] = []
    await at.events.subscribe<Counted>('bot:1', null, (logged) => void heard.push(logged))
    let quick: Promise<void> | undefined
    await at.database.db.transaction(async (tx) => {
      await at.events.append(tx, 'ws', 'bot:1', { type: 'counted', n: 1 } as Counted)
      quick = add(at, 2)
      // Long enough for the second one to be written and heard, if nothing held it back.
      await at.database.query('select pg_sleep(0.3)')
    })
    await quick
    await vi.waitFor(() => expect(numbers(heard)).toEqual([1, 2]))
  })
})
