import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { definitions, steps } from '#nodes/registry.gen.ts'
import { createPublicApi } from '#server/api/public/public-api.ts'
import { createConversationService } from '#server/conversations/conversation-service.ts'
import { createVisitorFiles } from '#server/conversations/visitor-files.ts'
import { createVisitorIdentities } from '#server/conversations/visitor-identity.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { graphOf } from '../../../tests/drivers/chat.ts'
import { addBot, embeddedDatabase } from '../../../tests/drivers/database.ts'
import { noCompute } from '../../../tests/drivers/no-compute.ts'
import { createChatClient } from './client.ts'
import type { MemoryStorage } from './memory.ts'

const text = (en: string) => ({ en })
const graph = graphOf(
  {
    s: { type: 'start' },
    hi: { type: 'say', config: { text: text('Hello'), buttons: [{ id: 'go', text: text('My order') }] } },
    q: { type: 'ask', config: { question: text('Number?'), variable: 'order', skipIfSet: false } },
    ok: { type: 'say', config: { text: text('{{order}} is on its way') } },
  },
  ['s -> hi', 'hi/button:go -> q', 'hi -> q', 'q -> ok', 'ok -> q'],
  { languages: ['en'] },
)

/** What happens to the next requests: the server never hears it, or its answer never arrives. */
type Network = 'fine' | 'down' | 'answers lost'

