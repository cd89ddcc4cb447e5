import { Writable } from 'node:stream'
import { Hono } from 'hono'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DraftView } from '#server/api/dto.ts'
import { openRoutes } from '#server/auth/guard.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { workspaces } from '#server/db/schema/auth.ts'
import { hideParams } from '#server/observability/log.ts'
import { problemOf } from '#server/observability/problem.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'
import { createPublicApi } from './public/public-api.ts'

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

const newBot = async (): Promise<string> =>
  (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Test', template: null })).body.id
let count = 0
const diff = (part: object) => ({
  id: `hard_${String(++count).padStart(6, '0')}`,
  added: {},
  removed: {},
  updated: {},
  ...part,
})
const headers = (more: Record<string, string> = {}) => ({
  cookie: studio.cookie,
  'x-botloom-csrf': studio.csrf,
  'content-type': 'application/json',
  ...more,
})
/** JSON as it is written, since an object literal cannot hold `__proto__` as a key of its own. */
const pushRaw = (bot: string, diffs: string) =>
  studio.bare('POST', `/api/bots/${bot}/draft/diffs`, headers(), `{"base":1,"diffs":[${diffs}]}`)

describe('another workspace', () => {
  test('its bots, sets, files, runs, versions and conversations are not there, by whatever route', async () => {
    const { bots, sets, files, versions, conversations } = studio.services
    const other = 'wsp_other'
    await database.db.insert(workspaces).values({ workspaceId: other, name: 'Other' })
    const document = graphOf({ start: { type: 'start' }, bye: { type: 'end', config: { text: { en: 'x' } } } }, [
      'start -> bye',
    ])
    const bot = await bots.create(other, { name: 'Theirs', id: 'bot_test', document })
    const set = await sets.create(other, bot.id, 'Theirs')
    const file = await files.save(other, 'theirs.csv', Buffer.from('text,label\na,b\n'))
    await versions.publish(other, bot.id, { note: '' }, { id: 'usr_x', name: 'X' })
    const { conversationId, messages } = await conversations.start({
      workspace: other,
      bot: bot.id,
      pin: { version: 1 },
    })
    const { webhooks, channelStore } = studio.services
    const webhook = await webhooks.add(other, { url: 'https://a.example/', events: ['message.created'], bot: null })
    const channel = await channelStore.add(other, { kind: 'webhook', bot: bot.id, name: 'Theirs', settings: {} }, 'en')
    const ids: Record<string, string> = {
      bot: bot.id,
      webhook: webhook.endpoint.id,
      channel: channel.connection.id,
      set,
      file,
      version: '1',
      conversation: conversationId,
      message: messages[0]?.id ?? 'x',
      test: 'tst_0000000000000000',
      chat: conversationId,
    }
    const bodies: Record<string, unknown> = {
      'PATCH /api/bots/:bot': { name: 'mine now' },
      'PUT /api/bots/:bot/secrets/:name': { host: 'a.example', value: 'x' },
      'POST /api/bots/:bot/calls': { type: 'http-call', config: {}, variables: {}, parameters: {} },
      'POST /api/bots/:bot/experiments': { version: 1, share: 50 },
      'POST /api/bots/:bot/experiments/:experiment/stop': { keep: 'a' },
      'POST /api/bots/:bot/draft/diffs': { base: 0, diffs: [] },
      'POST /api/bots/:bot/presence': { tab: 'tab_0000000000', block: null },
      'POST /api/bots/:bot/sets': { name: 'mine' },
      'POST /api/bots/:bot/unanswered/rows': { messages: ['0'.repeat(64)], set, label: 'mine' },
      'POST /api/bots/:bot/unanswered/dismiss': { messages: ['0'.repeat(64)] },
      'POST /api/bots/:bot/unanswered/undo': { messages: ['0'.repeat(64)] },
      'POST /api/bots/:bot/publish': { note: '', keepOldModel: true },
      'POST /api/bots/:bot/runs/:run/report/answers': { question: 'x', temperature: 0, topP: 1, maxTokens: 1 },
      'POST /api/bots/:bot/runs/:run/report/try': { text: 'x' },
      'POST /api/bots/:bot/tries/:conversation/rerun': { message: messages[0]?.id, id: 'mine' },
      'POST /api/bots/:bot/tests': { name: 'mine', conversation: conversationId },
      'POST /api/bots/:bot/tests/run': { tests: ['tst_0000000000000000'] },
      'PUT /api/bots/:bot/tests/:test': {
        name: 'mine',
        language: 'en',
        now: '2026-11-24T04:00:00Z',
        turns: [{ user: null, replies: [] }],
      },
      'POST /api/inbox/chats/:chat/messages': { id: 'mine', text: 'x' },
      'POST /api/inbox/chats/:chat/notes': { text: 'x' },
      'PATCH /api/inbox/chats/:chat': { tags: ['mine'] },
      'PUT /api/inbox/canned/:id': { title: 'mine', text: 'x' },
      'POST /api/webhooks/:webhook/again': { since: '2026-01-01T00:00:00Z' },
      'PATCH /api/sets/:set/rows/:row': { text: 'mine' },
      'POST /api/sets/:set/rows/change': { rows: ['x'], change: { label: 'mine' } },
      'POST /api/sets/:set/rows/delete': { rows: ['x'] },
      'POST /api/sets/:set/rows/restore': { rows: ['x'], to: '0'.repeat(64) },
      'POST /api/sets/:set/rows/mark': { rows: ['x'], marked: true },
      'PATCH /api/sets/:set/labels/:label': { name: 'mine' },
      'POST /api/sets/:set/labels/:label/merge': { labels: ['x'] },
      'POST /api/sets/:set/labels/:label/split': { name: 'mine', rows: ['x'] },
      'POST /api/sets/:set/suggestions': { rows: ['x'] },
      'POST /api/sets/:set/similar': { rows: ['x'] },
      'POST /api/sets/:set/check/:hash/:kind/fix': { way: 'remove', except: [] },
      'POST /api/bots/:bot/connections': {
        kind: 'postgres',
        name: 'mine',
        host: '127.0.0.1',
        port: 1,
        user: 'x',
        tls: 'off',
      },
      'POST /api/bots/:bot/connections/:connection/preview': { query: { from: 'statement', sql: 'select 1' } },
      'POST /api/sets/:set/sources': {
        connection: 'dcn_0000000000000000',
        name: 'mine',
        query: { from: 'statement', sql: 'select 1' },
        mapping: { textColumn: 'text', labelColumn: null, label: 'x' },
        cursorColumn: null,
      },
      'POST /api/sets/:set/import': { file, textColumn: 'text', labelColumn: 'label', label: null },
    }
    const routes = studio.app.routes.filter(
      ({ method, path }) =>
        method !== 'ALL' && path.includes('/:') && !openRoutes.some((route) => route.matches(method, path)),
    )
    expect(routes.length).toBeGreaterThan(20)
    for (const { method, path } of routes) {
      const body = method === 'GET' ? undefined : (bodies[`${method} ${path}`] ?? {})
      const answer = await studio.call(
        method,
        path.replace(/:(\w+)/g, (_, name) => ids[name] ?? 'x'),
        body,
      )
      const code = /:file(\/about)?$/.test(path) ? 'file-missing' : 'not-found'
      expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([404, code])
    }
    const mine = await newBot()
    const own = (await studio.call<{ id: string }>('POST', `/api/bots/${mine}/sets`, { name: 'Mine' })).body.id
    const stolen = await studio.call('POST', `/api/sets/${own}/import`, bodies['POST /api/sets/:set/import'])
    expect(stolen).toMatchObject({ status: 404, body: { code: 'file-missing' } })
    expect((await studio.call<{ id: string }[]>('GET', '/api/bots')).body.map(({ id }) => id)).not.toContain(bot.id)
    expect((await bots.get(other, bot.id)).name).toBe('Theirs')
  })
})

describe('what no database takes', () => {
  test.each([
    ['GET', '/api/bots/%00'],
    ['GET', '/api/sets/%00/rows'],
    ['GET', '/api/conversations/%00/messages/%00/trace'],
    ['GET', '/api/conversations/%00/messages/%00/words'],
    ['POST', '/api/bots', { name: 'a\u0000b', template: null }],
    ['POST', '/api/bots', { name: 'a', template: '\u0000' }],
    ['GET', '/api/bots/BOT/runs/%00'],
    ['POST', '/api/bots/BOT/versions/9007199254740991/current', {}],
    ['POST', '/api/bots/BOT/draft/diffs', { base: 9_007_199_254_740_991, diffs: [] }],
    ['POST', '/api/bots/BOT/sets', { name: '\u0000' }],
    ['POST', '/api/bots/BOT/publish', { note: '\u0000' }],
    ['GET', '/api/sets/SET/rows?search=%00'],
    ['GET', '/api/sets/SET/rows?label=%00&offset=9007199254740991'],
    ['PATCH', '/api/sets/SET/labels/%00', { name: 'x' }],
    ['POST', '/api/sets/SET/labels/%00/merge', { labels: ['\u0000'] }],
    ['POST', '/api/sets/SET/labels/%00/split', { name: '\u0000', rows: ['\u0000'] }],
    ['PUT', '/api/sets/SET/labels/%00/guide', { belongs: '\u0000', examples: ['\u0000'] }],
    ['POST', '/api/sets/SET/label-steps/%00/undo', {}],
    ['POST', '/api/sets/SET/states/9007199254740991/undo', {}],
    ['GET', '/api/sets/SET/rows/%00/history'],
    ['GET', '/api/sets/SET/rows?source=%00&language=%00'],
    ['POST', '/api/sets/SET/rows/mark', { rows: ['\u0000'], marked: true }],
    ['POST', '/api/sets/SET/suggestions', { rows: ['\u0000'] }],
    ['POST', '/api/sets/SET/similar', { rows: ['\u0000'] }],
    ['POST', '/api/sets/SET/rows/change', { rows: ['\u0000'], change: { label: '\u0000' } }],
    ['POST', '/api/sets/SET/rows/delete', { rows: ['\u0000'] }],
    ['POST', '/api/sets/SET/rows/restore', { rows: ['\u0000'], to: '0'.repeat(64) }],
  ])('%s %s is refused or nothing, never a failure of ours', async (method, path, body?: object) => {
    const bot = await newBot()
    const set = (await studio.call<{ id: string }>('POST', `/api/bots/${bot}/sets`, { name: 'Set' })).body.id
    const answer = await studio.call(method, path.replace('BOT', bot).replace('SET', set), body)
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500)
  })

  test('cookies that nobody gave out are no session', async () => {
    for (const cookie of ['botloom.session_token=%', 'botloom.session_token=a.b', '=;;=', 'x'.repeat(5_000)])
      expect((await studio.bare('GET', '/api/me', { cookie })).status, cookie.slice(0, 40)).toBe(401)
  })

  test('a body without a length is counted while it is read, and no larger one gets in', async () => {
    const chunk = new Uint8Array(1_048_576).fill(32)
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1
        if (sent > 64) controller.close()
        else controller.enqueue(chunk)
      },
    })
    const init = { method: 'POST', headers: { ...headers(), host: '127.0.0.1:4600' }, body, duplex: 'half' }
    const answer = await studio.app.request(new Request('http://127.0.0.1:4600/api/bots', init as RequestInit))
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'invalid-request'])
    expect(sent).toBeLessThan(16)
  })
})

