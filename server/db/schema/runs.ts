import {
  bigserial,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'
import type { Failure } from '#kit'
import type { RunSnapshot } from '#runtime/engine/step.ts'
import type { Fingerprint } from '#runtime/graph/staleness.ts'
import { bots } from './bots.ts'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** A run of a Learn half: pinned to the graph that it began with. */
export const runs = pgTable(
  'runs',
  {
    id: text('id').primaryKey(),
    workspaceId: text('workspace_id').notNull(),
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    revision: integer('revision').notNull(),
    /** The document as it was, so that the run can be read and restored whatever the draft has become. */
    document: text('document').notNull(),
    fingerprints: jsonb('fingerprints').$type<Record<string, Fingerprint>>().notNull(),
    status: text('status').$type<'running' | 'done' | 'failed' | 'cancelled'>().notNull(),
    snapshot: jsonb('snapshot').$type<RunSnapshot>().notNull(),
    /** Optimistic lock: each step adds one. */
    seq: integer('seq').notNull(),
    failure: jsonb('failure').$type<Failure & { node: string | null }>(),
    device: text('device'),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
    /** The server that carries it out and when it said so last: a silent one loses its runs to another. */
    owner: text('owner').notNull(),
    beatAt: at('beat_at').notNull(),
  },
  (table) => [
    index('runs_bot').on(table.workspaceId, table.botId, table.startedAt),
    index('runs_status').on(table.status),
  ],
)

/** What a block gave for a fingerprint: reused by every run that asks for the same. */
export const nodeResults = pgTable(
  'node_results',
  {
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    workspaceId: text('workspace_id').notNull(),
    botId: text('bot_id')
      .notNull()
      .references(() => bots.id, { onDelete: 'cascade' }),
    node: text('node').notNull(),
    hash: text('hash').notNull(),
    fingerprint: jsonb('fingerprint').$type<Fingerprint>().notNull(),
    outputs: jsonb('outputs').$type<Record<string, unknown>>().notNull(),
    seconds: doublePrecision('seconds').notNull(),
    runId: text('run_id').notNull(),
    at: at('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.botId, table.node, table.hash] })],
)
