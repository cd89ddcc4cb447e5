import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Presence, StudioEvent } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { events as eventRows } from '#server/db/schema/events.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

let database: OpenDatabase
let studio: Studio
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database, { compute: noCompute })
})
afterAll(async () => {
  await studio.close()
  await database.close()
})

/** A tab's stream, with what it has heard of others. */
async function openStream(bot: string, tab: string): Promise<{ here: Map<string, Presence>; close: () => void }> {
  const abort = new AbortController()
  const response = await studio.app.request(
    new Request(`http://127.0.0.1:4600/api/bots/${bot}/events?tab=${tab}`, {
      headers: { cookie: studio.cookie, host: '127.0.0.1:4600' },
      signal: abort.signal,
    }),
  )
  const here = new Map<string, Presence>()
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const read = async (): Promise<void> => {
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += value
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data: ')) continue
        const event: StudioEvent = JSON.parse(line.slice(6))
        if (event.type === 'presence.seen') here.set(event.who.tab, event.who)
        else if (event.type === 'presence.left') here.delete(event.tab)
      }
    }
  }
  void read().catch(() => {})
  return { here, close: () => void reader.cancel() }
}

const newBot = async () =>
  (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shared', template: null })).body.id
const [one, two, three] = ['tab_0000000001', 'tab_0000000002', 'tab_0000000003'] as const

test('whoever opens a bot learns who is there, is seen by them, and is gone when the tab closes', async () => {
  const bot = await newBot()
  const a = await openStream(bot, one)
  const b = await openStream(bot, two)
  await expect.poll(() => [...a.here.keys()].sort()).toEqual([one, two])
  await expect.poll(() => [...b.here.keys()].sort()).toEqual([one, two])
  b.close()
  await expect.poll(() => [...a.here.keys()]).toEqual([one])
  a.close()
})

test('the picked block is told to those who are there and to those who come later, and nothing is stored', async () => {
  const bot = await newBot()
  const a = await openStream(bot, one)
  const b = await openStream(bot, two)
  await expect.poll(() => a.here.size).toBe(2)
  expect((await studio.call('POST', `/api/bots/${bot}/presence`, { tab: one, block: 'hello' })).status).toBe(204)
  await expect.poll(() => b.here.get(one)?.block).toBe('hello')
  const c = await openStream(bot, three)
  await expect.poll(() => c.here.get(one)?.block).toBe('hello')
  expect(c.here.get(one)?.name).not.toBe('')
  expect(await database.db.select().from(eventRows)).toEqual([])
  for (const stream of [a, b, c]) stream.close()
})

test('a tab that connects anew is not taken for gone when its old stream ends late', async () => {
  const bot = await newBot()
  const a = await openStream(bot, one)
  const old = await openStream(bot, two)
  const anew = await openStream(bot, two)
  await expect.poll(() => a.here.has(two)).toBe(true)
  const seen = anew.here.get(two)
  old.close()
  await expect.poll(() => anew.here.get(two)).not.toBe(seen)
  await expect.poll(() => a.here.has(two)).toBe(true)
  for (const stream of [a, anew]) stream.close()
})

test('a name of a tab or a block that is none is refused', async () => {
  const bot = await newBot()
  for (const body of [
    { tab: 'x', block: null },
    { tab: one, block: '__proto__' },
    { tab: one },
    { tab: one, block: null, user: 'u' },
  ])
    expect((await studio.call('POST', `/api/bots/${bot}/presence`, body)).status).toBe(400)
  expect((await studio.call('POST', '/api/bots/bot_none/presence', { tab: one, block: null })).status).toBe(404)
})
