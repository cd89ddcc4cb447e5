import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit as limitBody } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { describeRoute, openAPIRouteHandler, resolver, validator } from 'hono-openapi'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { BotloomError, firstIssue } from '#kit'
import { createTestKeys } from '#server/bots/test-keys.ts'
import type { ConversationService } from '#server/conversations/conversation-service.ts'
import { localeOf, problemOf } from '#server/observability/problem.ts'
import { createLimiter, type Limits } from './limits.ts'
import { checkOrigin, type PublicBot } from './origin-check.ts'
import {
  bodyLimit,
  historyAnswer,
  historyPage,
  historyQuery,
  problem,
  sendAnswer,
  sendBody,
  startAnswer,
  startBody,
  tokenAnswer,
  tokenBody,
} from './schemas.ts'
import { createVisitorTokens, tokenSeconds } from './visitor-token.ts'

export interface PublicApiDeps {
  conversations: ConversationService
  bots: {
    findBySlug(slug: string): Promise<PublicBot | null>
    get(workspace: string, id: string): Promise<PublicBot>
  }
  /** Signs visitor tokens; at least 32 characters, the same on every server of one database. */
  secret: string
  limits: Limits
  /** Origins of our own pages (studio, demo shop), which may always talk. */
  ownOrigins?: () => readonly string[]
  /** The caller's address, for the limit on new conversations. */
  addressOf: (c: Context) => string
  log: Logger
  now?: () => Date
}

/**
 * How long the settings of an open conversation's bot are believed before they are read again, in milliseconds. A new conversation
 * never believes them: a test key that was renewed opens nothing any more.
 */
const botMemory = 5_000
const heartbeat = 20_000