describe('a chat over the public API', () => {
  let database: OpenDatabase
  let stop: () => Promise<void>
  let url: string
  let network: Network
  let clock: number
  let requests: string[] = []
  const clients: ReturnType<typeof createChatClient>[] = []

  beforeEach(() => {
    network = 'fine'
    clock = Date.now()
    requests = []
  })
  beforeAll(async () => {
    database = await embeddedDatabase()
    await addBot(database, 'ws', 'bot_1')
    const log = pino({ level: 'silent' })
    const folder = await mkdtemp(join(tmpdir(), 'botloom-client-'))
    const files = createVisitorFiles({ db: database.db, folder, limit: 1_000_000 })
    const identities = createVisitorIdentities('a secret of at least thirty-two characters')
    const conversations = await createConversationService({
      database,
      classifier: noCompute,
      files,
      versions: {
        load: async () => ({ document: graph, classifiers: {} }),
        choose: async () => ({ version: 1, drawn: null }),
      },
      registry: { nodes: definitions },
      steps,
      log,
    })
    const bot = {
      id: 'bot_1',
      workspaceId: 'ws',
      slug: 'shop',
      origins: [],
      allowServerCallers: true,
      look: {},
      identitySecret: null,
      verifiedOnly: false,
      testKeySerial: 1,
    }
    const app = new Hono<{ Bindings: { outgoing: { destroy(): void } } }>()
    app.use(async (c, next) => {
      requests.push(`${c.req.method} ${c.req.path.replace(/cnv_\w+/, '*')}`)
      if (network === 'down') c.res = c.body(null)
      else await next()
      if (network !== 'fine') c.env.outgoing.destroy()
    })
    app.route(
      '/v1',
      createPublicApi({
        conversations,
        bots: { findBySlug: async (slug) => (slug === bot.slug ? bot : null), get: async () => bot },
        files,
        identities,
        secret: 'a secret of at least thirty-two characters',
        limits: { conversationsPerMinute: 30, messagesPerMinute: 20 },
        addressOf: () => '127.0.0.1',
        log,
        now: () => new Date(clock),
      }),
    )
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    stop = async () => {
      await conversations.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await database.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
  afterEach(() => {
    for (const client of clients.splice(0)) client.close()
  })
  afterAll(() => stop())

  const chat = (storage: MemoryStorage = newStorage(), bot = 'shop') => {
    const client = createChatClient({ server: url, bot, language: 'en', storage })
    clients.push(client)
    return client
  }
  const said = (client: ReturnType<typeof chat>) => client.getState().messages.map((message) => message.text)
  const sent = () => requests.filter((line) => line === 'POST /v1/conversations/*/messages').length

  test('what is typed faster than it is answered arrives in the order of typing', async () => {
    const client = chat()
    await client.open()
    for (const words of ['hello', 'A1', 'A2', 'A3']) client.send({ text: words })
    await until(client, () => said(client).length === 10)
    expect(said(client).map((line) => line.split('\n')[0])).toEqual([
      'Hello',
      'hello',
      'Number?',
      'A1',
      'A1 is on its way',
      'Number?',
      'A2',
      'A2 is on its way',
      'Number?',
      'A3',
    ])
  })

  test('a message typed while the chat still opens is kept and sent', async () => {
    const client = chat()
    const opening = client.open()
    client.send({ text: 'hello' })
    await opening
    await until(client, () => said(client).at(-1) === 'Number?')
    expect(client.getState().messages.map(({ seq, unsent }) => [seq, unsent])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, undefined],
    ])
  })

  test.each(['answers lost', 'down'] as const)(
    'with the network gone (%s) a message is sent again and said once',
    async (how) => {
      const client = chat()
      await client.open()
      network = how
      client.send({ text: 'hello' })
      await until(client, () => client.getState().status === 'offline')
      expect(client.getState().messages.at(-1)).toMatchObject({ text: 'hello', unsent: 'sending' })
      network = 'fine'
      await until(client, () => client.getState().status === 'ready')
      expect(sent()).toBeGreaterThan(1)
      expect(said(client).slice(1)).toEqual(['hello', 'Number?'])
      expect(client.getState().messages.every(({ unsent }) => unsent === undefined)).toBe(true)
    },
  )

  test('a reload brings back what was said, and a click on a button goes on', async () => {
    const storage = newStorage()
    const before = chat(storage)
    await before.open()
    before.send({ choice: { block: 'hi', value: 'go' }, label: 'My order' })
    await until(before, () => said(before).at(-1) === 'Number?')
    before.close()
    const after = chat(storage)
    await after.open()
    expect(said(after).slice(1)).toEqual(['My order', 'Number?'])
    after.send({ text: 'LB9' })
    await until(after, () => said(after).includes('LB9 is on its way'))
  })

  test('what was typed without a network survives a reload without one', async () => {
    const storage = newStorage()
    const before = chat(storage)
    await before.open()
    network = 'down'
    before.send({ text: 'hello' })
    await until(before, () => before.getState().status === 'offline')
    before.close()
    const after = chat(storage)
    await after.open()
    expect(after.getState()).toMatchObject({ status: 'offline', messages: [{ text: 'hello', unsent: 'sending' }] })
    network = 'fine'
    await until(after, () => said(after).at(-1) === 'Number?')
    expect(said(after).slice(1)).toEqual(['hello', 'Number?'])
  })

  test('a token that ran out is exchanged in silence', async () => {
    const client = chat()
    await client.open()
    clock += 2 * 60 * 60 * 1_000
    client.send({ text: 'hello' })
    await until(client, () => said(client).at(-1) === 'Number?')
    expect(requests).toContain('POST /v1/conversations/*/token')
    expect(client.getState()).toMatchObject({ status: 'ready', error: null })
  })

  test('after days all that was said is there again, and what was seen is not unread', async () => {
    const storage = newStorage()
    const before = chat(storage)
    await before.open()
    before.send({ text: 'hello' })
    await until(before, () => said(before).at(-1) === 'Number?')
    before.see()
    before.close()
    clock += 9 * 24 * 60 * 60 * 1_000
    const after = chat(storage)
    await after.open()
    expect(said(after).at(-1)).toBe('Number?')
    expect(after.getState().unread).toBe(0)
    after.send({ text: 'LB1' })
    await until(after, () => said(after).includes('LB1 is on its way'))
    expect(after.getState().unread).toBeGreaterThan(0)
    after.see()
    expect(after.getState().unread).toBe(0)
  })

  test('a file goes up before its message, waits for the network, and comes back as it was', async () => {
    const client = chat()
    await client.open()
    network = 'down'
    client.send({ file: new File(['%PDF-1.4 a receipt'], 'receipt.pdf', { type: 'application/pdf' }) })
    await until(client, () => client.getState().status === 'offline')
    network = 'fine'
    await until(client, () => client.getState().messages.some(({ parts }) => Boolean(parts[0]?.file)))
    const part = client.getState().messages.find(({ role }) => role === 'user')!.parts[0]!
    expect(part).toMatchObject({ type: 'file', text: 'receipt.pdf', mime: 'application/pdf' })
    expect(await (await client.file(String(part.file))).text()).toBe('%PDF-1.4 a receipt')
    expect(client.getState().messages.filter(({ role }) => role === 'user')).toHaveLength(1)
  })

  test('two tabs share one conversation, see the same and lose nothing of each other', async () => {
    const storage = newStorage()
    const first = chat(storage)
    await first.open()
    const second = chat(storage)
    await second.open()
    first.send({ text: 'hello' })
    await until(second, () => said(second).at(-1) === 'Number?')
    await until(first, () => first.getState().status === 'ready')
    network = 'down'
    first.send({ text: 'from the first' })
    second.send({ text: 'from the second' })
    const stored = JSON.parse(storage.getItem('botloom:shop') ?? '')
    expect(stored.unsent.map((message: { text: string }) => message.text)).toEqual([
      'from the first',
      'from the second',
    ])
    network = 'fine'
    for (const tab of [first, second])
      await until(tab, () => said(tab).length === 9 && tab.getState().status === 'ready')
    expect(said(second)).toEqual(said(first))
    expect(JSON.parse(storage.getItem('botloom:shop') ?? '').unsent).toEqual([])
  })

  test('a conversation that is gone gives way to a new one, and the message is not lost', async () => {
    const storage = newStorage()
    storage.setItem('botloom:shop', JSON.stringify({ conversation: 'cnv_gone', resume: 'x', unsent: [] }))
    const client = chat(storage)
    await client.open()
    expect(said(client)).toHaveLength(1)
    expect(JSON.parse(storage.getItem('botloom:shop') ?? '').conversation).not.toBe('cnv_gone')
  })

  test('starting over begins an empty conversation that the page remembers', async () => {
    const storage = newStorage()
    const client = chat(storage)
    await client.open()
    client.send({ text: 'hello' })
    await until(client, () => said(client).at(-1) === 'Number?')
    const before = JSON.parse(storage.getItem('botloom:shop') ?? '').conversation
    await client.restart()
    expect(said(client)).toHaveLength(1)
    expect(JSON.parse(storage.getItem('botloom:shop') ?? '').conversation).not.toBe(before)
  })

  test('a message that the server refuses is marked and does not hold up the next one', async () => {
    const client = chat()
    await client.open()
    client.send({ text: 'x'.repeat(4_001) })
    client.send({ text: 'hello' })
    await until(client, () => said(client).includes('Number?'))
    expect(client.getState().messages.at(-1)).toMatchObject({ unsent: 'refused' })
  })

  test('who types too fast is told to wait, and nothing is lost', async () => {
    const client = chat()
    await client.open()
    for (let i = 0; i < 22; i++) client.send({ text: `A${i}` })
    await until(client, () => client.getState().error !== null)
    expect(client.getState().error?.remedy).toMatch(/\d+ seconds/)
    expect(client.getState().messages.filter(({ unsent }) => unsent === 'sending')).toHaveLength(2)
  })

  test('an unknown bot is said in plain words', async () => {
    const client = chat(newStorage(), 'nobody')
    await client.open()
    expect(client.getState()).toMatchObject({ status: 'failed', error: { message: 'There is no bot at "nobody".' } })
  })
})

function newStorage(): MemoryStorage {
  const values = new Map<string, string>()
  return {
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
    removeItem: (name) => void values.delete(name),
  }
}

function until(client: ReturnType<typeof createChatClient>, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget()
      reject(new Error(`it never came; the chat: ${JSON.stringify(client.getState(), null, 1)}`))
    }, 15_000)
    const look = (): void => {
      if (!holds()) return
      clearTimeout(timer)
      forget()
      resolve()
    }
    const forget = client.subscribe(look)
    look()
  })
}
