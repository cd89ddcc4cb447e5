import { bigserial, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** What happened, in order, a topic a bot: read by the streams, which resume after any sequence number. */
export const events = pgTable(
  'events',
  {
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    topic: text('topic').notNull(),
    event: jsonb('event').$type<{ type: string }>().notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
  },
  (table) => [index('events_topic').on(table.topic, table.seq)],
)
