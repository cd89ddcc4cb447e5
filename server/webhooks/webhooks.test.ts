import { createHmac } from 'node:crypto'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WebhookDelivery, WebhookDeliveryPage, WebhookEndpoint } from '#server/api/dto.ts'
import { createSealer } from '#server/auth/sealed.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { publishedBot } from '../../tests/drivers/published-bot.ts'
import { openReceiver, type Receiver } from '../../tests/drivers/receiver.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'
import { webhookEventTypes } from './event-types.ts'
import { checkWebhook } from './sign.ts'
import { createWebhookInterest } from './webhook-interest.ts'
import { createWebhookSender, type WebhookSenderDeps } from './webhook-sender.ts'

const graph = graphOf(
  {
    s: { type: 'start' },
    stars: {
      type: 'ask',
      config: { question: { 'zh-CN': '几颗星？', en: 'How many stars?' }, kind: 'rating', scale: 5, variable: 'stars' },
    },
    h: { type: 'hand-over', config: { reason: 'asked', note: '{{stars}} stars' } },
  },
  ['s -> stars', 'stars -> h'],
)
const person = { id: 'usr_1', name: 'Lin' }
interface Event {
  type: string
  timestamp: string
  data: {
    conversation: { id: string; bot: string; status: string; channel: string }
    message: { text: string; role: string; seq: number }
  } & Record<string, unknown>
}

