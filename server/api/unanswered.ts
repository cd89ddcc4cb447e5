import { Hono } from 'hono'
import { z } from 'zod'
import type { StudioEnv } from '#server/auth/guard.ts'
import { storableText } from '#server/data/storable-text.ts'
import type { Services } from '#server/services.ts'
import { mostMessages } from '#server/unanswered/unanswered-store.ts'
import { valid } from './validate.ts'

const messages = z
  .array(z.string().regex(/^[0-9a-f]{64}$/))
  .min(1)
  .max(mostMessages)
const view = z.strictObject({
  days: z.coerce.number().int().min(1).max(400).optional(),
  language: z.string().max(40).optional(),
  again: z.stringbool().optional(),
})
const picked = z.strictObject({ messages })
const taught = z.strictObject({
  messages,
  set: z.string().max(80),
  label: z.string().trim().min(1).max(200).transform(storableText),
})

/** `/api/bots/:bot/unanswered`: what live chats did not understand, and what becomes of it. */
export function unansweredRoutes({ bots, unanswered, tellFacts: tell }: Services) {
  return new Hono<StudioEnv>()
    .use('/:bot/unanswered/*', async (c, next) => {
      await bots.get(c.get('signedIn').workspace, c.req.param('bot'))
      await next()
    })
    .get('/:bot/unanswered', valid('query', view), async (c) =>
      c.json(await unanswered.view(c.get('signedIn').workspace, c.req.param('bot'), c.req.valid('query'))),
    )
    .get('/:bot/unanswered/count', async (c) =>
      c.json({ count: await unanswered.count(c.get('signedIn').workspace, c.req.param('bot')) }),
    )
    .get('/:bot/unanswered/answered', async (c) =>
      c.json(await unanswered.answered(c.get('signedIn').workspace, c.req.param('bot'))),
    )
    .post('/:bot/unanswered/rows', valid('json', taught), async (c) => {
      const { workspace } = c.get('signedIn')
      const added = await unanswered.teach(workspace, c.req.param('bot'), c.req.valid('json'))
      await tell(workspace, added.set)
      return c.json(added, 201)
    })
    .post('/:bot/unanswered/dismiss', valid('json', picked), async (c) => {
      const { messages } = c.req.valid('json')
      return c.json(await unanswered.dismiss(c.get('signedIn').workspace, c.req.param('bot'), messages))
    })
    .post('/:bot/unanswered/undo', valid('json', picked), async (c) => {
      const { workspace } = c.get('signedIn')
      const answer = await unanswered.undo(workspace, c.req.param('bot'), c.req.valid('json').messages)
      for (const set of answer.sets) await tell(workspace, set)
      return c.json(answer)
    })
}
