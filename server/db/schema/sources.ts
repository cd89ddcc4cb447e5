import { bigint, boolean, index, integer, jsonb, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core'
import type { ErrorCode, ErrorParams } from '#kit'
import type { BrokenRow } from '#server/data/records.ts'
import type { ConnectionKind, Mapping, SourceCursor, SourceQuery } from '#server/sources/source-shapes.ts'
import { bots } from './bots.ts'
import { sets } from './sets.ts'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** How a bot's records reach the databases and services of others. Passwords are sealed and read by the imports alone. */
export const dataConnections = pgTable(
  'data_connections',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    kind: text('kind').$type<ConnectionKind>().notNull(),
    /** What may be seen of it: a `ConnectionRequest` without its secrets. */
    settings: jsonb('settings').notNull(),
    sealed: text('sealed').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [unique('data_connections_name').on(table.botId, table.name)],
)

/** Rows of a connection that are brought into a set, how far they were, and the import that runs or ran last. */
export const dataSources = pgTable(
  'data_sources',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    setId: text('set_id')
      .notNull()
      .references(() => sets.id, { onDelete: 'cascade' }),
    connectionId: text('connection_id')
      .notNull()
      .references(() => dataConnections.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    query: jsonb('query').$type<SourceQuery>().notNull(),
    mapping: jsonb('mapping').$type<Mapping>().notNull(),
    cursorColumn: text('cursor_column'),
    /** Null until rows came in, or where no column tells what is new. */
    cursor: jsonb('cursor').$type<SourceCursor>(),
    most: integer('most').notNull(),
    state: text('state').$type<'running' | 'done' | 'stopped' | 'failed'>().notNull(),
    /** Somebody asked for the running import to stop. */
    stopAsked: boolean('stop_asked').notNull().default(false),
    /** A running import that shows no life for long belonged to a process that died. */
    beatAt: at('beat_at').notNull(),
    startedAt: at('started_at').notNull(),
    /** Counts of that import. */
    read: bigint('read', { mode: 'number' }).notNull().default(0),
    added: bigint('added', { mode: 'number' }).notNull().default(0),
    duplicates: bigint('duplicates', { mode: 'number' }).notNull().default(0),
    brokenRows: bigint('broken_rows', { mode: 'number' }).notNull().default(0),
    /** The first of them. */
    broken: jsonb('broken').$type<BrokenRow[]>().notNull().default([]),
    fault: jsonb('fault').$type<{ code: ErrorCode; params: ErrorParams }>(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('data_sources_set').on(table.setId), index('data_sources_connection').on(table.connectionId)],
)
