import { integer, jsonb, pgTable, primaryKey, real, text, timestamp } from 'drizzle-orm/pg-core'
import type { FixWay } from '#runtime/doctor/finding.ts'
import { sets } from './sets.ts'

/** What the doctor found in a content of a set. A content never changes, and neither does what was found in it by one version of the doctor. */
export const setChecks = pgTable(
  'set_checks',
  {
    setId: text('set_id')
      .notNull()
      .references(() => sets.id, { onDelete: 'cascade' }),
    workspaceId: text('workspace_id').notNull(),
    /** Of rows and label names alike: `namedHash` of the set. */
    hash: text('hash').notNull(),
    doctor: integer('doctor').notNull(),
    rows: integer('rows').notNull(),
    seconds: real('seconds').notNull(),
    checkedAt: timestamp('checked_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.setId, table.hash] })],
)

export const setFindings = pgTable(
  'set_findings',
  {
    setId: text('set_id')
      .notNull()
      .references(() => sets.id, { onDelete: 'cascade' }),
    workspaceId: text('workspace_id').notNull(),
    hash: text('hash').notNull(),
    kind: text('kind').notNull(),
    position: integer('position').notNull(),
    rows: integer('rows').notNull(),
    ways: jsonb('ways').$type<readonly FixWay[]>().notNull(),
    /** `FoundCase[]` as JSON: read as a whole when somebody opens the card, never searched in. */
    cases: text('cases').notNull(),
  },
  (table) => [primaryKey({ columns: [table.setId, table.hash, table.kind] })],
)
