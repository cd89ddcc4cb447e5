import { z } from 'zod'
import { type IssueKey, language } from '#kit'

/** Largest body that `/v1` reads, in bytes. */
export const bodyLimit = 16 * 1024

export const startBody = z.strictObject({
  /** The key of the bot's test environment: the conversation is held there, and no figure counts it. */
  testKey: z.string().min(1).max(100).optional().meta({ description: "Opens the bot's test environment" }),
  language: z.union([language, z.string().max(35)]).optional(),
  /** What the page says of its visitor, for the conversation's record. */
  visitor: z.record(z.string().min(1).max(64), z.string().max(500)).optional(),
})
export const sendBody = z
  .strictObject({
    id: z.string().min(1).max(64).optional(),
    text: z.string().max(4000).optional(),
    choice: z.strictObject({ block: z.string().min(1).max(64), value: z.string().min(1).max(200) }).optional(),
    language: z.string().max(35).optional(),
  })
  .refine((body) => body.choice !== undefined || (body.text ?? '').trim() !== '', {
    params: { issue: 'nothing-said' satisfies IssueKey },
  })
export const tokenBody = z.strictObject({ resume: z.string().min(1).max(200) })

const part = z.looseObject({ type: z.string() }).meta({
  description: 'text, notice, buttons, image, cards, pace, handoff; all others are shown as their text',
})
export const message = z
  .object({
    id: z.string(),
    seq: z.number().int(),
    role: z.enum(['user', 'bot', 'agent', 'system']),
    parts: z.array(part),
    text: z.string(),
    language: z.string(),
    at: z.string(),
    author: z.string().optional().meta({ description: 'Name of the person who wrote it, of role `agent`' }),
  })
  .meta({ id: 'Message' })
export const startAnswer = z
  .object({ conversationId: z.string(), token: z.string(), resume: z.string(), messages: z.array(message) })
  .meta({ id: 'ConversationStart' })
export const sendAnswer = z
  .object({ messages: z.array(message), pending: z.boolean().optional() })
  .meta({ id: 'TurnAnswer' })
export const historyQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).meta({ description: 'Only messages with a greater `seq`' }),
})
/** Most messages of one answer; who got so many asks for what is after the last. */
export const historyPage = 1_000
export const historyAnswer = z.object({ messages: z.array(message) }).meta({ id: 'History' })
export const tokenAnswer = z.object({ token: z.string() }).meta({ id: 'Token' })
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    retry: z.enum(['now', 'smaller', 'other-device', 'later', 'never']),
  })
  .meta({ id: 'Problem' })
