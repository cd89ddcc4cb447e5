import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError, language, type PinnedRef } from '#kit'
import { variableRecord } from '#runtime/graph/document.ts'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { Pin } from '#server/conversations/program-cache.ts'
import { storableText } from '#server/data/storable-text.ts'
import type { Services } from '#server/services.ts'
import type { HeldTryAnswer, Message, TryAnswer } from './dto.ts'
import { createVisitorTokens } from './public/visitor-token.ts'
import { sendFile } from './send-file.ts'
import { valid } from './validate.ts'

/** Variables that a person sets, by name; null for one that is to be forgotten. */
export const variableValues = z.record(
  variableRecord.shape.name,
  z.union([z.string().max(4_000).transform(storableText), z.number(), z.boolean(), z.null()]),
)
const version = z.number().int().min(1)
const start = z.strictObject({
  language: language.optional(),
  version: version.optional(),
  replay: z.strictObject({ test: z.string().max(64), upTo: z.number().int().min(0) }).optional(),
})
const rerun = z.strictObject({
  message: z.string().min(1).max(64),
  id: z.string().min(1).max(64),
  text: z.string().max(4_000).optional(),
  variables: variableValues.optional(),
  version: version.optional(),
})

/** The simulator: conversations with the draft as it is now and its newest model, or with a version, talked to over `/v1`. */
export function tryRoutes({ versions, conversations, tests, secret }: Services) {
  const tokens = createVisitorTokens(secret)

  async function pinOf(workspace: string, bot: string, version: number | undefined): Promise<Talked> {
    if (version !== undefined) {
      const { classifiers } = await versions.load(workspace, bot, version)
      return { pin: { version }, version, ...modelOf(classifiers), modelStale: false }
    }
    const draft = await versions.fromDraft(workspace, bot)
    const pin = await conversations.pinDraft(workspace, bot, draft)
    return { pin, version: null, ...modelOf(draft.classifiers), modelStale: draft.stale }
  }

  async function answer(conversationId: string, messages: Message[], talked: Talked): Promise<TryAnswer> {
    const { version, hasModel, modelStale } = talked
    return { conversationId, token: await tokens.issue(conversationId), messages, version, hasModel, modelStale }
  }

  return new Hono<StudioEnv>()
    .post('/:bot/tries', valid('json', start), async (c) => {
      const { workspace } = c.get('signedIn')
      const bot = c.req.param('bot')
      const { language, version, replay } = c.req.valid('json')
      const talked = await pinOf(workspace, bot, version)
      const begin = (language?: string) =>
        conversations.start({ workspace, bot, pin: talked.pin, language, isTry: true })
      if (!replay) {
        const { conversationId, messages } = await begin(language)
        return c.json(await answer(conversationId, messages, talked), 201)
      }
      const [test] = await tests.get(workspace, bot, [replay.test])
      const { conversationId } = await begin(test!.language)
      for (const { user } of test!.turns.slice(0, replay.upTo + 1))
        if (user) await conversations.send(conversationId, user)
      return c.json(await answer(conversationId, await conversations.history(conversationId), talked), 201)
    })
    .post('/:bot/tries/:conversation/rerun', valid('json', rerun), async (c) => {
      const { workspace } = c.get('signedIn')
      const bot = c.req.param('bot')
      const conversation = c.req.param('conversation')
      const { message, id, text, variables = {}, version } = c.req.valid('json')
      const talked = await pinOf(workspace, bot, version)
      const { pin } = talked
      const branch = await conversations.branch({ workspace, bot, conversation, message, pin, edited: variables })
      const words = text === undefined || text === branch.user.text ? branch.user : { text }
      await conversations.send(branch.conversationId, { id, ...words })
      const messages = await conversations.history(branch.conversationId)
      return c.json(await answer(branch.conversationId, messages, talked), 201)
    })
    .get('/:bot/tries/:conversation', async (c) => {
      const { workspace } = c.get('signedIn')
      const id = c.req.param('conversation')
      const { bot } = await conversations.heldTry(workspace, id)
      if (bot !== c.req.param('bot')) throw new BotloomError('not-found', { what: 'conversation' })
      const messages = await conversations.history(id)
      return c.json({ token: await tokens.issue(id), messages } satisfies HeldTryAnswer)
    })
}

interface Talked extends Pick<TryAnswer, 'version' | 'hasModel' | 'modelStale'> {
  pin: Pin
}

function modelOf(classifiers: Record<string, PinnedRef>): Pick<TryAnswer, 'hasModel'> {
  return { hasModel: Object.keys(classifiers).length > 0 }
}

const fileQuery = z.strictObject({ shown: z.string().max(1).optional() })

/** Why a bot said a message, and what visitors sent along, for whoever looks into its conversations. */
export function conversationRoutes({ conversations, visitorFiles }: Services) {
  return new Hono<StudioEnv>()
    .get('/:conversation/files/:file', valid('query', fileQuery), async (c) => {
      const { workspace } = c.get('signedIn')
      const { conversation, file } = c.req.param()
      const found = await visitorFiles.open({ workspace, conversation }, file)
      return sendFile(c, found, { shown: c.req.valid('query').shown !== undefined })
    })
    .get('/:conversation/messages/:message/trace', async (c) => {
      const { conversation, message } = c.req.param()
      const trace = await conversations.trace(c.get('signedIn').workspace, conversation, message)
      if (!trace) throw new BotloomError('not-found', { what: 'message' })
      return c.json(trace)
    })
    .get('/:conversation/messages/:message/words', async (c) => {
      const { conversation, message } = c.req.param()
      const words = await conversations.words(c.get('signedIn').workspace, conversation, message)
      if (!words) throw new BotloomError('not-found', { what: 'message' })
      return c.json(words)
    })
}
