import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Logger } from 'pino'
import { BotloomError } from '#kit'
import type { ChannelService } from '#server/channels/channel-service.ts'
import { problemOf } from '#server/observability/problem.ts'

/** Bytes of one request; what messengers send is far smaller. */
const mostBytes = 65_536

/** `/v1/channels/:id`: where messengers call. Whoever has no signature learns nothing, not even whether there is such a channel. */
export function createChannelRoutes({ channels, log }: { channels: Pick<ChannelService, 'receive'>; log: Logger }) {
  const app = new Hono()
  app.onError((error, c) => {
    if (error instanceof BotloomError && error.status === 429)
      c.header('Retry-After', String(error.params.seconds ?? 60))
    return problemOf(error, c, log)
  })
  app.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-store')
    c.header('X-Content-Type-Options', 'nosniff')
  })
  app.use(
    bodyLimit({
      maxSize: mostBytes,
      onError: () => {
        throw new BotloomError('message-too-large', { limit: mostBytes })
      },
    }),
  )
  const receive = async (c: Context) => {
    const answer = await channels.receive(c.req.param('id') ?? '', {
      method: c.req.method,
      query: (name) => c.req.query(name),
      header: (name) => c.req.header(name),
      body: await c.req.text(),
    })
    if (answer.type === 'text') return c.text(answer.body)
    const { type: _, ...replies } = answer
    return c.json(replies)
  }
  return app.get('/:id', receive).post('/:id', receive)
}
