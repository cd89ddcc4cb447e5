import { index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

/**
 * Messages of visitors that were not understood and that somebody has seen to, by what was said: it never comes again. The words themselves
 * stay where they were said, and go with that conversation.
 */
export const unansweredMarks = pgTable(
  'unanswered_marks',
  {
    botId: text('bot_id').notNull(),
    /** SHA-256 of the words as they are compared. */
    key: text('key').notNull(),
    workspaceId: text('workspace_id').notNull(),
    /** Where they were said last. */
    conversationId: text('conversation_id').notNull(),
    seq: integer('seq').notNull(),
    /** `row`: the bot learns from it; `dismissed`: it is no question. */
    state: text('state').$type<'row' | 'dismissed'>().notNull(),
    setId: text('set_id'),
    rowId: text('row_id'),
    /** Id of the label that it was put under. */
    label: text('label'),
    markedAt: timestamp('marked_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.key] }),
    index('unanswered_marks_conversation').on(table.conversationId),
  ],
)
