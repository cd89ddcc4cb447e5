import { sql } from 'drizzle-orm'
import { bigserial, boolean, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

const workspaceId = () => text('workspace_id').notNull()
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** An address that is told what happens; `botId` null: of every bot of the workspace. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    botId: text('bot_id'),
    url: text('url').notNull(),
    /** Types of events that it is told. */
    events: jsonb('events').$type<string[]>().notNull(),
    /** Sealed. */
    secret: text('secret').notNull(),
    /** The one before, sealed: both sign until its time is over. */
    oldSecret: text('old_secret'),
    oldUntil: at('old_until'),
    active: boolean('active').notNull().default(true),
    /** Why the server switched it off: `gone` (the address answered 410) or `failing`; null where a person did. */
    offReason: text('off_reason'),
    /** Since when nothing got through. */
    failingSince: at('failing_since'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [index('webhook_endpoints_workspace').on(table.workspaceId)],
)

/** What is to be told, was told or could not be told to one address. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    pos: bigserial('pos', { mode: 'number' }).primaryKey(),
    id: text('id').notNull().unique(),
    workspaceId: workspaceId(),
    endpointId: text('endpoint_id').notNull(),
    /** `webhook-id`: the same however often, and to however many addresses, it is sent. */
    eventId: text('event_id').notNull(),
    type: text('type').notNull(),
    /** Null where it is of no conversation. Those of one are sent in the order of `turn` and `place`. */
    conversationId: text('conversation_id'),
    turn: integer('turn').notNull().default(0),
    place: integer('place').notNull().default(0),
    body: text('body').notNull(),
    /** `waiting`, `done` or `failed`. */
    status: text('status').notNull(),
    /** Since it was last asked for. */
    attempts: integer('attempts').notNull().default(0),
    nextAt: at('next_at').notNull(),
    /** Whoever sends it holds it until then. */
    leasedUntil: at('leased_until'),
    tries: jsonb('tries').$type<DeliveryTry[]>().notNull().default([]),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    index('webhook_deliveries_due').on(table.nextAt).where(sql`${table.status} = 'waiting'`),
    index('webhook_deliveries_before')
      .on(table.endpointId, table.conversationId)
      .where(sql`${table.status} = 'waiting'`),
    index('webhook_deliveries_log').on(table.endpointId, table.createdAt),
    index('webhook_deliveries_age').on(table.createdAt),
    index('webhook_deliveries_conversation').on(table.conversationId),
  ],
)

/** One attempt. `status` is null where there was no answer, and `error` says why; `answer` are its first letters. */
export interface DeliveryTry {
  at: string
  status: number | null
  ms: number
  answer: string
  error: { code: string; params: Record<string, string | number> } | null
}
