import { eq, sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import { toKnownError } from '#kit'
import type { Sealer } from '#server/auth/sealed.ts'
import { storableText } from '#server/data/storable-text.ts'
import type { OpenDatabase, Transaction } from '#server/db/client.ts'
import { type DeliveryTry, webhookEndpoints as endpoints } from '#server/db/schema/webhooks.ts'
import { createWakeable } from '#server/jobs/wakeable.ts'
import type { Outbound } from '#server/outbound/outbound.ts'
import { testEventType } from './event-types.ts'
import { attemptsInOrder, pauseAfter } from './retry-plan.ts'
import { sendSigned } from './sign.ts'
import type { WebhookInterest } from './webhook-interest.ts'
import { giveUpWaiting } from './webhook-store.ts'

export interface WebhookSenderDeps {
  database: Pick<OpenDatabase, 'db' | 'query'>
  outbound: Pick<Outbound, 'send'>
  sealer: Sealer
  interest: WebhookInterest
  log: Pick<Logger, 'warn'>
  now?: () => Date
  random?: () => number
  /** Milliseconds for which whoever sends a delivery has it to itself; far more than a receiver has to answer. */
  lease?: number
}
export type WebhookSender = ReturnType<typeof createWebhookSender>

/** Milliseconds between two looks for what other servers left, or what is due again. */
const lookEvery = 5_000
const cleanEvery = 3_600_000
const keptFor = 30 * 24 * 3_600_000
/** How long nothing got through before an address is switched off. */
const failingFor = 3 * 24 * 3_600_000
const mostAtOnce = 20
const mostOfOne = 5
const answerLetters = 500

/**
 * Moves events to the addresses that want them. Deleting what was posted and writing who is to be told is one statement, so that a
 * crash in between loses nothing; several servers wait for each other's rows and so keep the order.
 */
const fanOut = `
with due as (
  select id from outbox where kind = 'event' and delivered_at is null
  order by created_at, (payload::jsonb ->> 'turn')::int, (payload::jsonb ->> 'place')::int limit 500 for update
), taken as (
  delete from outbox o using due where o.id = due.id
  returning o.id, o.workspace_id, o.conversation_id, o.created_at, o.payload::jsonb as payload
), told as (
  insert into webhook_deliveries (id, workspace_id, endpoint_id, event_id, type, conversation_id, turn, place, body, status,
    next_at, created_at)
  select t.id || '_' || e.id, t.workspace_id, e.id, t.id, t.payload ->> 'type', t.conversation_id,
    (t.payload ->> 'turn')::int, (t.payload ->> 'place')::int, t.payload ->> 'body', 'waiting', $1::timestamptz, t.created_at
  from taken t join webhook_endpoints e on e.workspace_id = t.workspace_id and e.active
    and (e.bot_id is null or e.bot_id = t.payload ->> 'bot')
    and e.events @> jsonb_build_array(t.payload ->> 'type')
  order by t.created_at, (t.payload ->> 'turn')::int, (t.payload ->> 'place')::int
)
select count(*)::int as taken from taken`

/** The first that waits of each conversation and address, held by whoever takes it. */
const claim = `
with heads as (
  select d.pos from webhook_deliveries d
  where d.status = 'waiting' and d.next_at <= $1::timestamptz
    and (d.leased_until is null or d.leased_until <= $1::timestamptz)
    and d.endpoint_id <> all (select jsonb_array_elements_text($4::text::jsonb))
    and not exists (
      select 1 from webhook_deliveries e
      where e.status = 'waiting' and e.endpoint_id = d.endpoint_id and e.conversation_id = d.conversation_id
        and (e.turn, e.place) < (d.turn, d.place) and e.attempts < ${attemptsInOrder}
    )
  order by d.next_at, d.pos limit $3::int for update skip locked
)
update webhook_deliveries d set leased_until = $2::timestamptz from heads where heads.pos = d.pos
returning d.pos, d.id, d.endpoint_id, d.event_id, d.type, d.body, d.attempts`

interface Claimed {
  pos: number
  id: string
  endpoint_id: string
  event_id: string
  type: string
  body: string
  attempts: number
}
interface Endpoint {
  url: string
  secret: string
  old_secret: string | null
  old_until: Date | string | null
}

/** Tells webhooks what was posted for them: at least once each, from the store, by whichever server is first. */
export function createWebhookSender(deps: WebhookSenderDeps) {
  const { database, outbound, sealer, interest, log } = deps
  const now = deps.now ?? (() => new Date())
  const lease = deps.lease ?? 60_000
  const busy = new Map<string, number>()
  let cleaned = 0

  async function attempt({ endpoint_id, event_id, body }: Claimed): Promise<{ outcome: DeliveryTry; gone: boolean }> {
    const at = now()
    const begun = performance.now()
    const base = { at: at.toISOString() }
    try {
      const [endpoint] = await database.query<Endpoint>(
        'select url, secret, old_secret, old_until from webhook_endpoints where id = $1',
        [endpoint_id],
      )
      if (!endpoint) return { outcome: { ...base, status: null, ms: 0, answer: '', error: null }, gone: true }
      const secrets = secretsOf(endpoint, at)
      const answer = await sendSigned(outbound, { url: endpoint.url, secrets, id: event_id, at, body })
      const text = storableText(answer.body.toString('utf8')).slice(0, answerLetters)
      return {
        outcome: { ...base, status: answer.status, ms: answer.ms, answer: text, error: null },
        gone: answer.status === 410,
      }
    } catch (error) {
      const known = toKnownError(error)
      const ms = Math.round(performance.now() - begun)
      const { code, params } = known
      return { outcome: { ...base, status: null, ms, answer: '', error: { code, params } }, gone: false }
    }
  }

  function secretsOf({ secret, old_secret, old_until }: Endpoint, at: Date): string[] {
    const old = old_secret !== null && old_until !== null && new Date(old_until) > at
    return [secret, ...(old ? [old_secret] : [])].map((sealed) => sealer.open(sealed))
  }

  async function deliver(claimed: Claimed): Promise<void> {
    const { outcome, gone } = await attempt(claimed)
    const done = outcome.status !== null && outcome.status >= 200 && outcome.status < 300
    const attempts = claimed.attempts + 1
    const pause = done || gone || claimed.type === testEventType ? null : pauseAfter(attempts, deps.random)
    const at = now()
    await database.query(
      `update webhook_deliveries set status = $2, attempts = $3::int, next_at = $4::timestamptz, leased_until = null,
         tries = tries || $5::text::jsonb
       where pos = $1::bigint`,
      [
        claimed.pos,
        done ? 'done' : pause === null ? 'failed' : 'waiting',
        attempts,
        new Date(at.getTime() + (pause ?? 0)).toISOString(),
        JSON.stringify([outcome]),
      ],
    )
    // A test that fails says nothing of what matters.
    if (done || claimed.type !== testEventType) await note(claimed.endpoint_id, done, gone, at)
  }

  /** How the address does, which ends in its being switched off. */
  async function note(endpoint: string, done: boolean, gone: boolean, at: Date): Promise<void> {
    if (done) {
      await database.query(
        'update webhook_endpoints set failing_since = null where id = $1 and failing_since is not null',
        [endpoint],
      )
      return
    }
    const off = await database.db.transaction(async (tx) => {
      const [row] = await switchOff(tx, endpoint, gone, at)
      if (row?.off) await giveUpWaiting(tx, endpoint)
      return row?.off === true
    })
    if (off) await interest.changed()
  }

  async function due(most: number): Promise<Claimed[]> {
    for (;;) {
      const [row] = await database.query<{ taken: number }>(fanOut, [now().toISOString()])
      if ((row?.taken ?? 0) === 0) break
    }
    const full = [...busy].filter(([, many]) => many >= mostOfOne).map(([id]) => id)
    const at = now().getTime()
    const claimed = await database.query<Claimed>(claim, [
      new Date(at).toISOString(),
      new Date(at + lease).toISOString(),
      Math.min(most, mostOfOne),
      JSON.stringify(full),
    ])
    for (const { endpoint_id } of claimed) busy.set(endpoint_id, (busy.get(endpoint_id) ?? 0) + 1)
    return claimed
  }

  async function work(one: Claimed): Promise<void> {
    try {
      await deliver(one)
    } finally {
      const left = (busy.get(one.endpoint_id) ?? 1) - 1
      if (left > 0) busy.set(one.endpoint_id, left)
      else busy.delete(one.endpoint_id)
    }
  }

  const deliveries = createWakeable(mostAtOnce, due, work, (error) =>
    log.warn({ err: error }, 'webhooks could not be told yet'),
  )

  async function clean(): Promise<void> {
    if (now().getTime() - cleaned < cleanEvery) return
    cleaned = now().getTime()
    await database.query(`delete from webhook_deliveries where status <> 'waiting' and created_at < $1::timestamptz`, [
      new Date(now().getTime() - keptFor).toISOString(),
    ])
  }

  const timer = setInterval(() => {
    if (!interest.any()) return
    deliveries.wake()
    clean().catch((error) => log.warn({ err: error }, 'the log of webhooks could not be shortened'))
  }, lookEvery)
  timer.unref()
  // What a server left that was killed.
  deliveries.wake()

  return {
    wake: deliveries.wake,

    /** Sends one delivery now, whatever its state, and resolves when it was tried. */
    async sendNow(id: string): Promise<void> {
      const [one] = await database.query<Claimed>('select * from webhook_deliveries where id = $1', [id])
      if (one) await deliver(one)
    },

    /** Resolves when nothing is under way here; what is due later is not waited for. */
    settled: deliveries.settled,

    close(): Promise<void> {
      clearInterval(timer)
      return deliveries.close()
    },
  }

  async function switchOff(tx: Transaction, endpoint: string, gone: boolean, at: Date) {
    const since = new Date(at.getTime() - failingFor)
    return tx
      .update(endpoints)
      .set({
        failingSince: sql`coalesce(${endpoints.failingSince}, ${at.toISOString()}::timestamptz)`,
        active: sql`${endpoints.active} and not ${endsWith(gone, since)}`,
        offReason: sql`case when ${endsWith(gone, since)} then ${gone ? 'gone' : 'failing'} else ${endpoints.offReason} end`,
      })
      .where(eq(endpoints.id, endpoint))
      .returning({ off: sql<boolean>`not ${endpoints.active}` })
  }
}

/** Whether this failure is the one that switches the address off. */
function endsWith(gone: boolean, since: Date) {
  return gone
    ? sql`${endpoints.active}`
    : sql`(${endpoints.active} and coalesce(${endpoints.failingSince} <= ${since.toISOString()}::timestamptz, false))`
}
