import { Hono } from 'hono'
import { z } from 'zod'
import type { StudioEnv } from '#server/auth/guard.ts'
import { storableText } from '#server/data/storable-text.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import { valid } from './validate.ts'

const name = z.string().trim().min(1).max(80).transform(storableText)
const values = z.record(z.string().max(40), z.string().max(2_000))
const wish = z.strictObject({
  kind: z.enum(['webhook', 'wecom']),
  bot: z.string().max(64),
  name,
  settings: values,
  secrets: values.optional(),
})
const change = z.strictObject({ name, active: z.boolean(), settings: values, secrets: values }).partial()

/** *Settings → Channels*: ways into a bot beside the widget. */
export function channelRoutes({ channelStore: store, channels }: Services) {
  return new Hono<StudioEnv>()
    .get('/', async (c) => c.json(await store.list(c.get('signedIn').workspace, localeOf(c))))
    .post('/', valid('json', wish), async (c) =>
      c.json(await store.add(c.get('signedIn').workspace, c.req.valid('json'), localeOf(c)), 201),
    )
    .patch('/:channel', valid('json', change), async (c) => {
      const { workspace } = c.get('signedIn')
      const changed = await store.change(workspace, c.req.param('channel'), c.req.valid('json'), localeOf(c))
      // What waited while it was off, or for other credentials.
      channels.wake()
      return c.json(changed)
    })
    .delete('/:channel', async (c) => {
      await store.remove(c.get('signedIn').workspace, c.req.param('channel'))
      return c.body(null, 204)
    })
}
