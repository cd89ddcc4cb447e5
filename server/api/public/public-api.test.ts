import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { sign } from 'hono/jwt'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { definitions, steps } from '#nodes/registry.gen.ts'
import { createTestKeys } from '#server/bots/test-keys.ts'
import type { ChosenVersion } from '#server/bots/version-choice.ts'
import { createConversationService } from '#server/conversations/conversation-service.ts'
import { createVisitorFiles, type VisitorFiles } from '#server/conversations/visitor-files.ts'
import { createVisitorIdentities, newIdentitySecret } from '#server/conversations/visitor-identity.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { graphOf } from '../../../tests/drivers/chat.ts'
import { addBot, embeddedDatabase } from '../../../tests/drivers/database.ts'
import { noCompute } from '../../../tests/drivers/no-compute.ts'
import type { PublicBot } from './origin-check.ts'
import { createPublicApi, type PublicApiDeps } from './public-api.ts'

const document = graphOf(
  {
    s: { type: 'start' },
    menu: {
      type: 'say',
      config: { text: { 'zh-CN': '您好', en: 'Hello' }, buttons: [{ id: 'ask', text: { 'zh-CN': '问', en: 'Ask' } }] },
    },
    q: { type: 'ask', config: { question: { 'zh-CN': '几个？', en: 'How many?' }, variable: 'n', kind: 'number' } },
    ok: { type: 'end', config: { text: { 'zh-CN': '{{n}} 个', en: '{{n}} of them' } } },
  },
  ['s -> menu', 'menu/button:ask -> q', 'menu -> menu', 'q -> ok'],
)