describeOnEachDatabase('webhooks', (openStore) => {
  let database: OpenDatabase
  let studio: Studio
  let receiver: Receiver
  let bot: Awaited<ReturnType<typeof publishedBot>>

  beforeEach(async () => {
    database = await openStore()
    receiver = await openReceiver()
    studio = await openStudio(database, { compute: noCompute, env: { BOTLOOM_OUTBOUND_ALLOW: receiver.host } })
    bot = await publishedBot(studio, 'Stars', graph)
  })
  afterEach(async () => {
    await studio.close()
    await receiver.close()
    await database.close()
  })

  const add = async (wish: object = {}) => {
    const made = await studio.call<{ endpoint: WebhookEndpoint; secret: string }>('POST', '/api/webhooks', {
      url: `${receiver.url}/hook`,
      events: webhookEventTypes,
      bot: null,
      ...wish,
    })
    expect(made.status).toBe(201)
    return made.body
  }
  const log = async (id: string, query = '') =>
    (await studio.call<WebhookDeliveryPage>('GET', `/api/webhooks/${id}/deliveries${query}`)).body.deliveries
  const listed = async () =>
    (await studio.call<{ endpoints: WebhookEndpoint[] }>('GET', '/api/webhooks')).body.endpoints
  const heard = (): Event[] => receiver.heard.map(({ body }) => JSON.parse(body))
  const start = () => studio.services.conversations.start({ ...bot, language: 'en' })
  const settled = () => studio.services.webhookSender.settled()
  const posted = () => database.query(`select id from outbox where kind = 'event'`)
  /** A server of its own on the same database, with a clock that the test moves. */
  const another = async (change: Partial<WebhookSenderDeps> = {}) => {
    const quiet = pino({ level: 'silent' })
    const interest = await createWebhookInterest(database, quiet)
    const { outbound, secret } = studio.services
    const sealer = createSealer(secret, 'webhooks')
    const sender = createWebhookSender({
      database,
      outbound,
      sealer,
      interest,
      log: quiet,
      random: () => 0.5,
      ...change,
    })
    return {
      wake: sender.wake,
      settled: sender.settled,
      async close() {
        await sender.close()
        await interest.close()
      },
    }
  }

  test('a conversation is told from its beginning to its end, in order, signed, with all that was said', async () => {
    const { secret } = await add()
    const { conversationId: id } = await start()
    await studio.services.conversations.send(id, { id: 'm1', text: '4 stars' })
    await studio.services.conversations.act(id, { kind: 'take' }, person)
    await studio.services.conversations.act(id, { kind: 'reply', id: 'r1', text: 'Hello there' }, person)
    await studio.services.conversations.act(id, { kind: 'give-back' }, person)
    await receiver.until(12)
    await settled()
    expect(
      heard().map(({ type, data }) => (data.message ? `${data.message.role}: ${data.message.text}` : type)),
    ).toEqual([
      'conversation.started',
      'bot: How many stars?\n1. 1\n2. 2\n3. 3\n4. 4\n5. 5',
      'user: 4 stars',
      'bot: This needs a person, so I am passing it on. You can keep writing here.',
      'system: Your request has been noted. Whatever you write here is kept with it.',
      'conversation.handed_over',
      'conversation.taken',
      'system: Lin is with you now.',
      'agent: Hello there',
      'conversation.given_back',
      'system: Lin has left, and the bot is back.',
      'conversation.ended',
    ])
    for (const { headers, body } of receiver.heard)
      expect(checkWebhook([secret], (name) => String(headers[name]), body, new Date())).toMatch(/^evt_/)
    expect(new Set(receiver.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(receiver.heard.length)
    expect(await posted()).toEqual([])
  })

  test('only what was asked for is told, only of the bot that was named, and nothing of a try', async () => {
    const other = await publishedBot(studio, 'Other', graph)
    await add({ events: ['conversation.started'], bot: other.bot })
    await start()
    await studio.services.conversations.start({ ...other, isTry: true })
    expect(await posted()).toEqual([])
    const { conversationId } = await studio.services.conversations.start(other)
    await receiver.until(1)
    await settled()
    expect(heard().map(({ type, data }) => [type, data.conversation.id])).toEqual([
      ['conversation.started', conversationId],
    ])
  })

  test('a version that goes live is told, and told with what made it so', async () => {
    await add({ events: ['version.published'] })
    await studio.services.versions.activate(bot.workspace, bot.bot, 1, {}, { id: 'usr_1', name: 'Lin' })
    const server = await another()
    await receiver.until(1)
    await server.close()
    expect(heard()).toMatchObject([{ type: 'version.published', data: { bot: bot.bot, version: 1 } }])
  })

  test('what was committed by a server that was killed is told by the next one, under the same id', async () => {
    await add({ events: ['conversation.started'] })
    // The server dies between its commit and the delivery: nothing of it goes on.
    await studio.services.webhookSender.close()
    await start()
    expect(await posted()).toHaveLength(1)
    const [one, two] = [await another(), await another()]
    await receiver.until(1)
    await Promise.all([one.settled(), two.settled()])
    expect(receiver.heard).toHaveLength(1)
    await one.close()
    await two.close()
  })

  test('a delivery that was under way when its server was killed is sent again when its time is over', async () => {
    await add({ events: ['conversation.started'] })
    await studio.services.webhookSender.close()
    await start()
    let hung = 0
    const neverEnding = { send: () => new Promise<never>(() => void hung++) }
    await another({ outbound: neverEnding })
    await expect.poll(() => hung).toBe(1)
    const [delivery] = await database.query<{ event_id: string; status: string }>('select * from webhook_deliveries')
    expect(delivery?.status).toBe('waiting')
    const early = await another()
    early.wake()
    await early.settled()
    expect(receiver.heard).toHaveLength(0)
    const later = await another({ now: () => new Date(Date.now() + 61_000) })
    await receiver.until(1)
    expect(receiver.heard[0]?.headers['webhook-id']).toBe(delivery?.event_id)
    await early.close()
    await later.close()
  })

  test('what fails is tried for a day with growing pauses; later words of the conversation wait for it, those of others do not', async () => {
    let minutes = 0
    const now = () => new Date(Date.now() + minutes * 60_000)
    const { endpoint } = await add({ events: ['message.created'] })
    await studio.services.webhookSender.close()
    const { conversationId: first } = await start()
    await studio.services.conversations.send(first, { id: 'm1', text: '4' })
    const { conversationId: second } = await start()
    receiver.answer = ({ body }) => ({ status: (JSON.parse(body) as Event).data.conversation.id === first ? 503 : 200 })
    const server = await another({ now })
    server.wake()
    await server.settled()
    const told = () => heard().map(({ data }) => `${data.conversation.id === first ? 1 : 2}: ${data.message.seq}`)
    expect(told().sort()).toEqual(['1: 1', '2: 1'])
    const gaps: number[] = []
    for (let attempt = 2; attempt <= 4; attempt++) {
      const [row] = await database.query<{ next_at: Date }>(
        `select next_at from webhook_deliveries where status = 'waiting' and attempts > 0`,
      )
      gaps.push(Math.round((new Date(row!.next_at).getTime() - now().getTime()) / 1000))
      minutes += (new Date(row!.next_at).getTime() - now().getTime()) / 60_000 + 0.01
      server.wake()
      await server.settled()
    }
    expect(gaps.map((gap) => Math.round(gap / 5) * 5)).toEqual([5, 30, 120])
    // After four attempts the others no longer wait.
    expect(told().filter((one) => one === '1: 1')).toHaveLength(4)
    server.wake()
    await server.settled()
    expect(told()).toContain('1: 2')
    receiver.answer = () => ({ status: 200 })
    minutes += 24 * 60
    for (let round = 0; round < 4; round++) {
      server.wake()
      await server.settled()
    }
    expect(await log(endpoint.id, '?status=waiting')).toEqual([])
    expect(await log(endpoint.id, '?status=failed')).toEqual([])
    expect(second).not.toBe(first)
    await server.close()
  })

  test('an address that is gone is switched off at once, one that fails for three days then; what waited can be sent again', async () => {
    let days = 0
    const now = () => new Date(Date.now() + days * 24 * 3_600_000)
    const { endpoint } = await add({ events: ['conversation.started'] })
    await studio.services.webhookSender.close()
    receiver.answer = () => ({ status: 500, body: 'broken' })
    const server = await another({ now })
    await start()
    server.wake()
    await server.settled()
    expect(await listed()).toMatchObject([{ active: true, waiting: 1 }])
    days = 4
    server.wake()
    await server.settled()
    expect(await listed()).toMatchObject([{ active: false, offReason: 'failing', waiting: 0, failed: 1 }])
    const off = await studio.call('POST', `/api/webhooks/${endpoint.id}/again`, { since: '2020-01-01T00:00:00Z' })
    expect(off).toMatchObject({ status: 409, body: { code: 'webhook-off' } })
    await studio.call('PATCH', `/api/webhooks/${endpoint.id}`, { active: true })
    receiver.answer = () => ({ status: 410 })
    const again = await studio.call('POST', `/api/webhooks/${endpoint.id}/again`, { since: '2020-01-01T00:00:00Z' })
    expect(again.body).toEqual({ sent: 1 })
    server.wake()
    await server.settled()
    expect(await listed()).toMatchObject([{ active: false, offReason: 'gone' }])
    const before = receiver.heard.length
    await start()
    server.wake()
    await server.settled()
    expect(receiver.heard).toHaveLength(before)
    const [delivery] = await log(endpoint.id)
    expect(delivery?.tries.map(({ status, answer }) => [status, answer])).toEqual([
      [500, 'broken'],
      [500, 'broken'],
      [410, ''],
    ])
    await server.close()
  })

  test('one, or all that failed, is sent again as it was; a test is sent at once and not repeated', async () => {
    const { endpoint } = await add({ events: ['conversation.started'] })
    await start()
    await receiver.until(1)
    await settled()
    const [first] = await log(endpoint.id)
    await studio.call('POST', `/api/webhooks/${endpoint.id}/deliveries/${first!.id}/again`)
    await receiver.until(2)
    await settled()
    expect(receiver.heard[1]?.body).toBe(receiver.heard[0]?.body)
    expect(receiver.heard[1]?.headers['webhook-id']).toBe(receiver.heard[0]?.headers['webhook-id'])
    receiver.answer = () => ({ status: 302, headers: { location: 'https://example.com/' } })
    const tested = await studio.call<WebhookDelivery>('POST', `/api/webhooks/${endpoint.id}/test`)
    // One that leads elsewhere is not followed.
    expect(tested.body).toMatchObject({ type: 'webhook.test', status: 'failed', tries: [{ status: 302 }] })
    receiver.answer = () => ({ status: 200, body: 'x'.repeat(100_000) })
    const long = await studio.call<WebhookDelivery>('POST', `/api/webhooks/${endpoint.id}/test`)
    expect(long.body).toMatchObject({ status: 'done', tries: [{ status: 200, answer: 'x'.repeat(500) }] })
  })

  test('after a change of the secret both sign for a day; the secret is told once and never listed', async () => {
    const { endpoint, secret } = await add({ events: ['conversation.started'] })
    const { body } = await studio.call<{ secret: string }>('POST', `/api/webhooks/${endpoint.id}/secret`)
    await start()
    await receiver.until(1)
    const one = receiver.heard[0]!
    for (const known of [secret, body.secret])
      expect(checkWebhook([known], (name) => String(one.headers[name]), one.body, new Date())).toMatch(/^evt_/)
    const stored = JSON.stringify([await listed(), await database.query('select * from webhook_endpoints')])
    for (const known of [secret, body.secret]) expect(stored).not.toContain(known)
  })

  test('an address inside of a private network is refused unless the operator named it', async () => {
    const { endpoint } = await add({ url: 'http://127.0.0.1:9/hook' })
    const tested = await studio.call<WebhookDelivery>('POST', `/api/webhooks/${endpoint.id}/test`)
    expect(tested.body).toMatchObject({ status: 'failed', tries: [{ status: null }] })
    expect(tested.body.tries[0]?.error).toContain('127.0.0.1')
  })

  test('who deletes a webhook deletes its log; other workspaces have none of it', async () => {
    const { endpoint } = await add()
    await start()
    await receiver.until(2)
    await settled()
    await expect(studio.services.webhooks.get('wsp_other', endpoint.id)).rejects.toMatchObject({ code: 'not-found' })
    expect((await studio.call('DELETE', `/api/webhooks/${endpoint.id}`)).status).toBe(204)
    expect(await database.query('select 1 from webhook_deliveries')).toEqual([])
    expect((await studio.call('GET', `/api/webhooks/${endpoint.id}/deliveries`)).status).toBe(404)
  })
})

test('the scheme is Standard Webhooks: its own example has its own signature', () => {
  const [id, timestamp, body] = ['msg_p5jXN8AQM9LWM0D4loKWxJek', '1614265330', '{"test": 2432232314}']
  const headers: Record<string, string> = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': 'v1,nonsense v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const check = (now: number, more: Record<string, string> = {}) =>
    checkWebhook(
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      (name) => ({ ...headers, ...more })[name],
      body,
      new Date(now * 1000),
    )
  expect(check(1614265330)).toBe(id)
  expect(() => check(1614265330 + 301)).toThrow(expect.objectContaining({ code: 'signature-old' }))
  expect(() => check(1614265330, { 'webhook-id': 'msg_x' })).toThrow(
    expect.objectContaining({ code: 'signature-invalid' }),
  )
  const secretless = createHmac('sha256', '').update(`${id}.${timestamp}.${body}`).digest('base64')
  expect(() => check(1614265330, { 'webhook-signature': `v1,${secretless}` })).toThrow(
    expect.objectContaining({ code: 'signature-invalid' }),
  )
})
