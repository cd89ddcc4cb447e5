import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { CallRequest } from '#kit'
import type { CallTry, TryAnswer } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import { additionOf, graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'
import { createApiCaller } from './api-caller.ts'

/** A shop's own system, as far as a bot asks it; `answer` is what it says next. */
let shop: Server
let origin: string
const asked: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = []
let answers: { status: number; body?: unknown; headers?: Record<string, string>; cut?: true; hold?: Promise<void> }[] =
  []

beforeAll(async () => {
  shop = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
    const { status, body: said, headers, cut, hold } = answers.shift() ?? { status: 200, body: { status: 'sent' } }
    await hold
    if (cut) return void request.socket.destroy()
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(said ?? {}))
  })
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
})
afterAll(() => {
  shop.closeAllConnections()
  shop.close()
})
beforeEach(() => {
  asked.length = 0
  answers = []
})

const talk = (change: object = {}) =>
  graphOf(
    {
      s: { type: 'start' },
      q: { type: 'ask', config: { question: { en: 'Which order?' }, variable: 'order', skipIfSet: false } },
      api: {
        type: 'http-call',
        config: {
          url: `${origin}/orders/{{order}}`,
          map: [{ id: 'm', pointer: '/status', variable: 'status' }],
          sample: '{"status": "as in the sample"}',
          failed: { en: 'Not now' },
          retries: 0,
          ...change,
        },
      },
      ok: { type: 'say', config: { text: { en: '{{order}} is {{status}}' } } },
    },
    ['s -> q', 'q -> api', 'api -> ok', 'ok -> q'],
  )

