import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import type { VersionDocument } from './dto.ts'
import { valid } from './validate.ts'

const publish = z.strictObject({
  note: z.string().max(500),
  keepOldModel: z.boolean().optional(),
  open: z.enum(['stay', 'finish', 'move']).optional(),
})

const replay = z.strictObject({ before: z.iso.datetime().optional() })

export function versionRoutes({ versions, replayRecent, warmPublished, log }: Services) {
  /** The model loads while the person reads that it is published. */
  const warm = (workspace: string): void => {
    warmPublished(workspace).catch((error) => log.warn({ err: error }, 'models could not be loaded ahead'))
  }
  return new Hono<StudioEnv>()
    .get('/:bot/publish', async (c) => c.json(await versions.preview(c.get('signedIn').workspace, c.req.param('bot'))))
    .get('/:bot/publish/replay', valid('query', replay), async (c) =>
      c.json(await replayRecent(c.get('signedIn').workspace, c.req.param('bot'), c.req.valid('query').before ?? null)),
    )
    .post('/:bot/publish', valid('json', publish), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const version = await versions.publish(workspace, c.req.param('bot'), c.req.valid('json'), user.id, localeOf(c))
      warm(workspace)
      return c.json(version, 201)
    })
    .get('/:bot/versions', async (c) => c.json(await versions.list(c.get('signedIn').workspace, c.req.param('bot'))))
    .get('/:bot/versions/:version', async (c) => {
      const number = numberOf(c.req.param('version'))
      const { version, document, facts } = await versions.load(c.get('signedIn').workspace, c.req.param('bot'), number)
      return c.json({ version, document, facts } satisfies VersionDocument)
    })
    .post('/:bot/versions/:version/current', async (c) => {
      const { workspace } = c.get('signedIn')
      const number = numberOf(c.req.param('version'))
      const version = await versions.activate(workspace, c.req.param('bot'), number)
      warm(workspace)
      return c.json(version)
    })
}

function numberOf(text: string): number {
  const number = Number(text)
  // Beyond this no database column holds it.
  if (!Number.isInteger(number) || number < 1 || number > 2_147_483_647)
    throw new BotloomError('not-found', { what: 'version' })
  return number
}
