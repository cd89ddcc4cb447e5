import { readFile } from 'node:fs/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { Hono } from 'hono'
import { sign } from 'hono/jwt'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newIdentitySecret } from '#server/conversations/visitor-identity.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { workspaces } from '#server/db/schema/auth.ts'
import { type ApiScope, apiScopes } from '#server/keys/scopes.ts'
import { graphOf } from '../../../tests/drivers/chat.ts'
import { embeddedDatabase } from '../../../tests/drivers/database.ts'
import { noCompute } from '../../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../../tests/drivers/studio.ts'
import type { ApiDocument, ApiOperation } from './openapi-document.ts'
import { createPublicApi } from './public-api.ts'
import { createVisitorTokens } from './visitor-token.ts'

const graph = (id: string) =>
  graphOf(
    {
      start: { type: 'start' },
      menu: {
        type: 'ask',
        config: { question: { en: 'How many?', 'zh-CN': '几个？' }, variable: 'n', kind: 'number' },
      },
      bye: { type: 'end', config: { text: { en: 'Bye', 'zh-CN': '再见' } } },
    },
    ['start -> menu', 'menu -> bye'],
    { id },
  )

let database: OpenDatabase
let studio: Studio
let app: Hono
let api: ReturnType<typeof createPublicApi>
let document: ApiDocument
let whole: string
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database, { compute: noCompute })
  const { conversations, bots, secret, visitorFiles: files, identities } = studio.services
  api = createPublicApi({
    conversations,
    bots,
    files,
    identities,
    secret,
    limits: { conversationsPerMinute: 1_000, messagesPerMinute: 1_000 },
    addressOf: () => '10.0.0.1',
    log: pino({ level: 'silent' }),
    rooms: studio.services,
  })
  app = new Hono().route('/v1', api)
  document = await (await app.request('/v1/openapi.json?lang=en')).json()
  whole = await keyWith([...apiScopes])
}, 120_000)
afterAll(async () => {
  await studio.close()
  await database.close()
})

async function keyWith(scopes: ApiScope[], more: { bots?: string[]; expiresAt?: string; workspace?: string } = {}) {
  const { bots = null, expiresAt = null, workspace = 'wsp_main' } = more
  const made = await studio.services.keys.create(
    workspace,
    { name: 'Ticket desk', scopes, bots, expiresAt },
    'usr_owner',
  )
  return made.key
}

let count = 0
async function newBot(workspace = 'wsp_main') {
  const id = `bot_contract${String(++count)}`
  const bot = await studio.services.bots.create(workspace, {
    id,
    name: `Shop ${count}`,
    document: graph(id),
    allowServerCallers: true,
  })
  await studio.services.versions.publish(workspace, id, { note: 'first' }, { id: 'usr_owner', name: 'Lin' })
  return bot
}
async function newConversation(bot: string, workspace = 'wsp_main') {
  return studio.services.conversations.start({ workspace, bot, pin: { version: 1 }, channel: 'api' })
}

