import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'
import type { PinnedRef } from '#kit'
import type { PageContext } from '#server/api/dto.ts'

const workspaceId = () => text('workspace_id').notNull()
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Somebody who talks to a bot; attributes are what the page or the caller said of them. */
export const visitors = pgTable(
  'visitors',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id').notNull(),
    attributes: jsonb('attributes').$type<Record<string, string>>().notNull().default({}),
    /** Who it is to the site, and what the site's signature vouches for; null for whoever is not signed in there. */
    externalId: text('external_id'),
    verified: jsonb('verified').$type<Record<string, string>>(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [uniqueIndex('visitors_person').on(table.workspaceId, table.externalId, table.botId)],
)

/** A draft as it was when somebody tried it: such a conversation is restored from here, whatever the draft becomes. */
export const draftPins = pgTable('draft_pins', {
  hash: text('hash').primaryKey(),
  workspaceId: workspaceId(),
  botId: text('bot_id').notNull(),
  document: text('document').notNull(),
  classifiers: jsonb('classifiers').$type<Record<string, PinnedRef>>().notNull(),
})

/**
 * One row a conversation. `turn` is the optimistic lock: a turn is saved only on the row that it was loaded from.
 * Rows that hang on it have no foreign keys, since each of them would cost every turn a look-up; they are removed by
 * their conversation's id.
 */
export const conversations = pgTable(
  'conversations',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id').notNull(),
    visitorId: text('visitor_id').notNull(),
    /** Held in the studio to try a bot: nobody is called by it and no figure counts it. */
    isTry: boolean('is_try').notNull().default(false),
    /** Where it is held: `live`, or `test`, which no figure counts. */
    environment: text('environment').$type<'live' | 'test'>().notNull().default('live'),
    /** What its version is drawn by in an experiment: a visitor whom the caller vouches for; null for its own id. */
    subject: text('subject'),
    /** The experiment in which it began, and its arm there, `a` or `b`; never changed, whatever version it has later. */
    experiment: text('experiment'),
    arm: text('arm').$type<'a' | 'b'>(),
    /** Pinned to this version, or to a draft. */
    version: integer('version'),
    draftPin: text('draft_pin'),
    /** `open`, `waiting` (for a person), `agent` (a person has it) or `ended`. */
    status: text('status').notNull(),
    /** The block that it waits at. */
    block: text('block').notNull(),
    language: text('language').notNull(),
    /** What it is held over: `web` (the widget or an API caller), or the kind of a channel. */
    channel: text('channel').notNull().default('web'),
    session: text('session').notNull(),
    turn: integer('turn').notNull(),
    seq: integer('seq').notNull(),
    /** SHA-256 of each secret that buys visitor tokens, one a device, with blanks between. */
    resumeHash: text('resume_hash').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    /** It gets the current version as soon as nothing is under way. */
    finishing: boolean('finishing').notNull().default(false),
    /** When the bot looks into a silence; null where it does not. */
    wakeAt: at('wake_at'),
    /** The page that the visitor is on, and what it says of the visit. */
    context: jsonb('context').$type<PageContext>().notNull().default({}),
    /** User who takes care of it. */
    assignee: text('assignee'),
    tags: jsonb('tags').$type<string[]>().notNull().default([]),
    /** The way of a first turn that said nothing, as JSON (`Opening`); else it stands on the first message. */
    opening: text('opening'),
  },
  // Nothing that most turns change is in an index: such an update would write to each of them.
  (table) => [
    index('conversations_bot').on(table.workspaceId, table.botId),
    index('conversations_status').on(table.workspaceId, table.status, table.createdAt),
    index('conversations_created').on(table.workspaceId, table.createdAt),
    index('conversations_experiment').on(table.experiment).where(sql`experiment is not null`),
  ],
)

/** `id` is the client's for what a visitor says, which is what makes a repeated message one message. */
export const messages = pgTable(
  'messages',
  {
    conversationId: text('conversation_id').notNull(),
    seq: integer('seq').notNull(),
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    turn: integer('turn').notNull(),
    role: text('role').notNull(),
    parts: text('parts').notNull(),
    text: text('text').notNull(),
    language: text('language').notNull(),
    at: at('at').notNull(),
    /** Name of the person who wrote it, of role `agent`. */
    author: text('author'),
    /** What a person did, on the first message of it: `take`, `reply`, `give-back` or `close`. */
    act: text('act'),
    /** Why the bot said what it said, on the first message of a turn. */
    trace: text('trace'),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.seq] }),
    uniqueIndex('messages_once').on(table.conversationId, table.id),
  ],
)

/** What a try remembered after each of its turns, so that it can go on from any of them once more. */
export const tryTurns = pgTable(
  'try_turns',
  {
    conversationId: text('conversation_id').notNull(),
    turn: integer('turn').notNull(),
    workspaceId: workspaceId(),
    session: text('session').notNull(),
    /** Variables that a person changed in `session` before the next turn, as JSON; null where nobody did. */
    edited: text('edited'),
  },
  (table) => [primaryKey({ columns: [table.conversationId, table.turn] })],
)

/** What the world is to see of a turn, written with it and carried out afterwards. */
export const outbox = pgTable(
  'outbox',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    conversationId: text('conversation_id').notNull(),
    kind: text('kind').notNull(),
    payload: text('payload').notNull(),
    createdAt: at('created_at').notNull(),
    deliveredAt: at('delivered_at'),
    /** Of a request to another server: the session's number of it, until when it is some server's to carry out, and how often it was taken on. */
    call: integer('call'),
    leaseUntil: at('lease_until'),
    taken: integer('taken').notNull().default(0),
  },
  (table) => [index('outbox_delivered').on(table.deliveredAt)],
)

/** A conversation that waits for a person, or had one. `id` is the outbox entry's, so that it is made once. */
export const handoffs = pgTable(
  'handoffs',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    block: text('block').notNull(),
    reason: text('reason').notNull(),
    note: text('note').notNull(),
    status: text('status').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    index('handoffs_workspace').on(table.workspaceId, table.status),
    index('handoffs_conversation').on(table.conversationId, table.createdAt),
  ],
)

/** What visitors thought of conversations, 1 to 5; of several answers in one the latest counts. */
export const conversationRatings = pgTable(
  'conversation_ratings',
  {
    conversationId: text('conversation_id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id').notNull(),
    version: integer('version'),
    rating: integer('rating').notNull(),
    comment: text('comment').notNull(),
    at: at('at').notNull(),
  },
  (table) => [index('conversation_ratings_bot').on(table.workspaceId, table.botId, table.at)],
)

/** What visitors sent along; bytes in the data folder, under our name for them. */
export const visitorFiles = pgTable(
  'visitor_files',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    conversationId: text('conversation_id').notNull(),
    name: text('name').notNull(),
    /** Media type, by the bytes and not by what the visitor's browser said. */
    type: text('type').notNull(),
    bytes: integer('bytes').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('visitor_files_conversation').on(table.conversationId)],
)

/** What colleagues tell each other about a conversation; no visitor ever sees it. */
export const conversationNotes = pgTable(
  'conversation_notes',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    conversationId: text('conversation_id').notNull(),
    author: text('author').notNull(),
    authorName: text('author_name').notNull(),
    text: text('text').notNull(),
    at: at('at').notNull(),
  },
  (table) => [index('conversation_notes_conversation').on(table.conversationId)],
)

/** Prepared answers of a workspace's people. */
export const cannedReplies = pgTable(
  'canned_replies',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    title: text('title').notNull(),
    text: text('text').notNull(),
  },
  (table) => [index('canned_replies_workspace').on(table.workspaceId)],
)
