import { createHash } from 'node:crypto'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit as limitBody } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import type { Logger } from 'pino'
import { BotloomError } from '#kit'
import { createTestKeys } from '#server/bots/test-keys.ts'
import type { ConversationService } from '#server/conversations/conversation-service.ts'
import { cleanContext } from '#server/conversations/page-context.ts'
import type { VisitorFiles } from '#server/conversations/visitor-files.ts'
import type { VisitorIdentities } from '#server/conversations/visitor-identity.ts'
import { firstFile } from '#server/data/multipart.ts'
import { keyIn } from '#server/keys/api-keys.ts'
import { localeOf, problemOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import { sendFile } from '../send-file.ts'
import { callerRoutes } from './caller-routes.ts'
import { type CallerEnv, createCallers, largestBody } from './callers.ts'
import { answers, checked, operation } from './describe.ts'
import { documentRoutes } from './document-routes.ts'
import * as examples from './examples.ts'
import { createLimiter, type Limits } from './limits.ts'
import { checkOrigin, type PublicBot } from './origin-check.ts'
import {
  bodyLimit,
  contextBody,
  fileAnswer,
  historyAnswer,
  historyPage,
  historyQuery,
  identityBody,
  lookAnswer,
  sendAnswer,
  sendBody,
  startAnswer,
  startBody,
  tokenAnswer,
  tokenBody,
  unreadAnswer,
  unreadBody,
} from './schemas.ts'
import { createVisitorTokens, tokenSeconds } from './visitor-token.ts'

export interface PublicApiDeps {
  conversations: ConversationService
  bots: {
    findBySlug(slug: string): Promise<PublicBot | null>
    get(workspace: string, id: string): Promise<PublicBot>
  }
  files: Pick<VisitorFiles, 'limit' | 'save' | 'open'>
  identities: Pick<VisitorIdentities, 'read'>
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
 * never believes them: a test key that was renewed opens nothing any more.
 */
const botMemory = 5_000
const heartbeat = 20_000

/** `/v1`: what a widget or another server may do with a published bot. It takes a slug and words, never a graph. */
export function createPublicApi(deps: PublicApiDeps) {
  const { conversations, bots, files, identities } = deps
  const tokens = createVisitorTokens(deps.secret, deps.now)
  const testKeys = createTestKeys(deps.secret)
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
    CallerEnv & { Variables: { bot: PublicBot; conversation: string } },
    '/conversations/:id/*'
  > = async (c, next) => {
    const id = c.req.param('id')
    const { workspace, bot, isTry, isVerified } = await conversations.owner(id)
    const settings = await botOf(workspace, bot)
    if (callers && keyIn(c.req.header('authorization')) !== null) {
      const caller = await callers.admit(c, c.req.method === 'GET' ? 'conversations:read' : 'conversations:write')
      await callers.conversation(caller, id)
      c.set('conversation', id)
      c.set('bot', settings)
      return next()
    }
    checkOrigin(c, settings, ownOrigins())
    if (c.req.method === 'OPTIONS') return c.body(null, 204)
    const [, door] = /\/conversations\/[^/]+\/(token|unread|identity)$/.exec(c.req.path) ?? []
    if (door !== 'token' && door !== 'unread' && (await tokens.check(c.req.header('authorization'))) !== id)
      throw new BotloomError('token-invalid')
    if (settings.verifiedOnly && !isVerified && !isTry && door === undefined) throw new BotloomError('identity-needed')
    c.set('conversation', id)
    c.set('bot', settings)
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
    if (!c.res.headers.has('cache-control')) c.header('Cache-Control', 'no-store')
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
  // A file is streamed, and counted by whoever writes it down.
  const isFile = (path: string): boolean => /\/files$/.test(path)
  app.use((c, next) =>
    isFile(c.req.path)
      ? next()
      : (callers && keyIn(c.req.header('authorization')) !== null ? limitedByKey : limited)(c, next),
  )
  app.route('/', documentRoutes(app))
  // Before the visitors' doors: what is not theirs is answered, or refused, here.
  if (deps.rooms && callers) app.route('/', callerRoutes(deps.rooms, callers))
  app.use('/bots/:slug/*', ofBot)
  app.use('/conversations/:id/*', ofConversation)

  const routes = app
    .get(
      '/bots/:slug/look',
      operation({
        tag: 'talk',
        summary: {
          'zh-CN': '机器人的聊天窗口长什么样，访客在里面能做什么',
          en: 'How the chat of a bot looks, and what visitors may do in it',
        },
        doors: ['open'],
        answers: { 200: answers(lookAnswer, 'May be kept for a minute', examples.look) },
        refused: [403, 404],
      }),
      (c) => {
        const { look, verifiedOnly } = c.get('bot')
        const body = JSON.stringify({ look, verifiedOnly, files: files.limit })
        const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
        c.header('Cache-Control', 'public, max-age=60')
        c.header('ETag', tag)
        if (c.req.header('if-none-match')?.includes(tag)) return c.body(null, 304)
        return c.body(body, 200, { 'content-type': 'application/json' })
      },
    )
    .post(
      '/bots/:slug/conversations',
      operation({
        tag: 'talk',
        summary: { 'zh-CN': '与已发布的机器人开始一段对话', en: 'Open a conversation with a published bot' },
        doors: ['open'],
        request: { language: 'en', visitor: { plan: 'gold' } },
        answers: {
          200: answers(startAnswer, 'What was said already, of a person who comes back', examples.start),
          201: answers(startAnswer, 'What the bot says first', examples.start),
        },
        refused: [400, 401, 403, 404, 409, 413, 429],
      }),
      checked('json', startBody),
      async (c) => {
        const bot = c.get('bot')
        await limiter.conversation(deps.addressOf(c))
        const { language, visitor, identity, context, testKey } = c.req.valid('json')
        if (testKey !== undefined && !testKeys.fits(bot.id, bot.testKeySerial, testKey))
          throw new BotloomError('test-key-invalid')
        if (bot.verifiedOnly && identity === undefined) throw new BotloomError('identity-needed')
        const person = identity === undefined ? undefined : await identities.read(bot, identity)
        const known = person && testKey === undefined && (await conversations.comeBack(bot.workspaceId, bot.id, person))
        if (known) return c.json({ ...known, token: await tokens.issue(known.conversationId) }, 200)
        const started = await conversations.start({
          workspace: bot.workspaceId,
          bot: bot.id,
          environment: testKey === undefined ? 'live' : 'test',
          language: language ?? (c.req.header('accept-language') ? localeOf(c) : undefined),
          attributes: visitor,
          person,
          context: context && cleanContext(context),
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
    .post(
      '/conversations/:id/unread',
      operation({
        tag: 'talk',
        summary: {
          'zh-CN': '某个 `seq` 之后又说了多少；凭恢复密钥查询，关着的聊天窗口也查得起',
          en: 'How much was said after a `seq`, asked with the resume secret: cheap enough for a closed chat',
        },
        doors: ['open'],
        request: { resume: examples.start.resume, after: 4 },
        answers: { 200: answers(unreadAnswer, 'Messages of the bot or a person', examples.unread) },
        refused: [400, 401, 403, 404, 413, 429],
      }),
      checked('json', unreadBody),
      async (c) => {
        const id = c.get('conversation')
        const { resume, after } = c.req.valid('json')
        await limiter.message(`unread:${id}`)
        await conversations.checkResume(id, resume)
        return c.json(await conversations.unread(id, after))
      },
    )
    .post(
      '/conversations/:id/identity',
      operation({
        tag: 'talk',
        summary: {
          'zh-CN': '网站服务器用签名令牌（JWT，HS256）证明访客是谁',
          en: "The site's server vouches for the visitor with a signed token (JWT, HS256)",
        },
        doors: ['visitor'],
        request: { token: examples.start.token },
        answers: { 204: { description: 'Verified' } },
        refused: [400, 401, 403, 404, 409, 413, 429],
      }),
      checked('json', identityBody),
      async (c) => {
        const id = c.get('conversation')
        await limiter.message(`identity:${id}`)
        await conversations.identify(id, await identities.read(c.get('bot'), c.req.valid('json').token))
        return c.body(null, 204)
      },
    )
    .post(
      '/conversations/:id/context',
      operation({
        tag: 'talk',
        summary: {
          'zh-CN': '访客在哪个页面，网页对这次访问还知道什么；没写的保持不变',
          en: 'Where the visitor is, and what the page says of the visit; what is left out stays',
        },
        doors: ['visitor'],
        request: { page: { url: 'https://shop.example/lamps', title: 'Lamps' }, attributes: { basket: '2' } },
        answers: { 204: { description: 'Kept' } },
        refused: [400, 401, 403, 404, 413, 429],
      }),
      checked('json', contextBody),
      async (c) => {
        const id = c.get('conversation')
        await limiter.message(`context:${id}`)
        await conversations.setContext(id, cleanContext(c.req.valid('json')))
        return c.body(null, 204)
      },
    )
    .post(
      '/conversations/:id/files',
      operation({
        tag: 'talk',
        summary: {
          'zh-CN': '交一个文件（multipart/form-data，只取第一个）；它的 id 写进消息里',
          en: 'Hand in a file (multipart/form-data, the first file counts); its id goes into a message',
        },
        doors: ['visitor', 'conversations:write'],
        answers: { 201: answers(fileAnswer, 'Stored', examples.file) },
        refused: [400, 401, 403, 404, 409, 413, 415, 429],
      }),
      async (c) => {
        const id = c.get('conversation')
        await limiter.file(id, deps.addressOf(c))
        // The client's own word saves it from sending what would be refused; `save` counts for itself.
        if (Number(c.req.header('content-length') ?? 0) > files.limit + 65_536)
          throw new BotloomError('visitor-file-too-large', { limit: Math.floor(files.limit / 1_048_576) })
        const { name, content } = await firstFile(c.req.header('content-type'), c.req.raw.body)
        return c.json(await files.save({ workspace: c.get('bot').workspaceId, conversation: id }, name, content), 201)
      },
    )
    .get(
      '/conversations/:id/files/:file',
      operation({
        tag: 'talk',
        summary: { 'zh-CN': '对话里的一个文件，供保存', en: 'A file of the conversation, to be saved' },
        doors: ['visitor', 'conversations:read'],
        answers: {
          200: {
            description: 'Its bytes',
            content: { 'application/octet-stream': { schema: { type: 'string' }, example: 'the bytes' } },
          },
        },
        refused: [401, 403, 404],
      }),
      async (c) => {
        const { id, file } = c.req.param()
        return sendFile(c, await files.open({ workspace: c.get('bot').workspaceId, conversation: id }, file))
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