describe('diffs that reach for more than records', () => {
  const say = (part: string) => `{"id":"a","type":"say","version":1,"dialog":"main","config":{}${part}}`

  test.each([
    ['a record named __proto__', `"added":{"nodes/__proto__":${say('')}},"removed":{},"updated":{}`],
    ['a table named __proto__', `"added":{"__proto__":{"x":1}},"removed":{},"updated":{}`],
    [
      'a path through __proto__',
      `"added":{"nodes/a":${say('')}},"removed":{},"updated":{"nodes/a":{"/__proto__/x":[null,1]}}`,
    ],
    [
      'a deep path',
      `"added":{"nodes/a":${say('')}},"removed":{},"updated":{"nodes/a":{"/config/__proto__/x":[null,1]}}`,
    ],
    [
      'the constructor',
      `"added":{"nodes/a":${say('')}},"removed":{},"updated":{"nodes/a":{"/constructor/prototype/x":[null,1]}}`,
    ],
    ['a record named constructor', `"added":{"nodes/constructor":${say('')}},"removed":{},"updated":{}`],
    [
      'a value nested without end',
      `"added":{"nodes/a":{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}},"removed":{},"updated":{}`,
    ],
  ])('%s: nothing of it arrives, in the draft or in any other object', async (_, part) => {
    const bot = await newBot()
    const answer = await pushRaw(bot, `{"id":"proto_${++count}_xx",${part}}`)
    expect(answer.status, await answer.text()).toBe(400)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
    const draft = (await studio.call<DraftView>('GET', `/api/bots/${bot}/draft`)).body
    expect([draft.revision, draft.document.nodes]).toEqual([1, {}])
  })

  test('an index far behind the end of a list does not make one of four thousand million holes', async () => {
    const bot = await newBot()
    const block = { id: 'a', type: 'say', version: 1, dialog: 'main', config: { buttons: [] } }
    const updated = { 'nodes/a': { '/config/buttons/4000000000': [null, 1], '/config/buttons/x': [null, 1] } }
    const begun = performance.now()
    const answer = await studio.call('POST', `/api/bots/${bot}/draft/diffs`, {
      base: 1,
      diffs: [diff({ added: { 'nodes/a': block } }), diff({ updated })],
    })
    // Milliseconds; it took six minutes in which the server answered nobody.
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(answer.status).toBe(200)
    const draft = (await studio.call<DraftView>('GET', `/api/bots/${bot}/draft`)).body
    expect(draft.document.nodes.a?.config).toEqual({ buttons: [] })
  })

  test('a block of a type that every object has is an unknown block', async () => {
    const bot = await newBot()
    const block = { id: 'a', type: 'constructor', version: 1, dialog: 'main', config: {} }
    const answer = await studio.call('POST', `/api/bots/${bot}/draft/diffs`, {
      base: 1,
      diffs: [diff({ added: { 'nodes/a': block } })],
    })
    expect(answer.status).toBe(400)
    expect(['unknown-block', 'graph-invalid']).toContain(answer.body.code)
  })

  test('a variable is not named so that it reaches a prototype', async () => {
    const bot = await newBot()
    const answer = await studio.call('POST', `/api/bots/${bot}/draft/diffs`, {
      base: 1,
      diffs: [diff({ added: { 'variables/v': { id: 'v', name: '__proto__', type: 'text' } } })],
    })
    expect(answer.status).toBe(400)
  })
})

