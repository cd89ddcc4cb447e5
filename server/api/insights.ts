import { Hono } from 'hono'
import { z } from 'zod'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { Services } from '#server/services.ts'
import { valid } from './validate.ts'

const day = z.iso.date()
const version = z.coerce.number().int().min(1).max(2_147_483_647)
const slices = {
  from: day.optional(),
  to: day.optional(),
  version: version.optional(),
  language: z.string().max(40).optional(),
  channel: z.string().max(40).optional(),
}
const figures = z.strictObject({ by: z.enum(['day', 'version', 'language', 'channel']).default('day'), ...slices })
const graph = z.strictObject({ ...slices, version })
/** Which conversations are behind a figure, as the studio asks for it; the inbox reads it, too. */
export const insightChats = z.strictObject({
  figure: z.enum(['conversations', 'contained', 'handedOver', 'noMatch', 'rated', 'stopped', 'passed', 'reached']),
  block: z.string().max(200).optional(),
  edge: z.string().max(200).optional(),
  ...slices,
})

/** What a bot's conversations came to; what is stored by now is counted before each answer. */
export function insightRoutes({ insights, insightCounter, bots }: Services) {
  return new Hono<StudioEnv>()
    .use('/:bot/insights/*', async (c, next) => {
      await bots.get(c.get('signedIn').workspace, c.req.param('bot'))
      await insightCounter.catchUp()
      await next()
    })
    .get('/:bot/insights', valid('query', figures), async (c) => {
      const { by, ...filter } = c.req.valid('query')
      return c.json(await insights.figures(c.get('signedIn').workspace, c.req.param('bot'), by, filter))
    })
    .get('/:bot/insights/graph', valid('query', graph), async (c) => {
      const { version, ...filter } = c.req.valid('query')
      return c.json(await insights.graph(c.get('signedIn').workspace, c.req.param('bot'), version, filter))
    })
    .get('/:bot/insights/chats', valid('query', insightChats), async (c) =>
      c.json(await insights.chats(c.get('signedIn').workspace, c.req.param('bot'), c.req.valid('query'))),
    )
}
