import { z } from 'zod'
import { type IssueKey, language } from '#kit'

/** Largest body that `/v1` reads, in bytes. */
export const bodyLimit = 16 * 1024

const pairs = (most: number) =>
  z
    .record(z.string().min(1).max(64), z.string().max(500))
    .refine((all) => Object.keys(all).length <= most, { params: { issue: 'too-many' satisfies IssueKey, limit: most } })
/** A signed token (JWT, HS256) with which the site's server vouches for its visitor. */
const identity = z.string().min(1).max(4_000)
export const contextBody = z.strictObject({
  page: z
    .strictObject({
      url: z.string().max(2_000),
      title: z.string().max(300).optional(),
      referrer: z.string().max(2_000).optional(),
      language: z.string().max(35).optional(),
    })
    .optional(),
  attributes: pairs(30).optional(),
})
export const identityBody = z.strictObject({ token: identity })
export const unreadBody = z.strictObject({
  resume: z.string().min(1).max(200),
  after: z.number().int().min(0).max(2_147_483_647),
})
export const startBody = z.strictObject({
  /** The key of the bot's test environment: the conversation is held there, and no figure counts it. */
  testKey: z.string().min(1).max(100).optional().meta({ description: "Opens the bot's test environment" }),
  language: z.union([language, z.string().max(35)]).optional(),
  /** What the page says of its visitor, for the conversation's record: nobody vouches for it. */
  visitor: pairs(100).optional(),
  identity: identity.optional(),
  context: contextBody.optional(),
})
export const sendBody = z
  .strictObject({
    id: z.string().min(1).max(64).optional(),
    text: z.string().max(4000).optional(),
    choice: z.strictObject({ block: z.string().min(1).max(64), value: z.string().min(1).max(200) }).optional(),
    files: z.array(z.string().max(40)).max(5).optional().meta({ description: 'Ids of files that were sent before' }),
    language: z.string().max(35).optional(),
  })
  .refine((body) => body.choice !== undefined || (body.files?.length ?? 0) > 0 || (body.text ?? '').trim() !== '', {
    params: { issue: 'nothing-said' satisfies IssueKey },
  })
export const tokenBody = z.strictObject({ resume: z.string().min(1).max(200) })

const part = z.looseObject({ type: z.string() }).meta({
  description:
    'text, notice, buttons, image, cards, file, upload (asks for a file), pace, handoff; all others are shown as their text',
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
export const fileAnswer = z
  .object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.number().int() })
  .meta({ id: 'File' })
export const unreadAnswer = z
  .object({
    unread: z.number().int(),
    live: z.boolean().meta({ description: 'A person has it or is asked for: more may come by itself' }),
  })
  .meta({ id: 'Unread' })
export const lookAnswer = z
  .looseObject({
    files: z.number().int().meta({ description: 'Bytes that a file may have' }),
    verifiedOnly: z.boolean(),
    look: z.looseObject({}),
  })
  .meta({ id: 'Look' })
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    retry: z.enum(['now', 'smaller', 'other-device', 'later', 'never']),
    params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    request: z.string().nullable().optional().meta({ description: 'Also in `X-Request-Id`' }),
  })
  .meta({ id: 'Problem' })