describe('the log', () => {
  test('holds no words of visitors and no secrets of a statement that failed', async () => {
    let written = ''
    const sink = new Writable({
      write(chunk, _, done) {
        written += chunk
        done()
      },
    })
    const log = pino({ serializers: { err: hideParams, error: hideParams } }, sink)
    const failing = database.db.insert(workspaces).values({ workspaceId: 'my secret words', name: null as never })
    const error = await failing.then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(String(error)).toContain('my secret words')
    log.error({ err: error }, 'x')
    log.error({ error }, 'x')
    expect(written).toContain('insert into')
    expect(written).not.toContain('my secret words')
    const app = new Hono().get('/', (c) => problemOf(error, c, log))
    const answer = await (await app.request('/')).text()
    expect(answer).not.toContain('insert into')
    expect(written).not.toContain('my secret words')
  })
})

describe('/v1', () => {
  const open = (limits = { conversationsPerMinute: 1_000, messagesPerMinute: 1_000 }, address = () => '10.0.0.1') => {
    const { conversations, bots, visitorFiles: files, identities } = studio.services
    const log = pino({ level: 'silent' })
    const deps = { conversations, bots, files, identities, secret: 's'.repeat(32), limits, addressOf: address, log }
    return new Hono().route('/v1', createPublicApi(deps))
  }
  const published = async () => {
    const bot = await newBot()
    const document = graphOf(
      { start: { type: 'start' }, ask: { type: 'ask', config: { question: { en: 'What?' }, variable: 'v' } } },
      ['start -> ask'],
    )
    const prefixed = (kind: string, table: object) =>
      Object.fromEntries(Object.entries(table).map(([id, record]) => [`${kind}/${id}`, record]))
    const added = {
      ...prefixed('nodes', document.nodes),
      ...prefixed('edges', document.edges),
      'variables/v': { id: 'v', name: 'v', type: 'text' },
    }
    await studio.call('POST', `/api/bots/${bot}/draft/diffs`, { base: 1, diffs: [diff({ added })] })
    const version = await studio.call('POST', `/api/bots/${bot}/publish`, { note: '' })
    expect(version.status, JSON.stringify(version.body)).toBe(201)
    await studio.call('PATCH', `/api/bots/${bot}`, { allowServerCallers: true })
    return (await studio.call<{ slug: string }>('GET', `/api/bots/${bot}`)).body.slug
  }
  const post = (app: Hono, path: string, body: unknown, more: Record<string, string> = {}) =>
    app.request(`/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...more },
      body: JSON.stringify(body),
    })

  test('words that no database takes are answered, or refused, and the conversation goes on', async () => {
    const app = open()
    const slug = await published()
    for (const visitor of [{ 'a\u0000': 'b' }, { a: '\u0000' }, { a: '\ud800' }])
      expect((await post(app, `/bots/${slug}/conversations`, { visitor })).status).toBeLessThan(500)
    for (const language of ['\u0000', '\ud800', '__proto__', 'x'.repeat(35)])
      expect((await post(app, `/bots/${slug}/conversations`, { language })).status, language).toBeLessThan(500)
    const started = (await (await post(app, `/bots/${slug}/conversations`, {})).json()) as {
      conversationId: string
      token: string
    }
    const bearer = { authorization: `Bearer ${started.token}` }
    const say = (body: object) => post(app, `/conversations/${started.conversationId}/messages`, body, bearer)
    for (const body of [
      { text: '\u0000' },
      { text: '\ud800' },
      { text: 'x', id: '\u0000' },
      { choice: { block: '__proto__', value: 'constructor' } },
      { text: 'x', language: '\u0000' },
      { text: 'x', language: '\ud800' },
    ])
      expect((await say(body)).status, JSON.stringify(body)).toBeLessThan(500)
    expect((await say({ text: 'fine' })).status).toBe(200)
    expect((await app.request('/v1/conversations/%00/messages', { headers: bearer })).status).toBeLessThan(500)
    expect((await app.request('/v1/bots/%00/conversations', { method: 'POST' })).status).toBeLessThan(500)
  })

  test('a body without a length is held to the same limit', async () => {
    const app = open()
    const slug = await published()
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(4_096).fill(32))
      },
    })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' }
    const answer = await app.request(`/v1/bots/${slug}/conversations`, init as RequestInit)
    expect(answer.status).toBe(413)
  })

  test('all addresses of one IPv6 customer share the limit on new conversations', async () => {
    let address = ''
    const app = open({ conversationsPerMinute: 2, messagesPerMinute: 1 }, () => address)
    const slug = await published()
    const begin = async (from: string) => {
      address = from
      return (await post(app, `/bots/${slug}/conversations`, {})).status
    }
    expect(await begin('2001:db8:1:2::1')).toBe(201)
    expect(await begin('2001:db8:1:2:ffff::2')).toBe(201)
    expect(await begin('2001:db8:1:2:3:4:5:6')).toBe(429)
    expect(await begin('2001:db8:1:3::1')).toBe(201)
    expect(await begin('::ffff:10.0.0.1')).toBe(201)
    expect(await begin('10.0.0.1')).toBe(201)
    expect(await begin('::ffff:10.0.0.1')).toBe(429)
    expect(await begin('::ffff:10.0.0.2')).toBe(201)
  })

  test('one conversation is watched by a few streams, not by thousands, and an ended one makes room', async () => {
    const app = open()
    const slug = await published()
    const started = (await (await post(app, `/bots/${slug}/conversations`, {})).json()) as {
      conversationId: string
      token: string
    }
    const watch = () => {
      const stop = new AbortController()
      const init = { headers: { authorization: `Bearer ${started.token}` }, signal: stop.signal }
      return Promise.resolve(app.request(`/v1/conversations/${started.conversationId}/events`, init)).then(
        (answer) => ({ answer, stop }),
      )
    }
    const first = await Promise.all(Array.from({ length: 16 }, watch))
    expect(first.map(({ answer }) => answer.status)).toEqual(Array(16).fill(200))
    expect((await watch()).answer.status).toBe(429)
    for (const { answer, stop } of first) {
      stop.abort()
      await answer.body?.cancel()
    }
    const deadline = Date.now() + 5_000
    let again = await watch()
    while (again.answer.status !== 200 && Date.now() < deadline) again = await watch()
    expect(again.answer.status).toBe(200)
    again.stop.abort()
    await again.answer.body?.cancel()
  })
})
