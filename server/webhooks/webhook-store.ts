import { and, asc, count, eq, inArray, ne, sql } from 'drizzle-orm'
import { BotloomError, errorText, isErrorCode } from '#kit'
import type { WebhookDelivery, WebhookDeliveryPage, WebhookEndpoint } from '#server/api/dto.ts'
import type { Sealer } from '#server/auth/sealed.ts'
import type { BotStore } from '#server/bots/bot-store.ts'
import type { OpenDatabase, Transaction } from '#server/db/client.ts'
import {
  type DeliveryTry,
  webhookDeliveries as deliveries,
  webhookEndpoints as endpoints,
} from '#server/db/schema/webhooks.ts'
import { newId } from '#server/new-id.ts'
import { testEventType, type WebhookEventType, webhookEventTypes } from './event-types.ts'
import { newSigningSecret } from './sign.ts'
import type { WebhookInterest } from './webhook-interest.ts'

/** Addresses of one workspace. */
const mostEndpoints = 50
const pageSize = 50
/** Milliseconds in which the secret before still signs. */
export const overlap = 24 * 3_600_000

export interface EndpointWish {
  url: string
  events: WebhookEventType[]
  /** Null: every bot of the workspace. */
  bot: string | null
}
export type WebhookStore = ReturnType<typeof createWebhookStore>

