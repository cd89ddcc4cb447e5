import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import type { ConversationEvent } from '#server/api/dto.ts'
import { feedTopic } from '#server/realtime/conversation-feed.ts'
import type { Services } from '#server/services.ts'
import * as shapes from './caller-schemas.ts'
import type { CallerEnv, Callers } from './callers.ts'
import { answers, checked, operation } from './describe.ts'
import * as examples from './examples.ts'

const most = 200
const heartbeat = 15_000
const whose = z.string().max(80).optional().meta({ description: 'Id or slug: only events of this bot' })
const pageQuery = z.strictObject({ bot: whose, after: z.coerce.number().int().min(0).default(0) })
const streamQuery = z.strictObject({ bot: whose })

/** What happens in conversations, as pages or as a stream; both count by the same ids. */
export function callerEventRoutes({ events, keys }: Services, callers: Callers) {
  const read = callers.needs('conversations:read')

  /** Whether this caller hears of an event. */
  async function filterOf(c: Context<CallerEnv>, name: string | undefined): Promise<(e: ConversationEvent) => boolean> {
    const caller = c.get('caller')
    const only = name === undefined ? null : (await callers.bot(caller, name)).id
    return ({ bot }) => (only === null || bot === only) && callers.opens(caller, bot)
  }

  return new Hono<CallerEnv>()
    .get(
      '/',
      operation({
        tag: 'events',
        summary: {
          'zh-CN': `会话事件，按先后顺序，一次最多看 ${most} 个`,
          en: `Events of conversations in order, at most ${most} looked at in an answer`,
        },
        doors: ['conversations:read'],
        answers: { 200: answers(shapes.eventPage, 'Events', { events: [examples.event], next: 311 }) },
        refused: [400, 401, 403, 404, 429],
      }),
      read,
      checked('query', pageQuery),
      async (c) => {
        const { bot, after } = c.req.valid('query')
        const heard = await filterOf(c, bot)
        const found = await events.read<ConversationEvent>(feedTopic(c.get('caller').workspace), after, most)
        return c.json({
          events: found
            .filter(({ event }) => heard(event))
            .map(({ seq, at, event }) => ({ id: seq, at: at.toISOString(), ...event })),
          next: found.at(-1)?.seq ?? after,
        })
      },
    )
    .get(
      '/stream',
      operation({
        tag: 'events',
        summary: {
          'zh-CN': '以服务器推送事件接收会话事件；断线后用 Last-Event-ID 接上，一个不漏',
          en: 'Events of conversations as server-sent events; resumed with Last-Event-ID, none is missed',
        },
        doors: ['conversations:read'],
        answers: {
          200: {
            description: 'One event of the feed an event; `id` is its id',
            content: {
              'text/event-stream': {
                schema: { type: 'string' },
                example: `id: 311\nevent: message.created\ndata: ${JSON.stringify(examples.event)}\n\n`,
              },
            },
          },
        },
        refused: [400, 401, 403, 404, 429],
      }),
      read,
      checked('query', streamQuery),
      async (c) => {
        const heard = await filterOf(c, c.req.valid('query').bot)
        const header = c.req.header('authorization')
        const last = Number(c.req.header('last-event-id'))
        const after = c.req.header('last-event-id') !== undefined && Number.isSafeInteger(last) ? last : null
        const topic = feedTopic(c.get('caller').workspace)
        return streamSSE(c, async (stream) => {
          let ended = (): void => {}
          const end = new Promise<void>((resolve) => {
            ended = resolve
          })
          stream.onAbort(ended)
          const stop = await events.subscribe<ConversationEvent>(topic, after, async ({ seq, event, at }) => {
            if (seq === null || at === null || !heard(event)) return
            const data = JSON.stringify({ id: seq, at: at.toISOString(), ...event })
            await stream.writeSSE({ id: String(seq), event: event.type, data })
          })
          // A key that was revoked since hears nothing more.
          const beat = setInterval(() => {
            keys
              .check(header)
              .then(() => stream.write(': still here\n\n'))
              .catch(ended)
          }, heartbeat)
          try {
            await stream.write('retry: 1000\n\n')
            await end
          } finally {
            clearInterval(beat)
            stop()
          }
        })
      },
    )
}
