import { Hono } from 'hono'
import { z } from 'zod'
import { listEncoders } from '#runtime/language/resolve-encoder.ts'
import type { StudioEnv } from '#server/auth/guard.ts'
import { storableText } from '#server/data/storable-text.ts'
import type { Services } from '#server/services.ts'
import type { Me, ServingView } from './dto.ts'
import { valid } from './validate.ts'

const rename = z.strictObject({ name: z.string().trim().min(1).max(60).transform(storableText) })

/** What belongs to nobody's bot: who is signed in, what a bot can be made from. */
export function studioRoutes({ auth, templates, config, compute }: Services) {
  return new Hono<StudioEnv>()
    .get('/me', (c) => {
      const { user, workspace, csrf } = c.get('signedIn')
      return c.json({ user, workspace: { id: workspace, name: 'Botloom', role: 'owner' }, csrf } satisfies Me)
    })
    .patch('/me', valid('json', rename), async (c) => {
      const { user, workspace, csrf } = c.get('signedIn')
      const { name } = c.req.valid('json')
      await auth.rename(user.id, name)
      return c.json({
        user: { ...user, name },
        workspace: { id: workspace, name: 'Botloom', role: 'owner' },
        csrf,
      } satisfies Me)
    })
    .post('/sign-out', async (c) => {
      for (const cookie of await auth.signOut(c.req.raw.headers)) c.header('set-cookie', cookie, { append: true })
      return c.body(null, 204)
    })
    .get('/templates', async (c) => c.json(await templates.list()))
    .get('/serving', (c) => c.json({ models: [...compute.served()] } satisfies ServingView))
    .get('/encoders', async (c) => c.json(await listEncoders(config.modelsFolder)))
}
