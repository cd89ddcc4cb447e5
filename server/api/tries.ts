import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError, language } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { Services } from '#server/services.ts'
import type { TryAnswer } from './dto.ts'
import { createVisitorTokens } from './public/visitor-token.ts'
import { valid } from './validate.ts'

const start = z.strictObject({ language: language.optional() })

/** The simulator: a conversation with the draft as it is now and its newest model, then talked to over `/v1`. */
export function tryRoutes({ versions, conversations, secret }: Services) {
  const tokens = createVisitorTokens(secret)
  return new Hono<StudioEnv>().post('/:bot/tries', valid('json', start), async (c) => {
    const { workspace } = c.get('signedIn')
    const bot = c.req.param('bot')
    const draft = await versions.fromDraft(workspace, bot)
    const pin = await conversations.pinDraft(workspace, bot, draft)
    const { conversationId, messages } = await conversations.start({
      workspace,
      bot,
      pin,
      language: c.req.valid('json').language,
    })
    return c.json(
      {
        conversationId,
        token: await tokens.issue(conversationId),
        messages,
        hasModel: Object.keys(draft.classifiers).length > 0,
        modelStale: draft.stale,
      } satisfies TryAnswer,
      201,
    )
  })
}

/** Why a bot said a message, for whoever looks into its conversations. */
export function conversationRoutes({ conversations }: Services) {
  return new Hono<StudioEnv>().get('/:conversation/messages/:message/trace', async (c) => {
    const trace = await conversations.trace(
      c.get('signedIn').workspace,
      c.req.param('conversation'),
      c.req.param('message'),
    )
    if (!trace) throw new BotloomError('not-found', { what: 'message' })
    return c.json(trace)
  })
}
