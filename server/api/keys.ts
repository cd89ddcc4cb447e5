import { Hono } from 'hono'
import { z } from 'zod'
import type { StudioEnv } from '#server/auth/guard.ts'
import { storableText } from '#server/data/storable-text.ts'
import { apiScopes } from '#server/keys/scopes.ts'
import type { Services } from '#server/services.ts'
import type { ApiKeyView } from './dto.ts'
import { valid } from './validate.ts'

const newKey = z.strictObject({
  name: z.string().trim().min(1).max(80).transform(storableText),
  scopes: z.array(z.enum(apiScopes)).min(1).max(apiScopes.length),
  bots: z.array(z.string().max(64)).min(1).max(200).nullable(),
  expiresAt: z.iso.datetime().nullable(),
})

/** API keys, made and revoked by people who are signed in; no key opens these routes. */
export function keyRoutes({ keys, bots }: Services) {
  return new Hono<StudioEnv>()
    .get('/', async (c) => c.json((await keys.list(c.get('signedIn').workspace)) satisfies ApiKeyView[]))
    .post('/', valid('json', newKey), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const wanted = c.req.valid('json')
      for (const bot of wanted.bots ?? []) await bots.get(workspace, bot)
      return c.json(await keys.create(workspace, wanted, user.id), 201)
    })
    .post('/:key/revoke', async (c) => c.json(await keys.revoke(c.get('signedIn').workspace, c.req.param('key'))))
}
