import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError, language } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import { toKeptChat } from '#server/chat-tests/kept-chat.ts'
import { storableText } from '#server/data/storable-text.ts'
import type { Services } from '#server/services.ts'
import type { ChatTestView } from './dto.ts'
import { variableValues } from './tries.ts'
import { valid } from './validate.ts'

const name = z.string().transform(storableText).pipe(z.string().trim().min(1).max(120))
const text = z.string().max(4_000)
const keep = z.strictObject({ name, conversation: z.string().max(64) })
const took = { block: z.string().max(80), ms: z.number().min(0), attempts: z.number().int().min(0) }
const cause = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('call.settled'),
    ...took,
    status: z.number().int().min(100).max(599),
    picked: z.record(z.string().max(300), z.unknown()),
  }),
  z.strictObject({ type: z.literal('call.failed'), ...took, code: z.string().max(60) }),
  z.strictObject({ type: z.literal('time.passed'), block: took.block }),
])
const chatTest = z.strictObject({
  name,
  language,
  now: z.iso.datetime({ offset: true }),
  turns: z
    .array(
      z.strictObject({
        user: z
          .strictObject({
            text,
            choice: z.strictObject({ block: z.string().max(80), value: z.string().max(200) }).optional(),
          })
          .nullable(),
        set: variableValues.optional(),
        replies: z.array(z.strictObject({ pieces: z.array(text).min(1).max(50) })).max(50),
        others: z.boolean().optional(),
        outside: z.array(cause).max(60).optional(),
      }),
    )
    .min(1)
    .max(200),
})
const testId = z.string().regex(/^tst_[0-9a-z]{16}$/)
const place = z.object({ bot: z.string(), test: testId })
const run = z.strictObject({ tests: z.array(testId).min(1).max(50) })

/** Kept conversations: a try becomes one, and they are run against the draft. */
export function chatTestRoutes({ tests, testRunner, conversations }: Services) {
  return new Hono<StudioEnv>()
    .get('/:bot/tests', async (c) => {
      const found = await testRunner.list(c.get('signedIn').workspace, c.req.param('bot'))
      return c.json(found satisfies ChatTestView[])
    })
    .post('/:bot/tests', valid('json', keep), async (c) => {
      const { workspace } = c.get('signedIn')
      const bot = c.req.param('bot')
      const { name, conversation } = c.req.valid('json')
      const held = await conversations.heldTry(workspace, conversation)
      if (held.bot !== bot) throw new BotloomError('not-found', { what: 'conversation' })
      const ids = await tests.add(workspace, bot, [toKeptChat(name, held)])
      return c.json(await tests.get(workspace, bot, ids), 201)
    })
    .post('/:bot/tests/run', valid('json', run), async (c) => {
      const { workspace } = c.get('signedIn')
      return c.json(await testRunner.run(workspace, c.req.param('bot'), c.req.valid('json').tests))
    })
    .put('/:bot/tests/:test', valid('param', place), valid('json', chatTest), async (c) => {
      const { workspace } = c.get('signedIn')
      const { bot, test } = c.req.valid('param')
      await tests.put(workspace, bot, test, c.req.valid('json'))
      return c.body(null, 204)
    })
    .delete('/:bot/tests/:test', async (c) => {
      await tests.remove(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('test'))
      return c.body(null, 204)
    })
}
