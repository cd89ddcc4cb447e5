import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'

const workspaceId = () => text('workspace_id').notNull()
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** A way into a bot beside the widget; `id` stands in its address, `/v1/channels/<id>`. */
export const channelConnections = pgTable(
  'channel_connections',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    /** What anybody of the workspace may see. */
    settings: jsonb('settings').$type<Record<string, string>>().notNull(),
    /** Credentials as sealed JSON. */
    secrets: text('secrets').notNull(),
    active: boolean('active').notNull().default(true),
    lastHeardAt: at('last_heard_at'),
    /** The last thing that went wrong, until something goes right again. */
    lastError: jsonb('last_error').$type<{ code: string; params: Record<string, string | number> }>(),
    lastErrorAt: at('last_error_at'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('channel_connections_workspace').on(table.workspaceId, table.botId)],
)

/** Somebody who writes over a connection, with the conversation that is held with them and how far it was sent there. */
export const channelThreads = pgTable(
  'channel_threads',
  {
    connectionId: text('connection_id').notNull(),
    sender: text('sender').notNull(),
    workspaceId: workspaceId(),
    conversationId: text('conversation_id').notNull(),
    sentSeq: integer('sent_seq').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    nextAt: at('next_at').notNull(),
    leasedUntil: at('leased_until'),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.sender] }),
    uniqueIndex('channel_threads_conversation').on(table.conversationId),
  ],
)

/** What came in, kept before it is answered for; a messenger sends the same again until it is. */
export const channelInbox = pgTable(
  'channel_inbox',
  {
    pos: bigserial('pos', { mode: 'number' }).primaryKey(),
    connectionId: text('connection_id').notNull(),
    workspaceId: workspaceId(),
    /** The messenger's own, which makes what it repeats one message. */
    messageId: text('message_id').notNull(),
    sender: text('sender').notNull(),
    incoming: text('incoming').notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAt: at('next_at').notNull(),
    leasedUntil: at('leased_until'),
    handledAt: at('handled_at'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('channel_inbox_once').on(table.connectionId, table.messageId),
    index('channel_inbox_open').on(table.connectionId, table.sender, table.pos).where(sql`${table.handledAt} is null`),
    index('channel_inbox_age').on(table.createdAt),
  ],
)