describeOnEachDatabase('requests of bots', (open) => {
  let database: OpenDatabase
  let studio: Studio
  let bot: string
  beforeEach(async () => {
    database = await open()
    studio = await openStudio(database, { compute: noCompute, env: { BOTLOOM_OUTBOUND_ALLOW: new URL(origin).host } })
    bot = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body.id
  })
  afterEach(async () => {
    await studio.close()
    await database.close()
  })

  async function publish(change: object = {}): Promise<void> {
    const { revision } = (await studio.call<{ revision: number }>('GET', `/api/bots/${bot}/draft`)).body
    const diff = { id: 'calls_0001', added: additionOf(talk(change)), removed: {}, updated: {} }
    expect(await studio.call('POST', `/api/bots/${bot}/draft/diffs`, { base: revision, diffs: [diff] })).toMatchObject({
      status: 200,
    })
    expect((await studio.call('POST', `/api/bots/${bot}/publish`, { note: '' })).status).toBe(201)
  }
  async function start(): Promise<string> {
    const { conversations } = studio.services
    const at = { workspace: mainWorkspace, bot, pin: { version: 1 }, language: 'en' }
    return (await conversations.start(at)).conversationId
  }
  const say = async (chat: string, text: string, id?: string) =>
    (await studio.services.conversations.send(chat, { text, ...(id ? { id } : {}) })).messages.map(
      (message) => message.text,
    )

  test('a visitor gets the answer of the shop with the reply, and the same id the same replies', async () => {
    await publish()
    const chat = await start()
    expect(await say(chat, 'A7', 'c1')).toEqual(['A7 is sent', 'Which order?'])
    expect(asked).toMatchObject([{ method: 'GET', url: '/orders/A7' }])
    expect(await say(chat, 'A7', 'c1')).toEqual(['A7 is sent', 'Which order?'])
    expect(asked).toHaveLength(1)
    expect(await database.query('select 1 from outbox where delivered_at is null')).toEqual([])
  })

  test('a secret goes to its own host only, and stands in no row, no trace and no answer of ours', async () => {
    const headers = [{ id: 'h', name: 'Authorization', value: 'Bearer', secret: 'TOKEN' }]
    await publish({ headers })
    expect(await say(await start(), 'A7')).toEqual(['Not now'])
    expect(asked).toEqual([])
    const put = (host: string) => studio.call('PUT', `/api/bots/${bot}/secrets/TOKEN`, { host, value: 's3cr3t-words' })
    expect((await put('other.example')).status).toBe(204)
    expect(await say(await start(), 'A7')).toEqual(['Not now'])
    expect(asked).toEqual([])
    await put(new URL(origin).host)
    expect(await say(await start(), 'A7')).toEqual(['A7 is sent', 'Which order?'])
    expect(asked[0]?.headers.authorization).toBe('Bearer s3cr3t-words')
    const listed = await studio.call('GET', `/api/bots/${bot}/secrets`)
    expect(listed.body).toEqual([{ name: 'TOKEN', host: new URL(origin).host, updatedAt: expect.any(String) }])
    const rows = [
      ...(await database.query('select * from conversations')),
      ...(await database.query('select * from messages')),
      ...(await database.query('select * from outbox')),
      ...(await database.query('select * from bot_secrets')),
    ]
    expect(JSON.stringify([rows, listed.body])).not.toContain('s3cr3t-words')
  })

  test('a secret is changed, deleted, and gone with its bot; another workspace has none of it', async () => {
    const path = `/api/bots/${bot}/secrets/TOKEN`
    await studio.call('PUT', path, { host: 'a.example', value: 'x' })
    await expect(studio.services.secrets.reveal('wsp_other', bot, 'TOKEN', 'https://a.example')).rejects.toMatchObject({
      code: 'secret-missing',
    })
    expect(await studio.services.secrets.reveal(mainWorkspace, bot, 'TOKEN', 'https://a.example/x')).toBe('x')
    for (const host of ['http://a.example', 'a.example/x', 'me@a.example', ''])
      expect([host, (await studio.call('PUT', path, { host, value: 'x' })).status]).toEqual([host, 400])
    expect((await studio.call('DELETE', path)).status).toBe(204)
    expect((await studio.call('DELETE', path)).status).toBe(404)
    await studio.call('PUT', path, { host: 'a.example', value: 'x' })
    expect((await studio.call('DELETE', `/api/bots/${bot}`)).status).toBe(204)
    expect(await database.query('select 1 from bot_secrets')).toEqual([])
  })

  test('what is said while the shop is slow waits its turn, also when another server hears it', async () => {
    await publish()
    const chat = await start()
    let release = () => {}
    answers = [{ status: 200, body: { status: 'late' }, hold: new Promise((resolve) => (release = resolve)) }]
    const first = say(chat, 'A7')
    await expect.poll(() => asked.length).toBe(1)
    const second = say(chat, 'B8')
    release()
    expect(await first).toEqual(['A7 is late', 'Which order?'])
    expect(await second).toEqual(['B8 is sent', 'Which order?'])
  })

  test('a server that dies while it asks loses nothing: what may be sent twice is, with the same key; what may not is unknown', async () => {
    await publish({ method: 'PUT' })
    const chat = await start()
    answers = [{ status: 200, hold: new Promise(() => {}) }]
    void say(chat, 'A7').catch(() => {})
    await expect.poll(() => asked.length).toBe(1)
    // As the next server finds it once the lease of the dead one has ended.
    await database.query("update outbox set lease_until = now() - interval '1 second'")
    const next = await openStudio(database, {
      compute: noCompute,
      env: { BOTLOOM_OUTBOUND_ALLOW: new URL(origin).host },
    })
    await next.services.conversations.findLostCalls()
    const said = (await next.services.conversations.history(chat)).map(({ text }) => text)
    expect(said.slice(-3)).toEqual(['A7', 'A7 is sent', 'Which order?'])
    expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual([
      expect.stringMatching(/^out_/),
      asked[0]?.headers['idempotency-key'],
    ])
    await next.close()
  })

  test('an order that was sent once is not sent again when nobody knows what became of it', async () => {
    await publish({ method: 'POST' })
    const chat = await start()
    answers = [{ status: 200, hold: new Promise(() => {}) }]
    void say(chat, 'A7').catch(() => {})
    await expect.poll(() => asked.length).toBe(1)
    await database.query("update outbox set lease_until = now() - interval '1 second'")
    const next = await openStudio(database, {
      compute: noCompute,
      env: { BOTLOOM_OUTBOUND_ALLOW: new URL(origin).host },
    })
    await next.services.conversations.findLostCalls()
    expect((await next.services.conversations.history(chat)).map(({ text }) => text)).toContain('Not now')
    expect(asked).toHaveLength(1)
    await next.close()
  })

  test('who takes over while the bot asks is not talked into by the answer', async () => {
    await publish()
    const chat = await start()
    let release = () => {}
    answers = [{ status: 200, hold: new Promise((resolve) => (release = resolve)) }]
    const first = say(chat, 'A7')
    await expect.poll(() => asked.length).toBe(1)
    const taken = studio.services.conversations.act(chat, { kind: 'take' }, { id: 'usr_1', name: 'Wang' })
    release()
    await Promise.all([first, taken])
    expect((await studio.services.conversations.history(chat)).at(-1)?.text).toContain('Wang')
  })

  test('a try asks the shop, or uses the sample where the author wants that; a kept test asks nobody', async () => {
    await publish()
    const post = async <T>(path: string, body: unknown) =>
      (await studio.call<T>('POST', `/api/bots/${bot}${path}`, body)).body
    const chat = await post<TryAnswer>('/tries', { language: 'en' })
    await studio.services.conversations.send(chat.conversationId, { id: 'm1', text: 'A7' })
    expect(asked).toHaveLength(1)
    const [kept] = await post<{ id: string; turns: { outside?: unknown[] }[] }[]>('/tests', {
      name: 'Order',
      conversation: chat.conversationId,
    })
    expect(kept?.turns.map(({ outside }) => outside?.length)).toEqual([undefined, 1])
    const [run] = await post<{ result: { passed: boolean } }[]>('/tests/run', { tests: [kept!.id] })
    expect([run?.result.passed, asked.length]).toEqual([true, 1])
  })

  test('chats are replayed with the answers that there were', async () => {
    await publish()
    const chat = await start()
    answers = [{ status: 200, body: { status: 'lost' } }]
    await say(chat, 'A7')
    const replay = await studio.call('GET', `/api/bots/${bot}/publish/replay`)
    expect(replay.body).toEqual({ checked: 1, differing: [], next: null })
    expect(asked).toHaveLength(1)
  })

  test('a request is tried out while it is drawn, with its whole answer', async () => {
    const body = {
      type: 'http-call',
      config: { url: '{{base}}/orders/{{order}}' },
      variables: { order: 'A7' },
      parameters: { base: origin },
    }
    const tried = await studio.call<CallTry>('POST', `/api/bots/${bot}/calls`, body)
    expect(tried.body).toMatchObject({
      method: 'GET',
      url: `${origin}/orders/A7`,
      status: 200,
      text: '{"status":"sent"}',
      cut: false,
    })
    const refused = (change: object) =>
      studio.call<{ code: string }>('POST', `/api/bots/${bot}/calls`, { ...body, ...change })
    expect((await refused({ parameters: { base: 'http://127.0.0.1:1' } })).body.code).toBe('outbound-refused')
    expect((await refused({ type: 'say', config: {} })).body.code).toBe('outbound-address')
    expect((await refused({ type: 'toString' })).status).toBe(404)
  })
})

