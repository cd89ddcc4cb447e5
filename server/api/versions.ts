import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { Services } from '#server/services.ts'
import type { StudioEvent } from './dto.ts'
import { valid } from './validate.ts'

const publish = z.strictObject({ note: z.string().max(500), keepOldModel: z.boolean().optional() })

export function versionRoutes({ versions, events, database, warmPublished, log }: Services) {
  const tell = async (workspace: string, bot: string, version: number) => {
    const told: StudioEvent = { type: 'version.published', version }
    await database.db.transaction((tx) => events.append(tx, workspace, `bot:${bot}`, told))
    // The model loads while the person reads that it is published.
    void warmPublished(workspace).catch((error) => log.warn({ err: error }, 'models could not be loaded ahead'))
  }
  return new Hono<StudioEnv>()
    .get('/:bot/publish', async (c) => c.json(await versions.preview(c.get('signedIn').workspace, c.req.param('bot'))))
    .post('/:bot/publish', valid('json', publish), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const bot = c.req.param('bot')
      const version = await versions.publish(workspace, bot, c.req.valid('json'), user.id)
      await tell(workspace, bot, version.version)
      return c.json(version, 201)
    })
    .get('/:bot/versions', async (c) => c.json(await versions.list(c.get('signedIn').workspace, c.req.param('bot'))))
    .post('/:bot/versions/:version/current', async (c) => {
      const { workspace } = c.get('signedIn')
      const bot = c.req.param('bot')
      const number = Number(c.req.param('version'))
      if (!Number.isSafeInteger(number)) throw new BotloomError('not-found', { what: 'version' })
      const version = await versions.activate(workspace, bot, number)
      await tell(workspace, bot, number)
      return c.json(version)
    })
}
