import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChannelConnection, Message } from '#server/api/dto.ts'
import { createChannelRoutes } from '#server/api/public/channel-routes.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { signWebhook } from '#server/webhooks/sign.ts'
import { openWecom } from '../../tests/doubles/wecom.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { publishedBot } from '../../tests/drivers/published-bot.ts'
import { openReceiver, type Receiver } from '../../tests/drivers/receiver.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'
import { type ChannelServiceDeps, createChannelService } from './channel-service.ts'
import { encryptWecom, wecomSignature } from './wecom/wecom-crypto.ts'

const option = (id: string, zh: string, en: string) => ({ id, value: en.toLowerCase(), text: { 'zh-CN': zh, en } })
const graph = graphOf(
  {
    s: { type: 'start' },
    hi: { type: 'say', config: { text: { 'zh-CN': '您好', en: 'Hello' } } },
    menu: {
      type: 'ask',
      config: {
        question: { 'zh-CN': '查什么？', en: 'What is it?' },
        kind: 'choice',
        choices: [option('a', '快递', 'Parcel'), option('b', '退款', 'Refund')],
        variable: 'topic',
        skipIfSet: false,
      },
    },
    ok: { type: 'say', config: { text: { 'zh-CN': '好的：{{topic}}', en: 'Fine: {{topic}}' } } },
    h: { type: 'hand-over', config: { reason: 'asked', note: '' } },
  },
  ['s -> hi', 'hi -> menu', 'menu -> ok', 'ok -> h'],
)
const person = { id: 'usr_1', name: 'Lin' }
const wecomApp = { corpId: 'wwfixture0000000001', secret: 'app-secret', members: ['LiNa', 'WangWei'] }
const wecomSecrets = { token: 'hooktoken', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', secret: 'app-secret' }

describeOnEachDatabase('channels', (openStore) => {
  let database: OpenDatabase
  let studio: Studio
  let receiver: Receiver
  let wecom: Awaited<ReturnType<typeof openWecom>>
  let bot: string
  let app: ReturnType<typeof createChannelRoutes>

  beforeEach(async () => {
    database = await openStore()
    receiver = await openReceiver()
    wecom = await openWecom(wecomApp)
    const env = { BOTLOOM_OUTBOUND_ALLOW: `${receiver.host},${wecom.host}`, BOTLOOM_MESSAGES_PER_MINUTE: '30' }
    studio = await openStudio(database, { compute: noCompute, env })
    bot = (await publishedBot(studio, 'Menu', graph)).bot
    app = createChannelRoutes(studio.services)
  })
  afterEach(async () => {
    await studio.close()
    await receiver.close()
    await wecom.close()
    await database.close()
  })

  const connect = async (wish: object) => {
    const made = await studio.call<{ connection: ChannelConnection; made: { secret: string } | null }>(
      'POST',
      '/api/channels',
      { bot, name: 'Side', settings: {}, ...wish },
    )
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    return made.body
  }
  const overWebhook = async (settings: object = { url: `${receiver.url}/replies` }) => {
    const { connection, made } = await connect({ kind: 'webhook', settings })
    let count = 0
    return {
      id: connection.id,
      secret: made!.secret,
      async post(said: object, signedWith = made!.secret, at = new Date()) {
        const body = JSON.stringify(said)
        const headers = signWebhook([signedWith], `req_${++count}`, at, body)
        return app.request(`/${connection.id}`, { method: 'POST', body, headers })
      },
    }
  }
  const overWecom = async () =>
    (
      await connect({
        kind: 'wecom',
        settings: { corpId: wecomApp.corpId, agentId: '1000002', base: wecom.url },
        secrets: wecomSecrets,
      })
    ).connection.id
  /** As WeCom calls back. */
  const callBack = (id: string, sender: string, fields: string) => {
    const message = `<xml><FromUserName><![CDATA[${sender}]]></FromUserName><CreateTime>1</CreateTime>${fields}</xml>`
    const encrypted = encryptWecom(message, wecomSecrets.aesKey, wecomApp.corpId)
    const timestamp = String(Math.floor(Date.now() / 1000))
    const query = new URLSearchParams({
      msg_signature: wecomSignature(wecomSecrets.token, timestamp, 'n', encrypted),
      timestamp,
      nonce: 'n',
    })
    const body = `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
    return app.request(`/${id}?${query}`, { method: 'POST', body })
  }
  const says = (id: string, sender: string, text: string, message: string) =>
    callBack(id, sender, `<MsgType>text</MsgType><Content><![CDATA[${text}]]></Content><MsgId>${message}</MsgId>`)
  const settled = () => studio.services.channels.settled()
  const posted = (): { message: Message & { plain: string }; sender: string; conversation: string }[] =>
    receiver.heard.map(({ body }) => JSON.parse(body))
  const held = () =>
    database.query<{ id: string; channel: string; status: string }>('select * from conversations order by created_at')
  const another = (change: Partial<ChannelServiceDeps> = {}) => {
    const { channelStore: store, conversations, outbound, log } = studio.services
    return createChannelService({
      database,
      store,
      conversations,
      outbound,
      log,
      limit: async () => {},
      ...change,
    })
  }

  test('a program posts what its people write and is posted what is said to them, in order, signed, once', async () => {
    const side = await overWebhook()
    expect((await side.post({ sender: 'ann', text: 'hi', id: 'm1', language: 'en' })).status).toBe(200)
    await settled()
    await side.post({ sender: 'ann', text: '2', id: 'm2' })
    // The other side never saw the answer and says it again.
    await side.post({ sender: 'ann', text: '2', id: 'm2' })
    await settled()
    const chats = await held()
    expect(chats).toMatchObject([{ channel: 'webhook', status: 'waiting' }])
    await studio.services.conversations.act(chats[0]!.id, { kind: 'reply', id: 'r1', text: 'It is me' }, person)
    await settled()
    expect(posted().map(({ message }) => message.plain)).toEqual([
      'Hello',
      expect.stringMatching(/^What is it\?\n1\. Parcel\n2\. Refund$/),
      ...posted()
        .slice(2, -2)
        .map(({ message }) => message.plain),
      'Lin is with you now.',
      'It is me',
    ])
    expect(posted().map(({ message }) => message.plain)).toContain('Fine: refund')
    expect(new Set(posted().map(({ message }) => message.id)).size).toBe(posted().length)
    expect(posted().map(({ message }) => message.seq)).toEqual(
      posted()
        .map(({ message }) => message.seq)
        .toSorted((a, b) => a - b),
    )
    for (const { headers, body } of receiver.heard) {
      const id = String(headers['webhook-id'])
      const at = new Date(Number(headers['webhook-timestamp']) * 1000)
      expect(headers['webhook-signature']).toBe(signWebhook([side.secret], id, at, body)['webhook-signature'])
    }
    expect(await database.query(`select 1 from outbox where kind = 'channel'`)).toEqual([])
  })

  test('who asks for the replies in the answer gets them there, and the same once more', async () => {
    const side = await overWebhook({})
    const ask = async () =>
      (await (await side.post({ sender: 'ann', text: 'Refund', id: 'm1', language: 'en', reply: true })).json()) as {
        messages: Message[]
      }
    const first = await ask()
    expect(first.messages.length).toBeGreaterThan(0)
    expect(await ask()).toEqual(first)
    const began = await (
      await side.post({ type: 'start', sender: 'bob', id: 's1', language: 'en', reply: true })
    ).json()
    expect(began.messages.map(({ text }: Message) => text)[0]).toBe('Hello')
    expect(receiver.heard).toEqual([])
    expect(await held()).toHaveLength(2)
  })

  test('unsigned, old, too large, unreadable or for nothing that is there: refused, each with its code', async () => {
    const side = await overWebhook()
    const code = async (response: Response) => [response.status, (await response.json()).code]
    expect(await code(await side.post({ sender: 'ann', text: 'x' }, 'whsec_AAAA'))).toEqual([401, 'signature-invalid'])
    expect(await code(await app.request(`/${side.id}`, { method: 'POST', body: '{}' }))).toEqual([
      401,
      'signature-invalid',
    ])
    const old = new Date(Date.now() - 301_000)
    expect(await code(await side.post({ sender: 'ann', text: 'x' }, side.secret, old))).toEqual([401, 'signature-old'])
    expect(await code(await side.post({ sender: 'ann' }))).toEqual([400, 'channel-message'])
    expect(await code(await side.post({ sender: 'ann', text: 'x', more: 1 }))).toEqual([400, 'invalid-request'])
    expect(await code(await side.post({ sender: 'ann', text: 'x'.repeat(70_000) }))).toEqual([413, 'message-too-large'])
    const unknown = await app.request('/chn_none', { method: 'POST', body: '{}' })
    await studio.call('PATCH', `/api/channels/${side.id}`, { active: false })
    const off = await side.post({ sender: 'ann', text: 'x' })
    expect(await unknown.json()).toEqual(await off.json())
    expect([unknown.status, off.status]).toEqual([404, 404])
    expect(await held()).toEqual([])
  })

  test('one sender who writes too much is told to wait; others are not', async () => {
    const side = await overWebhook({})
    let last = 200
    for (let count = 0; count <= 30; count++)
      last = (await side.post({ sender: 'ann', text: 'x', id: `m${count}` })).status
    expect(last).toBe(429)
    expect((await side.post({ sender: 'bob', text: 'x' })).status).toBe(200)
    await settled()
  })

  test('WeCom: an address is verified, a member who comes is greeted, a number is an answer, people answer from the inbox', async () => {
    const id = await overWecom()
    await callBack(id, 'LiNa', '<MsgType>event</MsgType><Event>enter_agent</Event>')
    await settled()
    expect(wecom.texts()).toEqual(['您好', '查什么？\n1. 快递\n2. 退款'])
    await says(id, 'LiNa', '2', '1')
    await says(id, 'LiNa', '2', '1')
    await settled()
    expect(wecom.texts()).toContain('好的：refund')
    const [chat] = await held()
    expect(chat).toMatchObject({ channel: 'wecom' })
    await studio.services.conversations.act(chat!.id, { kind: 'reply', id: 'r1', text: '我来帮您' }, person)
    await settled()
    expect(wecom.texts().at(-1)).toBe('我来帮您')
    expect(wecom.texts()).toEqual([...new Set(wecom.texts())])
    expect(new Set(wecom.sent.map(({ touser, agentid }) => `${touser} ${agentid}`))).toEqual(new Set(['LiNa 1000002']))
    expect(wecom.tokens).toHaveLength(1)
  })

  test('WeCom: recorded callbacks come in over the address; one that is too old is refused', async () => {
    const id = await overWecom()
    const verify = JSON.parse(await readFile(join(import.meta.dirname, 'wecom/fixtures/verify.json'), 'utf8'))
    const at = (now: number) => another({ now: () => new Date(now * 1000) })
    const request = {
      method: 'GET',
      query: (name: string) => verify.query[name],
      header: () => undefined,
      body: '',
    }
    const [then, later] = [at(verify.now), at(verify.now + 3600)]
    expect(await then.receive(id, request)).toEqual({ type: 'text', body: verify.plain })
    await expect(later.receive(id, request)).rejects.toMatchObject({ code: 'signature-old' })
    await then.close()
    await later.close()
  })

  test('WeCom: a token that ran out is renewed; nobody to give it to is left out; a refusal is shown and tried again', async () => {
    const id = await overWecom()
    await says(id, 'LiNa', 'hi', '1')
    await settled()
    wecom.expire()
    await says(id, 'LiNa', '1', '2')
    await settled()
    expect(wecom.texts()).toContain('好的：parcel')
    expect(wecom.tokens).toHaveLength(2)
    await says(id, 'Gone', 'hi', '3')
    await settled()
    expect(await database.query(`select 1 from outbox where kind = 'channel'`)).toEqual([])
    wecom.refuse({ errcode: 60020, errmsg: 'not allow to access from your ip' })
    await says(id, 'WangWei', 'hi', '4')
    await settled()
    const listed = (await studio.call<ChannelConnection[]>('GET', '/api/channels')).body
    expect(listed[0]?.problem?.message).toContain('60020')
    expect(wecom.sent.some(({ touser }) => touser === 'WangWei')).toBe(false)
    wecom.refuse(null)
    const later = another({ now: () => new Date(Date.now() + 60_000) })
    await later.settled()
    await later.close()
    expect(wecom.sent.filter(({ touser }) => touser === 'WangWei').map(({ text }) => text?.content)[0]).toBe('您好')
  })

  test('what came in, or was said, when the server was killed is carried on by the next one', async () => {
    const side = await overWebhook()
    await studio.services.channels.close()
    // Kept, and the server dies before it does anything with it.
    expect((await side.post({ sender: 'ann', text: 'hi', id: 'm1', language: 'en' })).status).toBe(200)
    expect(await held()).toEqual([])
    const deaf = { send: () => new Promise<never>(() => {}) }
    const dying = another({ outbound: deaf })
    await expect.poll(async () => (await held()).length).toBe(1)
    await expect
      .poll(async () => (await database.query('select 1 from channel_threads where leased_until is not null')).length)
      .toBe(1)
    const [one, two] = [
      another({ now: () => new Date(Date.now() + 200_000) }),
      another({ now: () => new Date(Date.now() + 200_000) }),
    ]
    await Promise.all([one.settled(), two.settled()])
    expect(posted().map(({ message }) => message.seq)).toEqual(
      posted()
        .map(({ message }) => message.seq)
        .toSorted((a, b) => a - b),
    )
    expect(posted().length).toBeGreaterThan(1)
    expect(new Set(posted().map(({ message }) => message.id)).size).toBe(posted().length)
    await one.close()
    await two.close()
    void dying
  })

  test('credentials never come back; a WeCom of one’s own needs the operator’s word', async () => {
    const id = await overWecom()
    const stored = JSON.stringify([
      (await studio.call('GET', '/api/channels')).body,
      await database.query('select * from channel_connections'),
    ])
    for (const secret of Object.values(wecomSecrets)) expect(stored).not.toContain(secret)
    const refused = await studio.call('POST', '/api/channels', {
      kind: 'wecom',
      bot,
      name: 'Own',
      settings: { corpId: 'ww1', agentId: '1', base: 'http://10.0.0.8' },
      secrets: wecomSecrets,
    })
    expect(refused).toMatchObject({ status: 400, body: { code: 'channel-base' } })
    expect((await studio.call('DELETE', `/api/channels/${id}`)).status).toBe(204)
    expect((await says(id, 'LiNa', 'hi', '9')).status).toBe(404)
  })
})