const sent = (change: Partial<CallRequest>): CallRequest => ({
  method: 'POST',
  url: 'https://a.example/',
  headers: [],
  body: null,
  timeout: 1_000,
  attempts: 3,
  repeatable: false,
  pick: ['/status'],
  tries: 'send',
  sample: null,
  ...change,
})
const attempts = async (outcomes: (number | string)[], change: Partial<CallRequest> = {}) => {
  const left = [...outcomes]
  const caller = createApiCaller({
    outbound: {
      send: async () => {
        const next = left.shift()!
        if (typeof next === 'string')
          throw new (await import('#kit')).BotloomError(next as 'outbound-lost', { host: 'a', detail: '' })
        return { status: next, headers: {}, body: Buffer.from('{"status":"sent","x":1}'), ms: 1 }
      },
    },
    secrets: { reveal: async () => '' },
  })
  const result = await caller.perform('ws', 'bot', 'key', sent(change))
  return [result.type === 'call.settled' ? result.status : result.code, result.attempts]
}

test('a request is made again only where that can do nothing twice', async () => {
  expect(await attempts(['outbound-unreachable', 200])).toEqual([200, 2])
  expect(await attempts([429, 200])).toEqual([200, 2])
  expect(await attempts([500, 200])).toEqual([500, 1])
  expect(await attempts(['outbound-lost', 200])).toEqual(['outcome-unknown', 1])
  expect(await attempts(['outbound-timeout', 200])).toEqual(['outcome-unknown', 1])
  expect(await attempts(['outbound-refused', 200])).toEqual(['outbound-refused', 1])
  expect(await attempts([500, 'outbound-lost', 200], { repeatable: true })).toEqual([200, 3])
  expect(await attempts(['outbound-timeout', 'outbound-timeout', 'outbound-timeout'], { repeatable: true })).toEqual([
    'outbound-timeout',
    3,
  ])
})