const call = (method: string, path: string, key: string | null, body?: unknown, headers: Record<string, string> = {}) =>
  app.request(`/v1${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

function form(): FormData {
  const data = new FormData()
  data.append('file', new File(['%PDF-1.7\n'], 'bill.pdf', { type: 'application/pdf' }))
  return data
}
async function upload(conversation: string): Promise<{ id: string }> {
  const token = await createVisitorTokens(studio.services.secret).issue(conversation)
  const headers = { authorization: `Bearer ${token}` }
  const answer = await app.request(`/v1/conversations/${conversation}/files`, { method: 'POST', headers, body: form() })
  expect(answer.status).toBe(201)
  return answer.json()
}
/** What the site's server signs of its visitor. */
async function vouchFor(bot: string): Promise<string> {
  const secret = newIdentitySecret()
  await studio.services.bots.change('wsp_main', bot, { identitySecret: studio.services.identities.seal(secret) })
  return sign({ id: 'customer-9', name: 'Ann', exp: Math.floor(Date.now() / 1000) + 600 }, secret, 'HS256')
}

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
const scopeOf = ({ security }: ApiOperation): ApiScope | undefined =>
  security.flatMap((door) => (door.apiKey ?? []) as ApiScope[])[0]

const compiled = new Map<string, ValidateFunction>()

/** The schema with nothing allowed that it does not name: callers may meet more one day, but today all of it is told. */
function sealed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(sealed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, sealed(value)]))
  const open = 'type' in inner && inner.type === 'object' && 'properties' in inner && !('additionalProperties' in inner)
  return open ? { ...inner, additionalProperties: false } : inner
}

/** A schema of the document as a validator that resolves references into it. */
function fits(schema: object | undefined, value: unknown): string[] {
  const name = JSON.stringify(schema)
  const check =
    compiled.get(name) ??
    new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(
      sealed({ ...schema, components: document.components }) as object,
    )
  compiled.set(name, check)
  return check(value)
    ? []
    : (check.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      )
}

describe('the document of /v1', () => {
  test('is valid OpenAPI 3.1, in both languages', async () => {
    for (const lang of ['en', 'zh-CN']) {
      const found = await (await app.request(`/v1/openapi.json?lang=${lang}`)).json()
      const result = await new Validator().validate(found)
      expect(result.errors ?? []).toEqual([])
      expect(result.valid).toBe(true)
      expect(found.openapi).toMatch(/^3\.1/)
    }
    const chinese: ApiDocument = await (await app.request('/v1/openapi.json?lang=zh-CN')).json()
    for (const methods of Object.values(chinese.paths))
      for (const { summary } of Object.values(methods)) expect(summary).toMatch(/[\u4e00-\u9fff]/)
  })

  test('names every route of the server, and no other', () => {
    const served = api.routes
      .filter(({ method, path }) => method !== 'ALL' && !/^\/(openapi\.json|docs)$/.test(path))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    const told = operations().map(({ method, path }) => `${method} ${path}`)
    expect([...new Set(served)].sort()).toEqual([...told].sort())
    expect(told.length).toBeGreaterThan(30)
  })

  test('holds an example of every body and every answer, each of which fits its schema', () => {
    for (const { path, method, operation } of operations()) {
      const where = `${method} ${path}`
      for (const { schema, example } of Object.values(operation.requestBody?.content ?? {}))
        expect([where, example === undefined, ...fits(schema, example)]).toEqual([where, false])
      for (const [status, { content = {} }] of Object.entries(operation.responses))
        for (const [media, { schema, example }] of Object.entries(content))
          expect([where, status, media, example === undefined, ...fits(schema, example)]).toEqual([
            where,
            status,
            media,
            false,
          ])
    }
  })

  test('is a page that runs no script and names every operation', async () => {
    const page = await app.request('/v1/docs?lang=zh-CN')
    const text = await page.text()
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(text).not.toMatch(/<script|https?:\/\/(?!shop\.example)/)
    for (const { operation } of operations()) expect(text).toContain(`id="${operation.operationId}"`)
  })
})

describe('each operation of the document', () => {
  test('does with its example what the document says', async () => {
    for (const { path, method, operation } of operations()) {
      const where = `${method} ${path}`
      const bot = await newBot()
      const { conversationId, resume, messages } = await newConversation(bot.id)
      const scope = scopeOf(operation)
      const visitor = operation.security.some((door) => 'visitor' in door)
      const key = scope
        ? await keyWith([scope])
        : visitor
          ? await createVisitorTokens(studio.services.secret).issue(conversationId)
          : null
      const sent = path.includes('{file}') ? (await upload(conversationId)).id : ''
      if (/replies|give-back|close/.test(path)) await call('POST', `/conversations/${conversationId}/take`, key, {})
      const filled = path
        .replace('{slug}', bot.slug)
        .replace('{bot}', bot.id)
        .replace('{id}', conversationId)
        .replace('{message}', messages[0]!.id)
        .replace('{version}', '1')
        .replace('{file}', sent)
      const example = operation.requestBody?.content['application/json']?.example
      const body = example === undefined ? undefined : structuredClone(example as Record<string, unknown>)
      // What only this server knows stands in for what the example can only show.
      if (body && where === 'POST /conversations') body.bot = bot.slug
      if (body && /\/(token|unread)$/.test(path)) body.resume = resume
      if (body && path.endsWith('/identity')) body.token = await vouchFor(bot.id)
      if (body && where === 'PUT /bots/{bot}/draft') {
        const draft = await (await call('GET', `/bots/${bot.id}/draft`, whole)).json()
        Object.assign(body, { document: draft.document, ifHash: draft.draftHash })
      }
      if (body && path === '/bots/import')
        body.document = (await (await call('GET', `/bots/${bot.id}/export`, whole)).json()).document
      const response = path.endsWith('/files')
        ? await app.request(`/v1${filled}`, { method, headers: { authorization: `Bearer ${key}` }, body: form() })
        : await call(method, filled, key, body)
      const told = String(response.status)
      if (response.status >= 300 || !Object.hasOwn(operation.responses, told))
        throw new Error(`${where} answered ${response.status}: ${await response.text()}`)
      const [media = ''] = (response.headers.get('content-type') ?? '').split(';')
      if (media === 'text/event-stream' || response.status === 204) {
        await response.body?.cancel()
        continue
      }
      const schema = operation.responses[told]?.content?.[media]?.schema
      if (media !== 'application/json') await response.body?.cancel()
      else expect([where, ...fits(schema, await response.json())]).toEqual([where])
    }
  }, 180_000)

  test('is closed without a key, with a key of other scopes, and for what another workspace has', async () => {
    await database.db.insert(workspaces).values({ workspaceId: 'wsp_far', name: 'Far' })
    const theirs = await newBot('wsp_far')
    const { conversationId, messages } = await newConversation(theirs.id, 'wsp_far')
    for (const { path, method, operation } of operations()) {
      const scope = scopeOf(operation)
      if (!scope) continue
      const where = `${method} ${path}`
      const filled = path
        .replace('{bot}', theirs.id)
        .replace('{id}', conversationId)
        .replace('{message}', messages[0]!.id)
        .replace('{version}', '1')
      const body = operation.requestBody?.content['application/json']?.example
      const bare = await call(method, filled, null, body)
      expect([where, bare.status], await bare.clone().text()).toEqual([where, 401])
      const others = await keyWith(apiScopes.filter((one) => one !== scope))
      const short = await call(method, filled, others, body)
      expect([where, short.status, (await short.json()).code]).toEqual([where, 403, 'scope-missing'])
      if (!path.includes('{')) continue
      const foreign = await call(method, filled, whole, body)
      expect([where, foreign.status]).toEqual([where, 404])
    }
  }, 180_000)
})

describe('a key', () => {
  test('that was revoked, has expired, was never made or is cut short opens nothing', async () => {
    const { keys } = studio.services
    const made = await keys.create(
      'wsp_main',
      { name: 'x', scopes: ['bots:read'], bots: null, expiresAt: null },
      'usr_owner',
    )
    expect((await call('GET', '/bots', made.key)).status).toBe(200)
    await keys.revoke('wsp_main', made.about.id)
    const expired = await keyWith(['bots:read'], { expiresAt: '2020-01-01T00:00:00.000Z' })
    const changed = `${whole.slice(0, -1)}${whole.endsWith('a') ? 'b' : 'a'}`
    for (const key of [made.key, expired, changed, whole.slice(0, -1), `blk_${'a'.repeat(40)}`, 'blk_'])
      expect((await call('GET', '/bots', key)).status, key.slice(0, 8)).toBe(401)
  })

  test('in an address is refused, and so is one that a page sends', async () => {
    const inQuery = await app.request(`/v1/bots?key=${whole}`, { headers: { authorization: `Bearer ${whole}` } })
    expect([inQuery.status, (await inQuery.json()).code]).toEqual([400, 'api-key-in-query'])
    const inPage = await call('GET', '/bots', whole, undefined, { origin: 'https://shop.example' })
    expect([inPage.status, (await inPage.json()).code]).toEqual([403, 'api-key-in-browser'])
    expect(inPage.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('for one bot neither sees nor touches another, and makes none', async () => {
    const [mine, other] = [await newBot(), await newBot()]
    const key = await keyWith([...apiScopes], { bots: [mine.id] })
    const { bots } = await (await call('GET', '/bots', key)).json()
    expect(bots.map(({ id }: { id: string }) => id)).toEqual([mine.id])
    expect((await call('GET', `/bots/${other.slug}`, key)).status).toBe(404)
    expect((await call('POST', '/bots', key, { name: 'More' })).status).toBe(403)
    const { conversationId } = await newConversation(other.id)
    await newConversation(mine.id)
    expect((await call('POST', `/conversations/${conversationId}/messages`, key, { text: '3' })).status).toBe(404)
    const { conversations } = await (await call('GET', '/conversations', key)).json()
    expect(new Set(conversations.map(({ bot }: { bot: { id: string } }) => bot.id))).toEqual(new Set([mine.id]))
    const { events } = await (await call('GET', '/events', key)).json()
    for (const { bot } of events) expect(bot).toBe(mine.id)
  })

  test('is nowhere in the database, and neither the studio nor its API is opened by it', async () => {
    const { rows } = {
      rows: await database.query<{ row: string }>('select row_to_json(k)::text as row from api_keys k', []),
    }
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toContain(whole.slice(12))
    const studioCall = await studio.bare('GET', '/api/keys', { authorization: `Bearer ${whole}` })
    expect(studioCall.status).toBe(401)
  })
})

describe('repeated and late requests', () => {
  test('the same Idempotency-Key makes one bot; for another request it is refused', async () => {
    const headers = { 'idempotency-key': 'order-1' }
    const first = await (await call('POST', '/bots', whole, { name: 'Once' }, headers)).json()
    const again = await call('POST', '/bots', whole, { name: 'Once' }, headers)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect((await again.json()).id).toBe(first.id)
    const other = await call('POST', '/bots', whole, { name: 'Twice' }, headers)
    expect([other.status, (await other.json()).code]).toEqual([422, 'idempotency-key-reused'])
  })

  test('a draft that has changed since it was read is not replaced', async () => {
    const bot = await newBot()
    const { document: before, draftHash } = await (await call('GET', `/bots/${bot.id}/draft`, whole)).json()
    const changed = structuredClone(before)
    changed.nodes.bye.config.text.en = 'See you'
    const put = (ifHash: string) => call('PUT', `/bots/${bot.id}/draft`, whole, { document: changed, ifHash })
    const saved = await put(draftHash)
    expect(saved.status).toBe(200)
    expect((await saved.json()).document.nodes.bye.config.text.en).toBe('See you')
    const late = await put(draftHash)
    expect([late.status, (await late.json()).code]).toEqual([412, 'draft-changed'])
  })

  test('events are paged and streamed by one count, and a stream goes on behind the last one seen', async () => {
    const bot = await newBot()
    const started = await (
      await call('POST', '/conversations', whole, { bot: bot.id, visitor: { id: 'customer-7' } })
    ).json()
    const said = await call('POST', `/conversations/${started.conversationId}/messages`, whole, {
      text: '3',
      language: 'en',
    })
    expect((await said.json()).messages[0].text).toBe('Bye')
    await studio.services.feed.close()
    const { events } = await (await call('GET', `/events?bot=${bot.id}`, whole)).json()
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      'conversation.started',
      'message.created',
      'message.created',
      'message.created',
      'conversation.status',
    ])
    const stream = await call('GET', `/events/stream?bot=${bot.id}`, whole, undefined, {
      'last-event-id': String(events[2].id),
    })
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes(`id: ${events[4].id}`)) text += (await reader.read()).value ?? ''
    await reader.cancel()
    expect([...text.matchAll(/^id: (\d+)$/gm)].map((found) => Number(found[1]))).toEqual([events[3].id, events[4].id])
    const mine = await (await call('GET', '/conversations?visitor=customer-7', whole)).json()
    expect(mine.conversations.map(({ id, channel }: { id: string; channel: string }) => [id, channel])).toEqual([
      [started.conversationId, 'api'],
    ])
  })
})

describe.each(['api.md', 'api.zh-CN.md'])('the commands of docs/guide/%s', (name) => {
  test('that carry a key are answered as they stand', async () => {
    const guide = await readFile(new URL(`../../../docs/guide/${name}`, import.meta.url), 'utf8')
    const commands = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, text = '']) =>
      text.includes('$KEY') ? [text.replaceAll('\\\n', ' ')] : [],
    )
    expect(commands.length).toBeGreaterThan(3)
    const { bots, versions } = studio.services
    if (!(await bots.findBySlug('little-boat-shop'))) {
      const document = graph('bot_guide')
      await bots.create('wsp_main', { id: 'bot_guide', name: 'Guide', slug: 'little-boat-shop', document })
      await versions.publish('wsp_main', 'bot_guide', { note: '' }, { id: 'usr_owner', name: 'Lin' })
    }
    const key = await keyWith([...apiScopes])
    for (const command of commands) {
      const headers = Object.fromEntries(
        [...command.matchAll(/-H "([^:"]+): ([^"]+)"/g)].map(([, header, value]) => [
          header,
          value?.replace('$KEY', key),
        ]),
      )
      const address = /http:\/\/localhost:4600([^"\s]+)/.exec(command)?.[1] ?? ''
      const body = /-d '([^']+)'/.exec(command)?.[1]
      const answer = await app.request(address, {
        method: body ? 'POST' : 'GET',
        headers: headers as HeadersInit,
        body,
      })
      expect([command, answer.status < 300]).toEqual([command, true])
    }
  })
})
