import { z } from 'zod'
import { storableText } from '#server/data/storable-text.ts'
import { contextBody, message } from './schemas.ts'

/** Words of a caller, as the database keeps them. */
export const words = (most: number) => z.string().trim().min(1).max(most).transform(storableText)
const time = z.string().meta({ description: 'ISO 8601 in UTC' })
const person = z.object({ id: z.string(), name: z.string() })
const status = z.enum(['open', 'waiting', 'agent', 'ended'])
const texts = z.record(z.string(), z.string())

export const bot = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    template: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
    published: z.object({ version: z.number().int(), at: time }).nullable(),
    conversations: z.number().int(),
    accuracy: z.number().nullable(),
    origins: z.array(z.string()),
    allowServerCallers: z.boolean(),
    look: z.looseObject({}).meta({ description: 'How its chat looks; what is left out is as by default' }),
    hasIdentitySecret: z.boolean().meta({ description: 'There is a secret that sites sign their visitors with' }),
    verifiedOnly: z.boolean().meta({ description: 'Only visitors whom a site vouches for may talk to it' }),
  })
  .meta({ id: 'Bot' })
export const botList = z.object({ bots: z.array(bot) }).meta({ id: 'Bots' })
export const botFile = z
  .looseObject({ botloom: z.literal('bot'), format: z.number().int(), name: z.string() })
  .meta({ id: 'BotFile', description: 'A bot with its records, as exported' })

const document = z.looseObject({ id: z.string() }).meta({ id: 'Document', description: 'The graph of a bot' })
const problemOfDraft = z.looseObject({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  half: z.enum(['learn', 'talk']),
})
export const draft = z
  .object({
    document,
    revision: z.number().int(),
    draftHash: z.string(),
    contentHash: z.string(),
    savedAt: time,
    problems: z.array(problemOfDraft),
  })
  .meta({ id: 'Draft' })
export const draftSaved = draft.extend({ clashes: z.array(z.looseObject({})) }).meta({ id: 'DraftSaved' })
export const problemList = z.object({ problems: z.array(problemOfDraft) }).meta({ id: 'DraftProblems' })

export const version = z
  .object({
    version: z.number().int(),
    createdAt: time,
    current: z.boolean().meta({ description: 'It is live' }),
    onTest: z.boolean().meta({ description: 'It is in the test environment' }),
    arm: z
      .object({ name: z.enum(['a', 'b']), share: z.number() })
      .nullable()
      .meta({ description: 'Its arm of the experiment that runs, with its share of new conversations' }),
    contentHash: z.string(),
    note: z.string(),
    accuracy: z.number().nullable(),
    labels: z.number().int(),
    openConversations: z.number().int(),
  })
  .meta({ id: 'Version' })
