import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import type { VersionDocument } from './dto.ts'
import { valid } from './validate.ts'

const environment = z.enum(['live', 'test'])
const move = z.strictObject({
  environment: environment.optional(),
  open: z.enum(['stay', 'finish', 'move']).optional(),
  endExperiment: z.boolean().optional(),
})
const publish = z.strictObject({
  ...move.shape,
  note: z.string().max(500),
  keepOldModel: z.boolean().optional(),
})
const place = z.strictObject({ environment: environment.optional() })
const replay = z.strictObject({
  before: z.iso.datetime().optional(),
  version: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
})

export function versionRoutes({ versions, replayRecent, warmPublished, log }: Services) {
  /** The model loads while the person reads that it is published. */
  const warm = (workspace: string): void => {
    warmPublished(workspace).catch((error) => log.warn({ err: error }, 'models could not be loaded ahead'))
  }
  return new Hono<StudioEnv>()
    .get('/:bot/publish', valid('query', place), async (c) => {
      const { environment } = c.req.valid('query')
      return c.json(await versions.preview(c.get('signedIn').workspace, c.req.param('bot'), environment))
    })
    .get('/:bot/publish/replay', valid('query', replay), async (c) =>
      c.json(await replayRecent(c.get('signedIn').workspace, c.req.param('bot'), c.req.valid('query'))),
    )
    .post('/:bot/publish', valid('json', publish), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const version = await versions.publish(workspace, c.req.param('bot'), c.req.valid('json'), user, localeOf(c))
      warm(workspace)
      return c.json(version, 201)
    })
    .get('/:bot/versions', async (c) => c.json(await versions.list(c.get('signedIn').workspace, c.req.param('bot'))))
    .get('/:bot/versions/:version', async (c) => {
      const number = numberOf(c.req.param('version'))
      const { version, document, facts } = await versions.load(c.get('signedIn').workspace, c.req.param('bot'), number)
      return c.json({ version, document, facts } satisfies VersionDocument)
    })
    .get('/:bot/versions/:version/impact', valid('query', place), async (c) => {
      const { environment = 'live' } = c.req.valid('query')
      const number = numberOf(c.req.param('version'))
      return c.json(await versions.impact(c.get('signedIn').workspace, c.req.param('bot'), number, environment))
    })
    .post('/:bot/versions/:version/current', valid('json', move), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const number = numberOf(c.req.param('version'))
      const version = await versions.activate(workspace, c.req.param('bot'), number, c.req.valid('json'), user)
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
