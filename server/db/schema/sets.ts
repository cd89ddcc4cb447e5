import { sql } from 'drizzle-orm'
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
    /** What people agreed on who label; null where nobody wrote anything. */
    guide: jsonb('guide').$type<LabelGuide>(),
    /** It is gone by a merge, into this label. Kept for the names of former contents. */
    mergedInto: text('merged_into'),
  },
  (table) => [
    primaryKey({ columns: [table.setId, table.id] }),
    // A name is free again once its label is gone.
    uniqueIndex('set_labels_name').on(table.setId, table.name).where(sql`merged_into is null`),
  ],
)

/** What belongs to a label and what does not, with rows that show it, by their ids. */
export interface LabelGuide {
  belongs: string
  not: string
  examples: string[]
}

/** What made a revision. */
export const revisionKinds = [
  'import',
  'edit',
  'relabel',
  'entities',
  'delete',
  'doctor',
  'rename',
  'merge',
  'split',
  'undo',
  'restore',
] as const
export type RevisionKind = (typeof revisionKinds)[number]

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
    /** The user who made it; null where the product did. */
    author: text('author'),
    did: text('did').$type<RevisionKind>(),
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

/** Rows that somebody marked to come back to. A mark is no part of the content. */
export const setMarks = pgTable(
  'set_marks',
  {
    setId: text('set_id')
      .notNull()
      .references(() => sets.id, { onDelete: 'cascade' }),
    workspaceId: workspaceId(),
    rowId: text('row_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.setId, table.rowId] })],
)

/** A change of a label with all that depends on it, and what takes it back. */
export const setLabelSteps = pgTable(
  'set_label_steps',
  {
    id: text('id').primaryKey(),
    setId: text('set_id')
      .notNull()
      .references(() => sets.id, { onDelete: 'cascade' }),
    workspaceId: workspaceId(),
    did: text('did').$type<'rename' | 'merge' | 'split'>().notNull(),
    /** Names for people: what it was, and what it became. */
    from: text('from').notNull(),
    to: text('to').notNull(),
    /** The revision of its rows; null where it changed none. */
    revision: integer('revision'),
    rows: integer('rows').notNull(),
    undo: jsonb('undo').$type<LabelStepUndo>().notNull(),
    author: text('author'),
    createdAt: at('created_at').notNull(),
    undoneAt: at('undone_at'),
  },
  (table) => [index('set_label_steps_set').on(table.setId, table.createdAt)],
)

export interface LabelStepUndo {
  /** Labels as they were. */
  labels: { id: string; name: string; mergedInto: string | null }[]
  /** A label that the step made, and the one that it came from. */
  made: { id: string; from: string } | null
  /** What the step did to the draft, as JSON of a diff; null where nothing there named the label. */
  diff: string | null
  /** Turns of kept tests, as JSON, before and after. */
  tests: { id: string; before: string; after: string }[]
}

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