/** Addresses that are told, and the log of what they were told. */
export function createWebhookStore(deps: {
  database: Pick<OpenDatabase, 'db' | 'query'>
  sealer: Sealer
  bots: Pick<BotStore, 'get'>
  interest: WebhookInterest
  now?: () => Date
}) {
  const { database, sealer, interest, bots } = deps
  const { db } = database
  const now = deps.now ?? (() => new Date())
  const own = (workspace: string, id: string) => and(eq(endpoints.workspaceId, workspace), eq(endpoints.id, id))

  async function get(workspace: string, id: string): Promise<typeof endpoints.$inferSelect> {
    const [row] = await db.select().from(endpoints).where(own(workspace, id))
    if (!row) throw new BotloomError('not-found', { what: 'webhook' })
    return row
  }

  async function waitingOf(ids: string[]): Promise<Map<string, { waiting: number; failed: number }>> {
    if (ids.length === 0) return new Map()
    const rows = await db
      .select({ id: deliveries.endpointId, status: deliveries.status, count: count() })
      .from(deliveries)
      .where(
        and(
          inArray(deliveries.endpointId, ids),
          inArray(deliveries.status, ['waiting', 'failed']),
          // A test is not sent again with the others.
          ne(deliveries.type, testEventType),
        ),
      )
      .groupBy(deliveries.endpointId, deliveries.status)
    const found = new Map(ids.map((id) => [id, { waiting: 0, failed: 0 }]))
    for (const { id, status, count: many } of rows)
      Object.assign(found.get(id) ?? {}, status === 'waiting' ? { waiting: many } : { failed: many })
    return found
  }

  async function view(row: typeof endpoints.$inferSelect): Promise<WebhookEndpoint> {
    return toView(row, (await waitingOf([row.id])).get(row.id), now())
  }

  return {
    get,

    async list(workspace: string): Promise<WebhookEndpoint[]> {
      const rows = await db
        .select()
        .from(endpoints)
        .where(eq(endpoints.workspaceId, workspace))
        .orderBy(asc(endpoints.createdAt), asc(endpoints.id))
      const counts = await waitingOf(rows.map(({ id }) => id))
      return rows.map((row) => toView(row, counts.get(row.id), now()))
    },

    /** The secret is told here and when it is changed, and never again. Throws `webhooks-full`, `not-found`. */
    async add(workspace: string, wish: EndpointWish): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
      if (wish.bot) await bots.get(workspace, wish.bot)
      const [known] = await db.select({ many: count() }).from(endpoints).where(eq(endpoints.workspaceId, workspace))
      if ((known?.many ?? 0) >= mostEndpoints) throw new BotloomError('webhooks-full', { limit: mostEndpoints })
      const secret = newSigningSecret()
      const [row] = await db
        .insert(endpoints)
        .values({
          id: newId('whk'),
          workspaceId: workspace,
          botId: wish.bot,
          url: wish.url,
          events: wish.events,
          secret: sealer.seal(secret),
          createdAt: now(),
        })
        .returning()
      await interest.changed()
      return { endpoint: await view(row!), secret }
    },

    /** What is left out stays. Switching it off puts what waits among what failed; switching it on forgives what was. */
    async change(
      workspace: string,
      id: string,
      wish: Partial<EndpointWish> & { active?: boolean },
    ): Promise<WebhookEndpoint> {
      await get(workspace, id)
      if (wish.bot) await bots.get(workspace, wish.bot)
      const row = await db.transaction(async (tx) => {
        const [changed] = await tx
          .update(endpoints)
          .set({
            ...(wish.url !== undefined && { url: wish.url }),
            ...(wish.events !== undefined && { events: wish.events }),
            ...(wish.bot !== undefined && { botId: wish.bot }),
            ...(wish.active !== undefined && { active: wish.active, offReason: null, failingSince: null }),
          })
          .where(own(workspace, id))
          .returning()
        if (wish.active === false) await giveUpWaiting(tx, id)
        return changed
      })
      if (!row) throw new BotloomError('not-found', { what: 'webhook' })
      await interest.changed()
      return view(row)
    },

    async remove(workspace: string, id: string): Promise<void> {
      await get(workspace, id)
      await db.transaction(async (tx) => {
        await tx.delete(deliveries).where(and(eq(deliveries.workspaceId, workspace), eq(deliveries.endpointId, id)))
        await tx.delete(endpoints).where(own(workspace, id))
      })
      await interest.changed()
    },

    /** A new secret; the one before signs beside it for a day. */
    async rotate(workspace: string, id: string): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
      const before = await get(workspace, id)
      const secret = newSigningSecret()
      const [row] = await db
        .update(endpoints)
        .set({
          secret: sealer.seal(secret),
          oldSecret: before.secret,
          oldUntil: new Date(now().getTime() + overlap),
        })
        .where(own(workspace, id))
        .returning()
      if (!row) throw new BotloomError('not-found', { what: 'webhook' })
      return { endpoint: await view(row), secret }
    },

    /** The log, the newest first. */
    async log(
      workspace: string,
      id: string,
      ask: { status?: WebhookDelivery['status']; before?: number },
      locale: string,
    ): Promise<WebhookDeliveryPage> {
      await get(workspace, id)
      const rows = await database.query<StoredDelivery>(
        `select * from webhook_deliveries where workspace_id = $1 and endpoint_id = $2
           and ($3::text is null or status = $3) and ($4::bigint is null or pos < $4::bigint)
         order by pos desc limit $5::int`,
        [workspace, id, ask.status ?? null, ask.before ?? null, pageSize + 1],
      )
      const shown = rows.slice(0, pageSize)
      const last = rows.length > pageSize ? shown.at(-1) : undefined
      return { deliveries: shown.map((row) => toDelivery(row, locale)), next: last ? Number(last.pos) : null }
    },

    async delivery(workspace: string, id: string, locale: string): Promise<WebhookDelivery> {
      const [row] = await database.query<StoredDelivery>(
        'select * from webhook_deliveries where workspace_id = $1 and id = $2',
        [workspace, id],
      )
      if (!row) throw new BotloomError('not-found', { what: 'delivery' })
      return toDelivery(row, locale)
    },

    /** Asks for one to be sent once more, or for all that failed since a time; how many those are. Throws `webhook-off`. */
    async again(workspace: string, id: string, which: { delivery: string } | { since: Date }): Promise<number> {
      const { active } = await get(workspace, id)
      if (!active) throw new BotloomError('webhook-off')
      const rows = await database.query(
        `update webhook_deliveries set status = 'waiting', attempts = 0, next_at = $3::timestamptz, leased_until = null
         where workspace_id = $1 and endpoint_id = $2 and status <> 'waiting'
           and case when $4::text is not null then id = $4
             else status = 'failed' and type <> '${testEventType}' and created_at >= $5::timestamptz end
         returning id`,
        [
          ...[workspace, id, now().toISOString()],
          ...('delivery' in which ? [which.delivery, null] : [null, which.since.toISOString()]),
        ],
      )
      return rows.length
    },

    /** A delivery of nothing but a greeting, to be sent at once and never again by itself. */
    async addTest(workspace: string, id: string): Promise<string> {
      await get(workspace, id)
      const delivery = newId('dlv')
      const at = now()
      await db.insert(deliveries).values({
        id: delivery,
        workspaceId: workspace,
        endpointId: id,
        eventId: newId('evt'),
        type: testEventType,
        body: JSON.stringify({ type: testEventType, timestamp: at.toISOString(), data: { endpoint: id } }),
        // Nobody else takes it up: whoever made it sends it.
        status: 'failed',
        nextAt: at,
        createdAt: at,
      })
      return delivery
    },

    /** Tells of a version that went live, in the transaction that makes it so. */
    async published(tx: Transaction, workspace: string, bot: string, version: number, at: Date): Promise<void> {
      const type: WebhookEventType = 'version.published'
      if (!interest.of(workspace, bot)?.has(type)) return
      const body = JSON.stringify({ type, timestamp: at.toISOString(), data: { bot, version } })
      const event = newId('evt')
      await tx.execute(sql`
        insert into webhook_deliveries (id, workspace_id, endpoint_id, event_id, type, body, status, next_at, created_at)
        select ${event}::text || '_' || e.id, e.workspace_id, e.id, ${event}, ${type}, ${body}, 'waiting',
          ${at.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz
        from webhook_endpoints e
        where e.workspace_id = ${workspace} and e.active and (e.bot_id is null or e.bot_id = ${bot})
          and e.events @> ${JSON.stringify([type])}::text::jsonb`)
    },
  }
}

