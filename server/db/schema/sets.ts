import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { EntitySpan } from '#kit'
import { bots } from './bots.ts'

const workspaceId = () => text('workspace_id').notNull()
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Records of a bot. What is in it now is its revision `current`. */
export const sets = pgTable(
  'sets',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    current: integer('current').notNull(),
    /** A revision that is being filled; rows of it are seen by nobody. */
    staging: integer('staging'),
    stagingAt: at('staging_at'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [index('sets_bot').on(table.botId)],
)

/** A label's id is given once by (set, name) and outlives a change of the name. */
export const setLabels = pgTable(
  'set_labels',
  {
    setId: text('set_id')
      .notNull()
      .references(() => sets.id, { onDelete: 'cascade' }),
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    position: integer('position').notNull(),
  },
  (table) => [primaryKey({ columns: [table.setId, table.id] }), unique('set_labels_name').on(table.setId, table.name)],
)

/** Immutable. `hash` is the same for the same rows, however they came about. */
export const setRevisions = pgTable(
  'set_revisions',
  {
    setId: text('set_id')
      .notNull()
      .references(() => sets.id, { onDelete: 'cascade' }),
    workspaceId: workspaceId(),
    revision: integer('revision').notNull(),
    hash: text('hash').notNull(),
    rows: integer('rows').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.setId, table.revision] }),
    index('set_revisions_hash').on(table.setId, table.hash),
  ],
)

/** A row as it was from revision `since` up to, not including, revision `until`. */
export const setRows = pgTable(
  'set_rows',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    setId: text('set_id')
      .notNull()
      .references(() => sets.id, { onDelete: 'cascade' }),
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    /** Order in the set: kept when a row is edited. */
    position: integer('position').notNull(),
    since: integer('since').notNull(),
    until: integer('until'),
    text: text('text').notNull(),
    /** The second text of a row: the answer of a question, or the other sentence. */
    pair: text('pair'),
    label: text('label'),
    language: text('language'),
    group: text('group'),
    outOfScope: boolean('out_of_scope').notNull().default(false),
    /** Where a person wants it to go; null leaves it to the split. */
    split: text('split').$type<'train'>(),
    /** Spans of the text; null where nobody said what is in it. */
    entities: jsonb('entities').$type<EntitySpan[]>(),
    origin: text('origin').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('set_rows_version').on(table.setId, table.id, table.since),
    index('set_rows_position').on(table.setId, table.position),
    index('set_rows_label').on(table.setId, table.label),
  ],
)

/** Uploads: named by us, bytes in the data folder. */
export const files = pgTable(
  'files',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    bytes: integer('bytes').notNull(),
    hash: text('hash').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('files_workspace').on(table.workspaceId)],
)
