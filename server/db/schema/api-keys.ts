import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

const workspaceId = () => text('workspace_id').notNull()
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Keys of other servers. The key itself is shown once, when it is made; what is kept cannot be turned back into it. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    workspaceId: workspaceId(),
    name: text('name').notNull(),
    /** How the key begins: what people tell keys apart by, and what one is looked up by. */
    prefix: text('prefix').notNull().unique(),
    /** SHA-256 of the whole key. */
    hash: text('hash').notNull(),
    scopes: jsonb('scopes').$type<string[]>().notNull(),
    /** The bots that it opens; null for all of the workspace, those to come too. */
    bots: jsonb('bots').$type<string[]>(),
    /** User who made it. */
    createdBy: text('created_by').notNull(),
    createdAt: at('created_at').notNull(),
    usedAt: at('used_at'),
    expiresAt: at('expires_at'),
    revokedAt: at('revoked_at'),
  },
  (table) => [index('api_keys_workspace').on(table.workspaceId, table.createdAt)],
)

/** Requests that create something, by the caller's `Idempotency-Key`: the same one gets the same answer for a day. */
export const apiRequests = pgTable(
  'api_requests',
  {
    keyId: text('key_id').notNull(),
    id: text('id').notNull(),
    workspaceId: workspaceId(),
    /** SHA-256 of method, path and body: another request under the same id is refused. */
    hash: text('hash').notNull(),
    /** Null while the first of them is being carried out. */
    status: integer('status'),
    answer: text('answer'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.id] }), index('api_requests_created').on(table.createdAt)],
)