/** What waits for an address that is switched off is not lost: it can be sent again. */
export async function giveUpWaiting(tx: Transaction, endpoint: string): Promise<void> {
  await tx
    .update(deliveries)
    .set({ status: 'failed', leasedUntil: null })
    .where(and(eq(deliveries.endpointId, endpoint), eq(deliveries.status, 'waiting')))
}

interface StoredDelivery {
  pos: string | number
  id: string
  event_id: string
  type: string
  conversation_id: string | null
  status: WebhookDelivery['status']
  attempts: number
  next_at: Date | string
  tries: DeliveryTry[]
  body: string
  created_at: Date | string
}

function toDelivery(row: StoredDelivery, locale: string): WebhookDelivery {
  const time = (at: Date | string): string => new Date(at).toISOString()
  return {
    id: row.id,
    event: row.event_id,
    type: row.type,
    conversation: row.conversation_id,
    status: row.status,
    nextAt: row.status === 'waiting' ? time(row.next_at) : null,
    tries: row.tries.map(({ error, ...attempt }) => ({
      ...attempt,
      error: error && isErrorCode(error.code) ? errorText(error.code, error.params, locale).message : null,
    })),
    body: row.body,
    at: time(row.created_at),
  }
}

function toView(
  row: typeof endpoints.$inferSelect,
  counts: { waiting: number; failed: number } | undefined,
  now: Date,
): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    bot: row.botId,
    events: webhookEventTypes.filter((type) => row.events.includes(type)),
    active: row.active,
    offReason: row.offReason === 'gone' || row.offReason === 'failing' ? row.offReason : null,
    failingSince: row.failingSince?.toISOString() ?? null,
    oldSecretUntil: row.oldUntil && row.oldUntil > now ? row.oldUntil.toISOString() : null,
    waiting: counts?.waiting ?? 0,
    failed: counts?.failed ?? 0,
    createdAt: row.createdAt.toISOString(),
  }
}
