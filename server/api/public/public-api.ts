import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit as limitBody } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import type { Logger } from 'pino'
import { BotloomError } from '#kit'
import type { ConversationService } from '#server/conversations/conversation-service.ts'
import { keyIn } from '#server/keys/api-keys.ts'
import { localeOf, problemOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import { callerRoutes } from './caller-routes.ts'
import { type CallerEnv, createCallers, largestBody } from './callers.ts'
import { answers, checked, operation } from './describe.ts'
import { documentRoutes } from './document-routes.ts'
import * as examples from './examples.ts'
import { createLimiter, type Limits } from './limits.ts'
import { checkOrigin, type PublicBot } from './origin-check.ts'
import {
  bodyLimit,
  historyAnswer,
  historyPage,
  historyQuery,
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
  /** The rooms behind what servers with a key may do; without them there are visitors only. */
  rooms?: Services
}

/**
 * How long the settings of an open conversation's bot are believed before they are read again, in milliseconds. A new conversation
 * never believes them: whoever comes after a Publish or a rollback gets that version.
 */
const botMemory = 5_000
const heartbeat = 20_000

/** `/v1`: what a widget or another server may do with a published bot. It takes a slug and words, never a graph. */
export function createPublicApi(deps: PublicApiDeps) {
  const { conversations, bots } = deps
  const tokens = createVisitorTokens(deps.secret, deps.now)
  const limiter = createLimiter(deps.limits)
  const ownOrigins = deps.ownOrigins ?? (() => [])
  const callers = deps.rooms ? createCallers(deps.rooms) : null
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
  const ofConversation: MiddlewareHandler<
    CallerEnv & { Variables: { conversation: string } },
    '/conversations/:id/*'
  > = async (c, next) => {
    const id = c.req.param('id')
    if (callers && keyIn(c.req.header('authorization')) !== null) {
      const caller = await callers.admit(c, c.req.method === 'GET' ? 'conversations:read' : 'conversations:write')
      await callers.conversation(caller, id)
      c.set('conversation', id)
      return next()
    }
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

  const app = new Hono<{ Variables: { bot: PublicBot; conversation: string; requestId?: string } }>()
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
    const request = c.get('requestId')
    if (request) c.header('X-Request-Id', request)
  })
  const limited = limitBody({
    maxSize: bodyLimit,
    onError: () => {
      throw new BotloomError('message-too-large', { limit: bodyLimit })
    },
  })
  const limitedByKey = limitBody({
    maxSize: largestBody,
    onError: () => {
      throw new BotloomError('invalid-request', { issue: 'body-too-large', limit: largestBody / 1_048_576 })
    },
  })
  app.use((c, next) => (callers && keyIn(c.req.header('authorization')) !== null ? limitedByKey : limited)(c, next))
  app.route('/', documentRoutes(app))
  // Before the visitors' doors: what is not theirs is answered, or refused, here.
  if (deps.rooms && callers) app.route('/', callerRoutes(deps.rooms, callers))
  app.use('/bots/:slug/*', ofBot)
  app.use('/conversations/:id/*', ofConversation)

  const routes = app
    .post(
      '/bots/:slug/conversations',
      operation({
        tag: 'talk',
        summary: { 'zh-CN': '与已发布的机器人开始一段对话', en: 'Open a conversation with a published bot' },
        doors: ['open'],
        request: { language: 'en', visitor: { plan: 'gold' } },
        answers: { 201: answers(startAnswer, 'What the bot says first', examples.start) },
        refused: [400, 403, 404, 409, 413, 429],
      }),
      checked('json', startBody),
      async (c) => {
        const bot = c.get('bot')
        if (bot.currentVersion === null) throw new BotloomError('bot-unpublished')
        await limiter.conversation(deps.addressOf(c))
        const { language, visitor } = c.req.valid('json')
        const started = await conversations.start({
          workspace: bot.workspaceId,
          bot: bot.id,
          pin: { version: bot.currentVersion },
          language: language ?? (c.req.header('accept-language') ? localeOf(c) : undefined),
          attributes: visitor,
        })
        return c.json({ ...started, token: await tokens.issue(started.conversationId) }, 201)
      },
    )
    .post(
      '/conversations/:id/messages',
      operation({
        tag: 'talk',
        summary: {
          'zh-CN': '说一句话；同一个 id 总是得到同样的答复',
          en: 'Say something; the same id always gets the same replies',
        },
        doors: ['visitor', 'conversations:write'],
        request: { id: 'm-42', text: 'where is my parcel' },
        answers: { 200: answers(sendAnswer, 'The replies', { messages: [examples.message] }) },
        refused: [400, 401, 403, 404, 413, 429, 503],
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
      operation({
        tag: 'talk',
        summary: {
          'zh-CN': `到目前为止说过的话，一次最多 ${historyPage} 条；after 写已知的最后一个 seq`,
          en: `What was said so far, at most ${historyPage} messages an answer; \`after\` names the last \`seq\` that is known`,
        },
        doors: ['visitor', 'conversations:read'],
        answers: { 200: answers(historyAnswer, 'Messages in order', { messages: [examples.message] }) },
        refused: [400, 401, 403, 404, 429],
      }),
      checked('query', historyQuery),
      async (c) => {
        const { after } = c.req.valid('query')
        return c.json({ messages: await conversations.history(c.get('conversation'), after, historyPage) })
      },
    )
    .post(
      '/conversations/:id/token',
      operation({
        tag: 'talk',
        summary: { 'zh-CN': '用恢复密钥换一个新的访客令牌', en: 'Buy a visitor token with the resume secret' },
        doors: ['open'],
        request: { resume: examples.start.resume },
        answers: { 200: answers(tokenAnswer, 'A token for an hour', { token: examples.start.token }) },
        refused: [400, 401, 403, 404, 429],
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
      operation({
        tag: 'talk',
        summary: {
          'zh-CN': '以服务器推送事件接收新消息；用 fetch 读取，断线后用 Last-Event-ID 接上',
          en: 'New messages as server-sent events; read with fetch, resumed with Last-Event-ID',
        },
        doors: ['visitor', 'conversations:read'],
        answers: {
          200: {
            description: 'One message an event; `id` is its seq',
            content: {
              'text/event-stream': {
                schema: { type: 'string' },
                example: `event: message\ndata: ${JSON.stringify(examples.message)}\nid: 5\n\n`,
              },
            },
          },
        },
        refused: [401, 403, 404, 429],
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
  return routes
}
