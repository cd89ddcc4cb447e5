import { boolean, index, integer, jsonb, pgTable, primaryKey, real, text, timestamp } from 'drizzle-orm/pg-core'

const workspaceId = () => text('workspace_id').notNull()
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * How far a visitor's conversation has been counted, and where it stands. It is no source of anything: it is made from messages and
 * conversations, and may be made anew at any time.
 */
export const conversationFacts = pgTable(
  'conversation_facts',
  {
    conversationId: text('conversation_id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id').notNull(),
    /** `conversations.turn` and `seq` up to which it has been counted; `turn` is the optimistic lock of counting. */
    turn: integer('turn').notNull(),
    seq: integer('seq').notNull(),
    /** What counting goes on from (`Standing`). */
    standing: jsonb('standing').notNull(),
    /** The block that asked for something and has no answer yet; null where nothing is asked. */
    stoppedAt: text('stopped_at'),
    /** The port by which it came there; null where no wire led there. */
    viaNode: text('via_node'),
    viaPort: text('via_port'),
    ended: boolean('ended').notNull(),
    /** When the last thing happened in it but silence, with the slice that this belongs to. */
    lastAt: at('last_at').notNull(),
    day: text('day').notNull(),
    version: integer('version').notNull(),
    language: text('language').notNull(),
    channel: text('channel').notNull(),
  },
  (table) => [index('conversation_facts_stopped').on(table.workspaceId, table.botId, table.stoppedAt)],
)

/** What happened in a conversation on one day, in one version and one language: every figure is a sum over these. */
export const conversationDays = pgTable(
  'conversation_days',
  {
    conversationId: text('conversation_id').notNull(),
    /** `2026-11-28`, in the time zone of the version that talked. */
    day: text('day').notNull(),
    version: integer('version').notNull(),
    language: text('language').notNull(),
    workspaceId: workspaceId(),
    botId: text('bot_id').notNull(),
    channel: text('channel').notNull(),
    /** Messages of the visitor. */
    said: integer('said').notNull(),
    /** A person was asked for, or had it. */
    person: boolean('person').notNull(),
    /** It went on in another slice, or ended in this one. */
    over: boolean('over').notNull(),
    verdicts: integer('verdicts').notNull(),
    noMatch: integer('no_match').notNull(),
    apiCalls: integer('api_calls').notNull(),
    lastAt: at('last_at').notNull(),
    /** Milliseconds of each turn in which the bot answered. */
    ms: real('ms').array().notNull(),
    /** By block: how often it was entered (`''`) and how often it was left by each port. */
    passes: jsonb('passes').$type<Record<string, Record<string, number>>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.day, table.version, table.language] }),
    index('conversation_days_bot').on(table.workspaceId, table.botId, table.day),
  ],
)
