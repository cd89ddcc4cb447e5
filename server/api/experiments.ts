import { Hono } from 'hono'
import { z } from 'zod'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { Services } from '#server/services.ts'
import type { EnvironmentsView } from './dto.ts'
import { valid } from './validate.ts'

const start = z.strictObject({
  version: z.number().int().min(1).max(2_147_483_647),
  share: z.number().int().min(1).max(99),
})
const stop = z.strictObject({ keep: z.enum(['a', 'b']), open: z.enum(['stay', 'finish', 'move']).optional() })

/** Where a bot's versions are, the way to the test one, and experiments between two. */
export function experimentRoutes({ bots, experiments, testKeys, warmPublished, log }: Services) {
  const warm = (workspace: string): void => {
    warmPublished(workspace).catch((error) => log.warn({ err: error }, 'models could not be loaded ahead'))
  }
  const environments = async (workspace: string, id: string): Promise<EnvironmentsView> => {
    const bot = await bots.get(workspace, id)
    return {
      live: bot.currentVersion,
      test: bot.testVersion,
      publishTo: bot.publishTo,
      testPage: `/try/${bot.slug}?key=${testKeys.keyOf(bot.id, bot.testKeySerial)}`,
    }
  }
  return new Hono<StudioEnv>()
    .get('/:bot/environments', async (c) => {
      return c.json(await environments(c.get('signedIn').workspace, c.req.param('bot')))
    })
    .post('/:bot/test-key', async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.renewTestKey(workspace, c.req.param('bot'))
      return c.json(await environments(workspace, c.req.param('bot')))
    })
    .get('/:bot/experiments', async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.get(workspace, c.req.param('bot'))
      return c.json(await experiments.list(workspace, c.req.param('bot')))
    })
    .post('/:bot/experiments', valid('json', start), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const started = await experiments.start(workspace, c.req.param('bot'), c.req.valid('json'), user)
      warm(workspace)
      return c.json(started, 201)
    })
    .post('/:bot/experiments/:experiment/stop', valid('json', stop), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const { bot, experiment } = c.req.param()
      const stopped = await experiments.stop(workspace, bot, experiment, c.req.valid('json'), user)
      warm(workspace)
      return c.json(stopped)
    })
}
