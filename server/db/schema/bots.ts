import { sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { PinnedRef } from '#kit'
import type { Look } from '#kit/look.ts'

const workspaceId = () => text('workspace_id').notNull()
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

export const bots = pgTable(
  'bots',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    /** The publishable key: what `/v1/bots/{slug}` and the widget's tag name. */
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    template: text('template'),
    /** Pages that may talk to the bot; an `Origin` that is not here gets 403. */
    origins: jsonb('origins').$type<string[]>().notNull().default([]),
    /** Whether requests without an `Origin` (other servers) pass. */
    allowServerCallers: boolean('allow_server_callers').notNull().default(false),
    /** How its chat looks on a page, where the page does not say otherwise. */
    look: jsonb('look').$type<Partial<Look>>().notNull().default({}),
    /** Signs what a site says of its visitors; sealed, null where no site signs. */
    identitySecret: text('identity_secret'),
    /** Only visitors whom a site vouches for may talk to it. */
    verifiedOnly: boolean('verified_only').notNull().default(false),
    /** The version that new conversations get; null until the first Publish. */
    currentVersion: integer('current_version'),
    /** The version that conversations of the test environment get; null until something was put there. */
    testVersion: integer('test_version'),
    /** Counts the bot's test keys; the key itself is derived (`test-keys.ts`) and stands nowhere. */
    testKeySerial: integer('test_key_serial').notNull().default(1),
    /** Where Publish went last: `live` or `test`. */
    publishTo: text('publish_to').$type<'live' | 'test'>().notNull().default('live'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (table) => [unique('bots_slug').on(table.slug), index('bots_workspace').on(table.workspaceId)],
)

/** The edited document of a bot, as canonical JSON text. */
export const drafts = pgTable('drafts', {
  botId: text('bot_id')
    .primaryKey()
    .references(() => bots.id, { onDelete: 'cascade' }),
  workspaceId: workspaceId(),
  document: text('document').notNull(),
  revision: integer('revision').notNull(),
  draftHash: text('draft_hash').notNull(),
  contentHash: text('content_hash').notNull(),
  savedAt: at('saved_at').notNull(),
})

/** Every change that was acknowledged, in the server's order: revision n is what diff n made of revision n - 1. */
export const draftDiffs = pgTable(
  'draft_diffs',
  {
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    workspaceId: workspaceId(),
    revision: integer('revision').notNull(),
    diffId: text('diff_id').notNull(),
    diff: text('diff').notNull(),
    /** Values that this diff set aside, so that a repeated push returns the same clashes. */
    clashes: text('clashes').notNull(),
    author: text('author').notNull(),
    at: at('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.revision] }),
    unique('draft_diffs_once').on(table.botId, table.diffId),
  ],
)

/** Published, never changed: the bytes, the facts frozen with them and the model that they answer with. */
export const versions = pgTable(
  'versions',
  {
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    workspaceId: workspaceId(),
    version: integer('version').notNull(),
    document: text('document').notNull(),
    contentHash: text('content_hash').notNull(),
    facts: text('facts').notNull(),
    /** Model or knowledge of each block that gives one, by block id. */
    classifiers: jsonb('classifiers').$type<Record<string, PinnedRef>>().notNull(),
    /** Hash of the revision of each set that the version's model learned from. */
    sets: jsonb('sets').$type<Record<string, string>>().notNull(),
    note: text('note').notNull(),
    accuracy: real('accuracy'),
    author: text('author').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.version] })],
)

/** Words that a bot's requests to other servers need and that nobody reads again: sealed, and sent to one host only. */
export const botSecrets = pgTable(
  'bot_secrets',
  {
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    /** With its port where that is not the usual one. */
    host: text('host').notNull(),
    sealed: text('sealed').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.botId, table.name] })],
)

/** Two versions that shared a bot's live visitors; the one without `endedAt` does so now. A is the bot's current version. */
export const experiments = pgTable(
  'experiments',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    versionA: integer('version_a').notNull(),
    versionB: integer('version_b').notNull(),
    /** Percent of new conversations that get B, 1 to 99. */
    shareB: integer('share_b').notNull(),
    startedAt: at('started_at').notNull(),
    startedBy: text('started_by').notNull(),
    startedByName: text('started_by_name').notNull(),
    endedAt: at('ended_at'),
    endedBy: text('ended_by'),
    endedByName: text('ended_by_name'),
    /** The version that was live behind it: A, B, or a third one that was published meanwhile. */
    kept: integer('kept'),
  },
  (table) => [
    index('experiments_bot').on(table.workspaceId, table.botId),
    uniqueIndex('experiments_running').on(table.botId).where(sql`ended_at is null`),
  ],
)

/** Conversations with a bot that are to go on well, and how they went when they were run last. */
export const chatTests = pgTable(
  'chat_tests',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    language: text('language').notNull(),
    now: text('now').notNull(),
    turns: text('turns').notNull(),
    /** As JSON, of the talker whose hash is `resultOf`; null where it was not run since it was changed. */
    result: text('result'),
    resultOf: text('result_of'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [index('chat_tests_bot').on(table.workspaceId, table.botId)],
)