describe('/v1', () => {
  let database: OpenDatabase
  let service: Awaited<ReturnType<typeof createConversationService>>
  let bot: PublicBot
  let app: Hono
  let clock: Date
  let files: VisitorFiles
  let folder: string
  const identities = createVisitorIdentities('a secret of at least thirty-two letters')
  let chosen: Record<'live' | 'test', ChosenVersion | null>

  const open = (change: Partial<PublicApiDeps> = {}): Hono =>
    new Hono().route(
      '/v1',
      createPublicApi({
        conversations: service,
        bots: {
          findBySlug: async (slug) => (slug === bot.slug ? bot : null),
          get: async () => bot,
        },
        files,
        identities,
        secret: 'a secret of at least thirty-two letters',
        limits: { conversationsPerMinute: 30, messagesPerMinute: 60 },
        addressOf: () => '10.0.0.1',
        log: pino({ level: 'silent' }),
        now: () => clock,
        ...change,
      }),
    )

  beforeEach(async () => {
    chosen = { live: { version: 1, drawn: null }, test: null }
    clock = new Date('2026-11-24T04:00:00Z')
    database = await embeddedDatabase()
    await addBot(database, 'ws', 'bot_1')
    folder = await mkdtemp(join(tmpdir(), 'botloom-visitor-'))
    files = createVisitorFiles({ db: database.db, folder, limit: 100_000 })
    service = await createConversationService({
      database,
      files,
      classifier: noCompute,
      calls: { perform: () => Promise.reject(new Error('no requests in this bot')) },
      versions: {
        load: async () => ({ document, classifiers: {} }),
        choose: async (_workspace, _bot, { environment }) => chosen[environment],
      },
      registry: { nodes: definitions },
      steps,
      log: pino({ level: 'silent' }),
    })
    bot = {
      id: 'bot_1',
      workspaceId: 'ws',
      slug: 'shop',
      origins: ['https://shop.example'],
      allowServerCallers: true,
      look: {},
      identitySecret: null,
      verifiedOnly: false,
      testKeySerial: 1,
    }
    app = open()
  })
  afterEach(async () => {
    await service.close()
    await database.close()
    await rm(folder, { recursive: true, force: true })
  })

  const post = (path: string, body: unknown, headers: Record<string, string> = {}, on = app) =>
    on.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const begin = async (headers: Record<string, string> = {}) => {
    const response = await post('/v1/bots/shop/conversations', {}, { 'accept-language': 'en', ...headers })
    expect(response.status).toBe(201)
    const started = await response.json()
    return { ...started, bearer: { authorization: `Bearer ${started.token}`, ...headers } }
  }

  test('a conversation: start, a click by block and value, an answer, the history', async () => {
    const { conversationId: id, messages, bearer } = await begin()
    expect(messages[0]).toMatchObject({ seq: 1, role: 'bot', text: 'Hello\n1. Ask', language: 'en' })
    const buttons = messages[0].parts[1]
    expect(buttons).toEqual({ type: 'buttons', block: 'menu', options: [{ value: 'ask', text: 'Ask' }] })
    const clicked = await post(`/v1/conversations/${id}/messages`, { choice: { block: 'menu', value: 'ask' } }, bearer)
    expect((await clicked.json()).messages[0].text).toBe('How many?')
    const answered = await post(`/v1/conversations/${id}/messages`, { id: 'c-1', text: 'three' }, bearer)
    expect(answered.status).toBe(200)
    expect((await answered.json()).messages[0].text).toBe('3 of them')
    const again = await post(`/v1/conversations/${id}/messages`, { id: 'c-1', text: 'three' }, bearer)
    expect((await again.json()).messages[0].text).toBe('3 of them')
    const history = await (await app.request(`/v1/conversations/${id}/messages`, { headers: bearer })).json()
    expect(history.messages.map(({ text }: { text: string }) => text)).toEqual([
      'Hello\n1. Ask',
      'Ask',
      'How many?',
      'three',
      '3 of them',
    ])
    const rest = await (await app.request(`/v1/conversations/${id}/messages?after=3`, { headers: bearer })).json()
    expect(rest).toEqual({ messages: history.messages.slice(3) })
    const refused = await app.request(`/v1/conversations/${id}/messages?after=-1`, { headers: bearer })
    expect([refused.status, (await refused.json()).code]).toEqual([400, 'invalid-request'])
  })

  test('events stream messages with their seq as id, after Last-Event-ID', async () => {
    const { conversationId: id, bearer } = await begin()
    const stop = new AbortController()
    const response = await app.request(`/v1/conversations/${id}/events`, {
      headers: { ...bearer, 'last-event-id': '1' },
      signal: stop.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    await post(`/v1/conversations/${id}/messages`, { text: 'ask' }, bearer)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('id: 3')) text += (await reader.read()).value ?? ''
    await reader.cancel()
    stop.abort()
    expect([...text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1])).toEqual(['2', '3'])
  })

  test('a token opens its own conversation and no other, and ends after its hour; the resume secret buys a new one', async () => {
    const one = await begin()
    const two = await begin()
    const path = `/v1/conversations/${one.conversationId}/messages`
    expect((await post(path, { text: 'ask' }, two.bearer)).status).toBe(401)
    expect((await post(path, { text: 'ask' }, { authorization: 'Bearer a.b.c' })).status).toBe(401)
    expect((await post(path, { text: 'ask' })).status).toBe(401)
    clock = new Date(clock.getTime() + 61 * 60_000)
    expect((await post(path, { text: 'ask' }, one.bearer)).status).toBe(401)
    const buy = `/v1/conversations/${one.conversationId}/token`
    expect((await post(buy, { resume: two.resume })).status).toBe(401)
    const { token } = await (await post(buy, { resume: one.resume })).json()
    expect((await post(path, { text: 'ask' }, { authorization: `Bearer ${token}` })).status).toBe(200)
  })

  test('a token signed by somebody else, or not signed at all, opens nothing', async () => {
    const { conversationId: id, token } = await begin()
    const other = open({ secret: 'another secret, just as long as the first' })
    const headers = { authorization: `Bearer ${token}` }
    expect((await post(`/v1/conversations/${id}/messages`, { text: 'x' }, headers, other)).status).toBe(401)
    const [, claims] = token.split('.')
    const none = `${btoa('{"alg":"none","typ":"JWT"}').replace(/=+$/, '')}.${claims}.x`
    expect(
      (await post(`/v1/conversations/${id}/messages`, { text: 'x' }, { authorization: `Bearer ${none}` })).status,
    ).toBe(401)
  })

  test('a page on the list may talk and gets CORS headers; another one gets 403 without them', async () => {
    const good = await post('/v1/bots/shop/conversations', {}, { origin: 'https://shop.example' })
    expect(good.status).toBe(201)
    expect(good.headers.get('access-control-allow-origin')).toBe('https://shop.example')
    const bad = await post('/v1/bots/shop/conversations', {}, { origin: 'https://evil.example' })
    expect(bad.status).toBe(403)
    expect(bad.headers.get('access-control-allow-origin')).toBeNull()
    expect(await bad.json()).toMatchObject({ code: 'origin-refused' })
    const { conversationId: id, token } = await begin()
    const stolen = { authorization: `Bearer ${token}`, origin: 'https://evil.example' }
    expect((await post(`/v1/conversations/${id}/messages`, { text: 'x' }, stolen)).status).toBe(403)
    expect((await app.request(`/v1/conversations/${id}/events`, { headers: stolen })).status).toBe(403)
  })

  test('a refusal reaches the page that may read it: errors carry CORS headers too', async () => {
    const response = await post('/v1/bots/shop/conversations', { nonsense: 1 }, { origin: 'https://shop.example' })
    expect(response.status).toBe(400)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example')
  })

  test('preflights are answered for pages on the list only', async () => {
    const { conversationId: id } = await begin()
    for (const path of ['/v1/bots/shop/conversations', `/v1/conversations/${id}/messages`]) {
      const ask = (origin: string) => app.request(path, { method: 'OPTIONS', headers: { origin } })
      const good = await ask('https://shop.example')
      expect(good.status).toBe(204)
      expect(good.headers.get('access-control-allow-headers')).toContain('authorization')
      expect((await ask('https://evil.example')).status).toBe(403)
    }
  })

  test('our own pages may always talk; without an Origin only where the bot allows server callers', async () => {
    app = open({ ownOrigins: () => ['http://127.0.0.1:4600'] })
    bot = { ...bot, allowServerCallers: false }
    expect((await post('/v1/bots/shop/conversations', {}, { origin: 'http://127.0.0.1:4600' })).status).toBe(201)
    const refused = await post('/v1/bots/shop/conversations', {})
    expect(refused.status).toBe(403)
    expect((await refused.json()).code).toBe('server-callers-refused')
  })

  test('more fields, none, too many bytes or no JSON are refused, each with a code, a cause and a remedy', async () => {
    const { conversationId: id, bearer } = await begin()
    const path = `/v1/conversations/${id}/messages`
    const refuse = async (body: unknown) => {
      const response = await post(path, body, bearer)
      expect(response.headers.get('content-type')).toContain('application/problem+json')
      const problem = await response.json()
      expect(problem.remedy).not.toBe('')
      return [response.status, problem.code]
    }
    expect(await refuse({ text: 'x', graph: {} })).toEqual([400, 'invalid-request'])
    expect(await refuse({})).toEqual([400, 'invalid-request'])
    expect(await refuse({ text: '  ' })).toEqual([400, 'invalid-request'])
    expect(await refuse('{')).toEqual([400, 'invalid-request'])
    expect(await refuse({ text: 'x'.repeat(5000) })).toEqual([400, 'invalid-request'])
    expect(await refuse({ text: 'x'.repeat(20_000) })).toEqual([413, 'message-too-large'])
    expect((await service.history(id)).length).toBe(1)
  })

  test('errors speak the caller’s language', async () => {
    const ask = async (language: string) =>
      (await (await post('/v1/bots/nobody/conversations', {}, { 'accept-language': language })).json()).message
    expect(await ask('zh-CN,zh;q=0.9')).toBe('没有地址为“nobody”的机器人。')
    expect(await ask('en-GB')).toBe('There is no bot at "nobody".')
  })

  test('a bot that was never published says so', async () => {
    chosen.live = null
    const response = await post('/v1/bots/shop/conversations', {})
    expect([response.status, (await response.json()).code]).toEqual([409, 'bot-unpublished'])
  })

  test('whoever comes after a Publish or a rollback gets that version at once', async () => {
    const versionOf = async (id: string) =>
      (await database.query<{ version: number }>('select version from conversations where id = $1', [id]))[0]?.version
    const before = await begin()
    chosen.live = { version: 2, drawn: null }
    const after = await begin()
    chosen.live = { version: 1, drawn: null }
    const rolledBack = await begin()
    expect(await versionOf(before.conversationId)).toBe(1)
    expect(await versionOf(after.conversationId)).toBe(2)
    expect(await versionOf(rolledBack.conversationId)).toBe(1)
  })

  test('the test environment opens to whoever has the bot’s key, and to nobody else; a renewed key locks out the one before', async () => {
    const rowOf = async (id: string) =>
      (await database.query('select version, environment from conversations where id = $1', [id]))[0]
    const key = (serial: number) => createTestKeys('a secret of at least thirty-two letters').keyOf('bot_1', serial)
    const start = (testKey: string) => post('/v1/bots/shop/conversations', { testKey })
    expect([(await start(key(1))).status, (await (await start(key(1))).json()).code]).toEqual([409, 'bot-unpublished'])
    chosen.test = { version: 7, drawn: null }
    const opened = await start(key(1))
    expect(opened.status).toBe(201)
    expect(await rowOf((await opened.json()).conversationId)).toEqual({ version: 7, environment: 'test' })
    expect(await rowOf((await begin()).conversationId)).toEqual({ version: 1, environment: 'live' })
    bot = { ...bot, testKeySerial: 2 }
    const refused = await start(key(1))
    expect([refused.status, (await refused.json()).code]).toEqual([403, 'test-key-invalid'])
    expect((await start(key(2))).status).toBe(201)
    expect((await start('guess')).status).toBe(403)
  })

  test('limits: new conversations by address, messages by conversation, with the seconds to wait', async () => {
    app = open({ limits: { conversationsPerMinute: 2, messagesPerMinute: 1 } })
    const { conversationId: id, bearer } = await begin()
    await begin()
    const third = await post('/v1/bots/shop/conversations', {})
    expect([third.status, (await third.json()).code]).toEqual([429, 'too-many-conversations'])
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
    const path = `/v1/conversations/${id}/messages`
    expect((await post(path, { text: 'ask' }, bearer)).status).toBe(200)
    expect((await post(path, { text: 'ask' }, bearer)).status).toBe(429)
  })

  test('how the chat looks comes with a tag, and nothing of it comes again while it is the same', async () => {
    bot.look = { accent: '#0a6e5c', title: { en: 'Ask us' } }
    const first = await app.request('/v1/bots/shop/look', { headers: { origin: 'https://shop.example' } })
    expect(await first.json()).toEqual({ look: bot.look, verifiedOnly: false, files: 100_000 })
    expect(first.headers.get('cache-control')).toBe('public, max-age=60')
    const tag = first.headers.get('etag')!
    const again = await app.request('/v1/bots/shop/look', { headers: { 'if-none-match': tag } })
    expect(again.status).toBe(304)
    bot.look = { accent: '#0a6e5d' }
    expect((await app.request('/v1/bots/shop/look', { headers: { 'if-none-match': tag } })).status).toBe(200)
    expect((await app.request('/v1/bots/shop/look', { headers: { origin: 'https://else.example' } })).status).toBe(403)
  })

  describe('files', () => {
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(200, 7)])
    const send = (id: string, bearer: Record<string, string>, bytes: Uint8Array, name: string) => {
      const form = new FormData()
      form.append('file', new Blob([new Uint8Array(bytes)]), name)
      return app.request(`/v1/conversations/${id}/files`, { method: 'POST', headers: bearer, body: form })
    }

    test('one goes up, into a message, and comes back to its visitor alone, to be saved', async () => {
      const { conversationId: id, bearer } = await begin()
      const sent = await send(id, bearer, png, 'receipt.png')
      expect(sent.status).toBe(201)
      const file = await sent.json()
      expect(file).toEqual({ id: expect.stringMatching(/^vfl_/), name: 'receipt.png', type: 'image/png', bytes: 208 })
      const said = await post(`/v1/conversations/${id}/messages`, { files: [file.id] }, bearer)
      expect((await said.json()).messages[0]).toMatchObject({ role: 'system', text: /I have your file/ })
      const { messages } = await (await app.request(`/v1/conversations/${id}/messages`, { headers: bearer })).json()
      expect(messages.find(({ role }: { role: string }) => role === 'user')).toMatchObject({
        text: 'receipt.png',
        parts: [{ type: 'file', file: file.id, text: 'receipt.png', mime: 'image/png', bytes: 208 }],
      })
      const got = await app.request(`/v1/conversations/${id}/files/${file.id}`, { headers: bearer })
      expect(Buffer.from(await got.arrayBuffer()).equals(png)).toBe(true)
      expect(got.headers.get('content-disposition')).toMatch(/^attachment; filename="receipt.png"/)
      expect(got.headers.get('x-content-type-options')).toBe('nosniff')
      expect(got.headers.get('content-type')).toBe('application/octet-stream')
      const other = await begin()
      const theirs = `/v1/conversations/${other.conversationId}`
      expect((await app.request(`${theirs}/files/${file.id}`, { headers: other.bearer })).status).toBe(404)
      expect((await app.request(`/v1/conversations/${id}/files/${file.id}`, { headers: other.bearer })).status).toBe(
        401,
      )
      expect((await app.request(`/v1/conversations/${id}/files/token`)).status).toBe(401)
      expect((await post(`${theirs}/messages`, { files: [file.id] }, other.bearer)).status).toBe(404)
    })

    test.each([
      ['a page', '<!doctype html><script>alert(1)</script>', 'receipt.png'],
      ['a page with a mark before it', '\ufeff\n <svg onload=alert(1)>', 'notes.txt'],
      ['a script', '#!/bin/sh\nrm -rf /', 'notes.txt'],
      ['a program', 'MZ\x90\x00\x03\x00', 'photo.jpg'],
      ['a ZIP', 'PK\x03\x04 anything', 'photo.zip'],
      ['nothing', '', 'empty.txt'],
    ])('%s is not taken, whatever it is called, and nothing of it stays', async (_, content, name) => {
      const { conversationId: id, bearer } = await begin()
      const refused = await send(id, bearer, Buffer.from(content, 'latin1'), name)
      expect([refused.status, (await refused.json()).code]).toEqual([415, 'visitor-file-refused'])
      expect(await readdir(folder)).toEqual([])
    })

    test('one that is too large is cut off, said or not, and nothing of it stays', async () => {
      const { conversationId: id, bearer } = await begin()
      const refused = await send(id, bearer, Buffer.concat([png, Buffer.alloc(120_000)]), 'large.png')
      expect([refused.status, (await refused.json()).code]).toEqual([413, 'visitor-file-too-large'])
      expect(await readdir(join(folder, id))).toEqual([])
    })

    test.each([
      ['../../etc/passwd.png', 'passwd.png'],
      ['C:\\\\secret\\\\a.png', 'a.png'],
      ['exe\u202egnp.bat', 'exegnp.bat.png'],
      ['.htaccess', 'htaccess.png'],
      ['收据 (1).PNG', '收据 (1).PNG'],
    ])('a file called %s is known as %s, and lies under a name of ours', async (name, known) => {
      const { conversationId: id, bearer } = await begin()
      const file = await (await send(id, bearer, png, name)).json()
      expect(file.name).toBe(known)
      expect(await readdir(join(folder, id))).toEqual([file.id])
    })

    test('too many in a minute have to wait', async () => {
      const { conversationId: id, bearer } = await begin()
      const codes: number[] = []
      for (let n = 0; n < 22; n++) codes.push((await send(id, bearer, png, 'a.png')).status)
      expect(codes.filter((code) => code === 201).length).toBe(20)
      expect(codes.at(-1)).toBe(429)
    })
  })

  describe('visitors whom the site vouches for', () => {
    const secret = newIdentitySecret()
    const soon = () => Math.floor(Date.now() / 1000) + 600
    const vouch = (claims: object, key = secret) => sign({ exp: soon(), ...claims }, key, 'HS256')
    const start = (identity: string, headers = {}) => post('/v1/bots/shop/conversations', { identity }, headers)
    beforeEach(() => {
      bot.identitySecret = identities.seal(secret)
    })

    test('the same person finds the conversation again on another device, and a stranger does not', async () => {
      const one = await start(await vouch({ id: 'u-1', name: 'Ada' }))
      expect(one.status).toBe(201)
      const first = await one.json()
      await post(
        `/v1/conversations/${first.conversationId}/messages`,
        { text: 'hello' },
        { authorization: `Bearer ${first.token}` },
      )
      const other = await start(await vouch({ id: 'u-1', name: 'Ada L.' }))
      expect(other.status).toBe(200)
      const second = await other.json()
      expect(second.conversationId).toBe(first.conversationId)
      expect(second.messages.some(({ text }: { text: string }) => text === 'hello')).toBe(true)
      for (const { resume } of [first, second])
        expect((await post(`/v1/conversations/${first.conversationId}/token`, { resume })).status).toBe(200)
      const stranger = await (await start(await vouch({ id: 'u-2' }))).json()
      expect(stranger.conversationId).not.toBe(first.conversationId)
    })

    test('a conversation that began without a name gets it, and never that of somebody else', async () => {
      const { conversationId: id, bearer } = await begin()
      const path = `/v1/conversations/${id}/identity`
      expect((await post(path, { token: await vouch({ id: 'u-7', email: 'a@shop.example' }) }, bearer)).status).toBe(
        204,
      )
      expect((await post(path, { token: await vouch({ id: 'u-7', email: 'b@shop.example' }) }, bearer)).status).toBe(
        204,
      )
      const refused = await post(path, { token: await vouch({ id: 'u-8' }) }, bearer)
      expect([refused.status, (await refused.json()).code]).toEqual([409, 'identity-other'])
    })

    const unsigned = (claims: object) =>
      `${[{ alg: 'none', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`
    test.each<[string, () => string | Promise<string>]>([
      ['signed by nobody', () => unsigned({ id: 'u-1', exp: soon() })],
      ['with a signature cut off', async () => (await vouch({ id: 'u-1' })).replace(/[^.]+$/, '')],
      ["signed with another bot's secret", () => vouch({ id: 'u-1' }, newIdentitySecret())],
      ['signed with another algorithm', () => sign({ id: 'u-1', exp: soon() }, secret, 'HS512')],
      ['that has run out', () => vouch({ id: 'u-1', exp: soon() - 3_600 })],
      ['that never runs out', () => sign({ id: 'u-1' }, secret, 'HS256')],
      ['of nobody', () => vouch({ name: 'Ada' })],
      ['that is a visitor token of ours', async () => (await begin()).token],
      ['that is none', () => 'x.y.z'],
    ])('a word %s counts for nothing', async (_, token) => {
      const refused = await start(await token())
      expect([refused.status, (await refused.json()).code]).toEqual([401, 'identity-invalid'])
    })

    test('once the secret is taken away, no word counts', async () => {
      const token = await vouch({ id: 'u-1' })
      bot.identitySecret = null
      expect((await start(token)).status).toBe(401)
    })

    test('a bot for verified visitors alone talks to nobody else', async () => {
      const before = await begin()
      bot.verifiedOnly = true
      app = open()
      const refused = await post('/v1/bots/shop/conversations', {})
      expect([refused.status, (await refused.json()).code]).toEqual([401, 'identity-needed'])
      const path = `/v1/conversations/${before.conversationId}`
      expect((await post(`${path}/messages`, { text: 'hi' }, before.bearer)).status).toBe(401)
      expect((await post(`${path}/identity`, { token: await vouch({ id: 'u-9' }) }, before.bearer)).status).toBe(204)
      expect((await post(`${path}/messages`, { text: 'hi' }, before.bearer)).status).toBe(200)
    })
  })

  test('a page says where its visitor is, without what an address gives away', async () => {
    const { conversationId: id, bearer } = await begin()
    const page = {
      url: 'https://ada:pw@shop.example/cart?item=7&session_token=abc#top',
      title: 'Cart',
      referrer: 'https://search.example/?q=private',
    }
    expect((await post(`/v1/conversations/${id}/context`, { page, attributes: { plan: 'gold' } }, bearer)).status).toBe(
      204,
    )
    const [row] = await database.query<{ context: unknown }>('select context from conversations where id = $1', [id])
    expect(row?.context).toEqual({
      page: { url: 'https://shop.example/cart?item=7', title: 'Cart', referrer: 'https://search.example/' },
      attributes: { plan: 'gold' },
    })
  })

  test('how much is unread is told for the resume secret', async () => {
    const { conversationId: id, resume, bearer } = await begin()
    await post(`/v1/conversations/${id}/messages`, { choice: { block: 'menu', value: 'ask' } }, bearer)
    const asked = await post(`/v1/conversations/${id}/unread`, { resume, after: 1 })
    expect(await asked.json()).toEqual({ unread: 1, live: false })
    expect((await post(`/v1/conversations/${id}/unread`, { resume: 'guess', after: 0 })).status).toBe(401)
  })

  test('the OpenAPI document names every door, its body and its refusals', async () => {
    const document = await (await app.request('/v1/openapi.json')).json()
    expect(Object.keys(document.paths).sort()).toEqual([
      '/bots/{slug}/conversations',
      '/bots/{slug}/look',
      '/conversations/{id}/context',
      '/conversations/{id}/events',
      '/conversations/{id}/files',
      '/conversations/{id}/files/{file}',
      '/conversations/{id}/identity',
      '/conversations/{id}/messages',
      '/conversations/{id}/token',
      '/conversations/{id}/unread',
    ])
    const send = document.paths['/conversations/{id}/messages'].post
    expect(
      Object.keys(send.requestBody.content['application/json'].schema.properties ?? {}).length +
        Object.keys(document.components?.schemas ?? {}).length,
    ).toBeGreaterThan(0)
    expect(Object.keys(send.responses)).toContain('429')
  })
})
