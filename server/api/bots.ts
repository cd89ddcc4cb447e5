import { Hono } from 'hono'
import { z } from 'zod'
import type { IssueKey } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import { toBotDetails, toBotSummary } from '#server/bots/bot-views.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import type { BotDetail, BotSummary } from './dto.ts'
import { valid } from './validate.ts'

const name = z.string().trim().min(1).max(80)
const newBot = z.strictObject({
  name,
  template: z.string().max(64).nullable(),
  parameters: z.record(z.string(), z.unknown()).optional(),
})
/** Scheme, host and port and nothing behind them, as browsers send it. */
const origin = z
  .string()
  .max(200)
  .refine(isOrigin, { params: { issue: 'bad-origin' satisfies IssueKey } })
const change = z.strictObject({
  name: name.optional(),
  origins: z.array(origin).max(100).optional(),
  allowServerCallers: z.boolean().optional(),
})

/** A `*` would be taken for a host and fit none. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && !text.includes('*') && new URL(text).origin === text
}

export function botRoutes({ bots, removeBot, templates, database, warmPublished, log }: Services) {
  const detail = async (workspace: string, id: string): Promise<BotDetail> => {
    const [found] = await toBotDetails(database.db, workspace, [await bots.get(workspace, id)])
    return found!
  }
  return new Hono<StudioEnv>()
    .get('/', async (c) => {
      const { workspace } = c.get('signedIn')
      const details = await toBotDetails(database.db, workspace, await bots.list(workspace))
      return c.json(details.map(toBotSummary) satisfies BotSummary[])
    })
    .post('/', valid('json', newBot), async (c) => {
      const { workspace } = c.get('signedIn')
      const { name, template, parameters } = c.req.valid('json')
      const bot =
        template === null
          ? await bots.create(workspace, { name })
          : await templates.instantiate(workspace, template, { name, parameters, locale: localeOf(c) })
      return c.json(toBotSummary(await detail(workspace, bot.id)), 201)
    })
    .get('/:bot', async (c) => c.json(await detail(c.get('signedIn').workspace, c.req.param('bot'))))
    .patch('/:bot', valid('json', change), async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.change(workspace, c.req.param('bot'), c.req.valid('json'))
      return c.json(await detail(workspace, c.req.param('bot')))
    })
    .delete('/:bot', async (c) => {
      const { workspace } = c.get('signedIn')
      await removeBot(workspace, c.req.param('bot'))
      // Its model is let go; nobody waits for that.
      warmPublished(workspace).catch((error) => log.warn({ err: error }, 'models could not be loaded anew'))
      return c.body(null, 204)
    })
}