export const versionList = z.object({ versions: z.array(version) }).meta({ id: 'Versions' })
export const preview = z
  .object({
    problems: z.array(problemOfDraft),
    refused: z
      .array(z.looseObject({ code: z.string(), message: z.string() }))
      .meta({ description: 'Why newer models were not let through' }),
    stale: z.array(z.string()),
    hasModel: z.boolean(),
    accuracy: z.number().nullable(),
    changedBlocks: z.object({ added: z.array(z.string()), removed: z.array(z.string()), updated: z.array(z.string()) }),
    open: z.array(
      z.object({
        version: z.number().int(),
        block: z.string(),
        blockName: z.string(),
        conversations: z.number().int(),
        lands: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'PublishPreview' })

export const conversation = z
  .object({
    id: z.string(),
    bot: person,
    environment: z.enum(['live', 'test']),
    status,
    language: z.string(),
    channel: z.string(),
    visitorId: z.string().nullable(),
    visitor: texts.meta({ description: 'What the page or the caller said of the visitor; nobody vouches for it' }),
    verified: texts.nullable().meta({ description: 'What the server of the site signed of the visitor' }),
    assignee: person.nullable(),
    tags: z.array(z.string()),
    last: z.object({ role: z.string(), text: z.string(), at: time }).nullable(),
    unanswered: z.number().int(),
    handoff: z.object({ reason: z.string(), note: z.string(), at: time }).nullable(),
    startedAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Conversation' })
export const note = z.object({ id: z.string(), author: person, text: z.string(), at: time }).meta({ id: 'Note' })
export const conversationDetail = conversation
  .extend({
    messages: z.array(message),
    notes: z.array(note),
    variables: z.record(z.string(), z.unknown()),
    version: z.number().int().nullable(),
    context: contextBody.meta({ description: 'Where the visitor was when they last wrote' }),
  })
  .meta({ id: 'ConversationDetail' })
export const conversationPage = z
  .object({
    conversations: z.array(conversation),
    next: z.string().nullable().meta({ description: 'Give it back as `after` for the next page' }),
  })
  .meta({ id: 'ConversationPage' })
export const started = z
  .object({ conversationId: z.string(), messages: z.array(message) })
  .meta({ id: 'ConversationStarted' })
export const replied = z.object({ message }).meta({ id: 'Reply' })
export const transcript = z.object({ conversation, messages: z.array(message) }).meta({ id: 'Transcript' })
export const trace = z
  .object({
    path: z.array(z.looseObject({ node: z.string() })),
    version: z.number().int().optional().meta({ description: 'The version that talked; none in the draft' }),
    classification: z.looseObject({}).nullable(),
    retrieval: z.looseObject({}).nullable().optional().meta({ description: 'What a knowledge block found' }),
    variables: z.record(z.string(), z.unknown()),
    effects: z.array(z.looseObject({})),
    ms: z.number(),
  })
  .meta({ id: 'Trace', description: 'Which blocks were walked and what the model thought' })

export const event = z
  .object({
    id: z.number().int(),
    at: time,
    type: z.enum(['conversation.started', 'message.created', 'conversation.status']),
    conversation: z.string(),
    bot: z.string(),
    environment: z.enum(['live', 'test']),
    channel: z.string().optional(),
    status: status.optional(),
    message: z.object({ id: z.string(), seq: z.number().int(), role: z.string() }).optional(),
  })
  .meta({ id: 'Event', description: 'Without words: they are read from the conversation' })
export const eventPage = z
  .object({ events: z.array(event), next: z.number().int().meta({ description: 'Give it back as `after`' }) })
  .meta({ id: 'EventPage' })

export const conversationFilter = z.strictObject({
  status: z.enum(['open', 'waiting', 'agent', 'ended', 'all']).optional(),
  bot: z.string().max(80).optional().meta({ description: 'Id or slug' }),
  visitor: z.string().max(200).transform(storableText).optional(),
  channel: z.string().max(40).optional(),
  assignee: z.string().max(64).optional(),
  tag: z.string().max(40).optional(),
  search: z.string().max(200).transform(storableText).optional(),
  after: z.string().max(120).optional(),
})
export const newConversation = z.strictObject({
  bot: z.string().min(1).max(80).meta({ description: 'Id or slug' }),
  language: z.string().max(35).optional(),
  visitor: z
    .strictObject({
      id: words(200).optional().meta({ description: 'Your own id of the visitor' }),
      attributes: z.record(z.string().min(1).max(64), z.string().max(500)).optional(),
    })
    .optional(),
})
export const reply = z.strictObject({
  id: z.string().min(1).max(64).transform(storableText).meta({ description: 'Yours: the same id is the same message' }),
  text: words(4_000),
  author: words(60).optional().meta({ description: 'The name that the visitor sees; the name of the key by default' }),
})
export const act = z.strictObject({ author: words(60).optional() })
export const newNote = z.strictObject({ text: words(4_000), author: words(60).optional() })
export const conversationChange = z.strictObject({ tags: z.array(words(40)).max(20) })
