import { Hono } from 'hono'
import { z } from 'zod'
import type { StudioEnv } from '#server/auth/guard.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import { webhookEventTypes } from '#server/webhooks/event-types.ts'
import { valid } from './validate.ts'

const wish = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  events: z.array(z.enum(webhookEventTypes)).min(1),
  bot: z.string().max(64).nullable(),
})
const change = wish.extend({ active: z.boolean() }).partial()
const logQuery = z.strictObject({
  status: z.enum(['waiting', 'done', 'failed']).optional(),
  before: z.coerce.number().int().positive().optional(),
})
const since = z.strictObject({ since: z.iso.datetime() })

/** *Settings → Webhooks*: addresses, their secrets, the log, and what is sent once more. */
export function webhookRoutes({ webhooks, webhookSender: sender }: Services) {
  return new Hono<StudioEnv>()
    .get('/', async (c) =>
      c.json({ endpoints: await webhooks.list(c.get('signedIn').workspace), events: webhookEventTypes }),
    )
    .post('/', valid('json', wish), async (c) =>
      c.json(await webhooks.add(c.get('signedIn').workspace, c.req.valid('json')), 201),
    )
    .patch('/:webhook', valid('json', change), async (c) =>
      c.json(await webhooks.change(c.get('signedIn').workspace, c.req.param('webhook'), c.req.valid('json'))),
    )
    .delete('/:webhook', async (c) => {
      await webhooks.remove(c.get('signedIn').workspace, c.req.param('webhook'))
      return c.body(null, 204)
    })
    .post('/:webhook/secret', async (c) =>
      c.json(await webhooks.rotate(c.get('signedIn').workspace, c.req.param('webhook'))),
    )
    .post('/:webhook/test', async (c) => {
      const { workspace } = c.get('signedIn')
      const delivery = await webhooks.addTest(workspace, c.req.param('webhook'))
      await sender.sendNow(delivery)
      return c.json(await webhooks.delivery(workspace, delivery, localeOf(c)))
    })
    .get('/:webhook/deliveries', valid('query', logQuery), async (c) => {
      const { workspace } = c.get('signedIn')
      return c.json(await webhooks.log(workspace, c.req.param('webhook'), c.req.valid('query'), localeOf(c)))
    })
    .post('/:webhook/deliveries/:delivery/again', async (c) => {
      const { webhook, delivery } = c.req.param()
      const sent = await webhooks.again(c.get('signedIn').workspace, webhook, { delivery })
      sender.wake()
      return c.json({ sent })
    })
    .post('/:webhook/again', valid('json', since), async (c) => {
      const asked = { since: new Date(c.req.valid('json').since) }
      const sent = await webhooks.again(c.get('signedIn').workspace, c.req.param('webhook'), asked)
      sender.wake()
      return c.json({ sent })
    })
}