/** `/v1`: what a widget or another server may do with a published bot. It takes a slug and words, never a graph. */
export function createPublicApi(deps: PublicApiDeps) {
  const { conversations, bots } = deps
  const tokens = createVisitorTokens(deps.secret, deps.now)
  const testKeys = createTestKeys(deps.secret)
  const limiter = createLimiter(deps.limits)
  const ownOrigins = deps.ownOrigins ?? (() => [])
  const known = new Map<string, { bot: PublicBot; until: number }>()

  async function botOf(workspace: string, id: string): Promise<PublicBot> {
    const key = `${workspace}/${id}`
    const kept = known.get(key)
    if (kept && kept.until > Date.now()) return kept.bot
    const bot = await bots.get(workspace, id)
    if (known.size > 1_000) known.clear()
    known.set(key, { bot, until: Date.now() + botMemory })
    return bot
  }

  /** Puts the conversation's bot to the origin check, and without a token there is no more to be had. */
  const ofConversation: MiddlewareHandler<{ Variables: { conversation: string } }, '/conversations/:id/*'> = async (
    c,
    next,
  ) => {
    const id = c.req.param('id')
    const { workspace, bot } = await conversations.owner(id)
    checkOrigin(c, await botOf(workspace, bot), ownOrigins())
    if (c.req.method === 'OPTIONS') return c.body(null, 204)
    if (!c.req.path.endsWith('/token') && (await tokens.check(c.req.header('authorization'))) !== id)
      throw new BotloomError('token-invalid')
    c.set('conversation', id)
    await next()
  }

  const ofBot: MiddlewareHandler<{ Variables: { bot: PublicBot } }, '/bots/:slug/*'> = async (c, next) => {
    const slug = c.req.param('slug')
    const bot = await bots.findBySlug(slug)
    if (!bot) throw new BotloomError('bot-unknown', { slug: slug.slice(0, 80) })
    checkOrigin(c, bot, ownOrigins())
    if (c.req.method === 'OPTIONS') return c.body(null, 204)
    c.set('bot', bot)
    await next()
  }

  const app = new Hono<{ Variables: { bot: PublicBot; conversation: string } }>()
  app.onError((error, c) => {
    if (error instanceof BotloomError && error.status === 429)
      c.header('Retry-After', String(error.params.seconds ?? 60))
    return problemOf(error, c, deps.log)
  })
  app.notFound((c) => problemOf(new BotloomError('not-found', { what: c.req.path }), c, deps.log))
  app.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-store')
    c.header('X-Content-Type-Options', 'nosniff')
  })
  app.use(
    limitBody({
      maxSize: bodyLimit,
      onError: () => {
        throw new BotloomError('message-too-large', { limit: bodyLimit })
      },
    }),
  )
  app.use('/bots/:slug/*', ofBot)
  app.use('/conversations/:id/*', ofConversation)

  const routes = app
    .post(
      '/bots/:slug/conversations',
      describeRoute({
        summary: 'Open a conversation with a published bot',
        responses: { 201: answers(startAnswer, 'What the bot says first'), ...refusals(403, 404, 409, 429) },
      }),
      checked('json', startBody),
      async (c) => {
        const bot = c.get('bot')
        await limiter.conversation(deps.addressOf(c))
        const { language, visitor, testKey } = c.req.valid('json')
        if (testKey !== undefined && !testKeys.fits(bot.id, bot.testKeySerial, testKey))
          throw new BotloomError('test-key-invalid')
        const started = await conversations.start({
          workspace: bot.workspaceId,
          bot: bot.id,
          environment: testKey === undefined ? 'live' : 'test',
          language: language ?? (c.req.header('accept-language') ? localeOf(c) : undefined),
          attributes: visitor,
        })
        return c.json({ ...started, token: await tokens.issue(started.conversationId) }, 201)
      },
    )
    .post(
      '/conversations/:id/messages',
      describeRoute({
        summary: 'Say something; the same id always gets the same replies',
        security: [{ visitor: [] }],
        responses: { 200: answers(sendAnswer, 'The replies'), ...refusals(400, 401, 403, 404, 413, 429) },
      }),
      checked('json', sendBody),
      async (c) => {
        const id = c.get('conversation')
        await limiter.message(id)
        return c.json(await conversations.send(id, c.req.valid('json')))
      },
    )
    .get(
      '/conversations/:id/messages',
      describeRoute({
        summary: `What was said so far, at most ${historyPage} messages an answer; \`after\` names the last \`seq\` that is known`,
        security: [{ visitor: [] }],
        responses: { 200: answers(historyAnswer, 'Messages in order'), ...refusals(400, 401, 403, 404) },
      }),
      checked('query', historyQuery),
      async (c) => {
        const { after } = c.req.valid('query')
        return c.json({ messages: await conversations.history(c.get('conversation'), after, historyPage) })
      },
    )
    .post(
      '/conversations/:id/token',
      describeRoute({
        summary: 'Buy a visitor token with the resume secret',
        responses: { 200: answers(tokenAnswer, 'A token for an hour'), ...refusals(401, 403, 404, 429) },
      }),
      checked('json', tokenBody),
      async (c) => {
        const id = c.get('conversation')
        await limiter.message(`token:${id}`)
        await conversations.checkResume(id, c.req.valid('json').resume)
        return c.json({ token: await tokens.issue(id) })
      },
    )
    .get(
      '/conversations/:id/events',
      describeRoute({
        summary: 'New messages as server-sent events; read with fetch, resumed with Last-Event-ID',
        security: [{ visitor: [] }],
        responses: {
          200: { description: 'One message an event; `id` is its seq', content: { 'text/event-stream': {} } },
          ...refusals(401, 403, 404, 429),
        },
      }),
      (c) => {
        const after = Number(c.req.header('last-event-id') ?? 0)
        const leave = limiter.stream(c.get('conversation'))
        return streamSSE(c, async (stream) => {
          const stop = new AbortController()
          // A stream lives no longer than the newest token that could have opened it; who goes on asks again.
          const expired = setTimeout(() => stop.abort(), tokenSeconds * 1000)
          expired.unref()
          stream.onAbort(() => stop.abort())
          c.req.raw.signal.addEventListener('abort', () => stop.abort(), { once: true })
          // Proxies cut a silent connection; a comment line keeps it and is nothing to the reader.
          const beat = setInterval(() => void stream.write(': still here\n\n'), heartbeat)
          try {
            const from = Number.isInteger(after) && after > 0 ? after : 0
            for await (const message of conversations.events(c.get('conversation'), from, stop.signal))
              await stream.writeSSE({ id: String(message.seq), event: 'message', data: JSON.stringify(message) })
          } finally {
            clearInterval(beat)
            clearTimeout(expired)
            stop.abort()
            leave()
          }
        })
      },
    )
  app.get(
    '/openapi.json',
    openAPIRouteHandler(app, {
      documentation: {
        info: { title: 'Botloom conversations', version: '1' },
        servers: [{ url: '/v1' }],
        components: { securitySchemes: { visitor: { type: 'http', scheme: 'bearer' } } },
      },
    }),
  )
  return routes
}

/** A body or query of exactly this shape; what is wrong with another one is said with its place. */
function checked<Target extends 'json' | 'query', S extends z.ZodType>(target: Target, schema: S) {
  return validator(target, schema, (result) => {
    if (result.success) return
    // The library tells issues in their vendor-neutral form, without what they need to be worded.
    const { place, params } = firstIssue(schema.safeParse(result.data).error)
    throw new BotloomError('invalid-request', { at: place, ...params })
  })
}

function answers(schema: z.ZodType, description: string) {
  return { description, content: { 'application/json': { schema: resolver(schema) } } }
}

function refusals(...statuses: number[]) {
  const refusal = { description: 'Refused', content: { 'application/problem+json': { schema: resolver(problem) } } }
  return Object.fromEntries(statuses.map((status) => [status, refusal]))
}
