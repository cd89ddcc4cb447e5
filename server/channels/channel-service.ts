import type { Logger } from 'pino'
import { BotloomError, toKnownError } from '#kit'
import type { Message } from '#server/api/dto.ts'
import type { ConversationService } from '#server/conversations/conversation-service.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { isKnownId } from '#server/db/known-id.ts'
import { createWakeable } from '#server/jobs/wakeable.ts'
import { newId } from '#server/new-id.ts'
import type { Outbound } from '#server/outbound/outbound.ts'
import { pauseAfter } from '#server/webhooks/retry-plan.ts'
import type { ChannelStore, OpenConnection } from './channel-store.ts'
import type { ChannelRequest, Incoming } from './define-channel.ts'

export interface ChannelServiceDeps {
  database: Pick<OpenDatabase, 'query'>
  store: ChannelStore
  conversations: Pick<ConversationService, 'start' | 'send' | 'owner' | 'history'>
  outbound: Pick<Outbound, 'send'>
  /** Refuses a sender who writes too much. */
  limit: (connection: string, sender: string) => Promise<void>
  log: Pick<Logger, 'warn'>
  now?: () => Date
  /** Milliseconds for which whoever handles a message, or sends to somebody, has them to itself. */
  lease?: number
}
export type ChannelService = ReturnType<typeof createChannelService>

export type ChannelAnswer = { type: 'text'; body: string } | { type: 'replies'; messages: Message[]; pending?: true }

const lookEvery = 5_000
const cleanEvery = 3_600_000
/** A messenger repeats within minutes. */
const inboxKeptFor = 3 * 24 * 3_600_000
const mostAtOnce = 20
/** Attempts of a message that cannot be handled, as of a bot that was never published. */
const mostAttempts = 5
/** Milliseconds that a caller waits for replies. */
const patience = 20_000
const pageSize = 100

/** The first message of each sender that was not handled yet. */
const claimIncoming = `
update channel_inbox set leased_until = $2::timestamptz, attempts = attempts + 1 where pos in (
  select i.pos from channel_inbox i
  where i.handled_at is null and i.next_at <= $1::timestamptz
    and (i.leased_until is null or i.leased_until <= $1::timestamptz)
    and not exists (
      select 1 from channel_inbox e where e.handled_at is null and e.connection_id = i.connection_id
        and e.sender = i.sender and e.pos < i.pos
    )
  order by i.pos limit $3::int for update skip locked
)
returning pos, connection_id, sender, incoming, attempts`

/** Conversations that have something to say over a channel. \`held\`: whoever had it before did not come back. */
const claimOutgoing = `
with due as (
  select distinct conversation_id from outbox where kind = 'channel' and delivered_at is null
), heads as (
  select t.connection_id, t.sender, t.leased_until is not null as held
  from channel_threads t join due on due.conversation_id = t.conversation_id
    join channel_connections c on c.id = t.connection_id and c.active
  where t.next_at <= $1::timestamptz and (t.leased_until is null or t.leased_until <= $1::timestamptz)
  limit $3::int for update of t skip locked
)
update channel_threads t set leased_until = $2::timestamptz from heads h
where h.connection_id = t.connection_id and h.sender = t.sender
returning t.connection_id, t.sender, t.conversation_id, t.sent_seq, t.attempts, h.held`

interface Thread {
  connection_id: string
  sender: string
  conversation_id: string
  sent_seq: number
  attempts: number
  held: boolean
}
interface InboxRow {
  pos: string | number
  connection_id: string
  sender: string
  incoming: string
  attempts: number
}

/**
 * Carries messages between channels and conversations. What comes in is stored before it is answered for, handled in order per sender
 * and once by its id; what goes out is read from the conversation itself, behind the last message that was sent.
 */
export function createChannelService(deps: ChannelServiceDeps) {
  const { database, store, conversations, outbound, log } = deps
  const now = deps.now ?? (() => new Date())
  const lease = deps.lease ?? 120_000
  const waiters = new Map<string, () => void>()
  const later = (milliseconds: number): string => new Date(now().getTime() + milliseconds).toISOString()

  /** Keeps what came in; false where it came before. */
  async function keep(connection: OpenConnection, said: Incoming): Promise<boolean> {
    const rows = await database.query(
      `insert into channel_inbox (connection_id, workspace_id, message_id, sender, incoming, next_at, created_at)
       values ($1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz) on conflict (connection_id, message_id) do nothing
       returning pos`,
      [connection.id, connection.workspace, said.id, said.sender, JSON.stringify(said), now().toISOString()],
    )
    return rows.length === 1
  }

  /** The conversation with a sender. Its id is written down before it begins: whoever comes after a crash finds the same one. */
  async function conversationOf(connection: OpenConnection, said: Incoming): Promise<string> {
    await database.query(
      `insert into channel_threads (connection_id, sender, workspace_id, conversation_id, next_at)
       values ($1, $2, $3, $4, $5::timestamptz) on conflict (connection_id, sender) do nothing`,
      [connection.id, said.sender, connection.workspace, newId('cnv'), now().toISOString()],
    )
    const id = await knownConversation(connection.id, said.sender)
    if (id === null) throw new BotloomError('channel-unknown')
    const begun = await conversations.owner(id).then(
      () => true,
      (error) => {
        if (error instanceof BotloomError && error.code === 'conversation-unknown') return false
        throw error
      },
    )
    if (!begun) await begin(id, connection, said)
    return id
  }

  async function begin(id: string, connection: OpenConnection, said: Incoming): Promise<void> {
    const { workspace, bot, channel } = connection
    const { language, attributes = {} } = said
    try {
      await conversations.start({ id, workspace, bot, language, attributes, channel: channel.kind })
    } catch (error) {
      if (!isKnownId(error)) throw error
    }
  }

  async function knownConversation(connection: string, sender: string): Promise<string | null> {
    const [row] = await database.query<{ conversation_id: string }>(
      'select conversation_id from channel_threads where connection_id = $1 and sender = $2',
      [connection, sender],
    )
    return row?.conversation_id ?? null
  }

  async function handle(row: InboxRow): Promise<void> {
    const said: Incoming = JSON.parse(row.incoming)
    try {
      const connection = await store.open(row.connection_id)
      const id = await conversationOf(connection, said)
      if (said.type === 'message') {
        const { text, choice, language } = said
        const answer = await conversations.send(id, { id: said.id, text, choice, language })
        // A turn that still runs is not saved yet: the same message is asked for again.
        if (answer.pending) return await put(row, { next: later(5_000), attempts: row.attempts - 1 })
      }
      await put(row, { handled: now().toISOString() })
    } catch (error) {
      const known = toKnownError(error)
      log.warn({ err: error, connection: row.connection_id }, 'a message of a channel could not be handled')
      if (known.code !== 'channel-unknown') await store.note(row.connection_id, known)
      const pause = row.attempts < mostAttempts && known.code !== 'channel-unknown' ? pauseAfter(row.attempts) : null
      await put(row, pause === null ? { handled: now().toISOString() } : { next: later(pause) })
    }
    const key = `${row.connection_id} ${said.id}`
    waiters.get(key)?.()
  }

  async function put(row: InboxRow, to: { handled?: string; next?: string; attempts?: number }): Promise<void> {
    await database.query(
      `update channel_inbox set leased_until = null, handled_at = $2::timestamptz,
         next_at = coalesce($3::timestamptz, next_at), attempts = coalesce($4::int, attempts) where pos = $1::bigint`,
      [row.pos, to.handled ?? null, to.next ?? null, to.attempts ?? null],
    )
  }

  /** Sends what was said since, message by message; how far it came is written down after each. */
  async function sendOn(thread: Thread): Promise<void> {
    const { connection_id: id, sender, conversation_id: conversation } = thread
    let { sent_seq: sent } = thread
    let again = thread.held || thread.attempts > 0
    const write = (set: string, values: unknown[] = []): Promise<unknown> =>
      database.query(`update channel_threads set ${set} where connection_id = $1 and sender = $2`, [
        id,
        sender,
        ...values,
      ])
    try {
      const connection = await store.open(id)
      const { channel, settings, secrets } = connection
      const tools = { outbound, now, connection: id }
      for (;;) {
        const page = await conversations.history(conversation, sent, pageSize)
        for (const message of page) {
          if (message.role !== 'user')
            await channel
              .send({ message, sender, conversation, again }, { settings, secrets, tools })
              .catch(leftOut(id, thread.attempts))
          again = false
          sent = message.seq
          await write('sent_seq = $3::int, attempts = 0, leased_until = $4::timestamptz', [sent, later(lease)])
          thread.attempts = 0
        }
        if (page.length < pageSize) break
      }
      await database.query(
        `delete from outbox where conversation_id = $1 and delivered_at is null and kind = 'channel'
           and (payload::jsonb ->> 'seq')::int <= $2::int`,
        [conversation, sent],
      )
      await write('leased_until = null')
      await store.note(id, 'well')
    } catch (error) {
      const known = toKnownError(error)
      const attempts = thread.attempts + 1
      await write('leased_until = null, attempts = $3::int, next_at = $4::timestamptz', [
        attempts,
        later(pauseAfter(attempts) ?? 0),
      ])
      await store.note(id, known)
    }
  }

  /** Goes on behind a message that can never arrive, or that was tried for a day. */
  function leftOut(connection: string, attempts: number) {
    return async (error: unknown): Promise<void> => {
      const never = error instanceof BotloomError && error.retry === 'never' && error.code !== 'outbound-refused'
      if (!never && pauseAfter(attempts + 1) !== null) throw error
      log.warn({ err: error, connection }, 'a message was left out of a channel')
    }
  }

  async function claimed<Row>(sql: string, many: number): Promise<Row[]> {
    return database.query<Row>(sql, [now().toISOString(), later(lease), many])
  }
  const incoming = createWakeable(mostAtOnce, (many) => claimed<InboxRow>(claimIncoming, many), handle, failed)
  const outgoing = createWakeable(mostAtOnce, (many) => claimed<Thread>(claimOutgoing, many), sendOn, failed)
  function failed(error: unknown): void {
    log.warn({ err: error }, 'channels could not be looked after')
  }

  let cleaned = 0
  async function clean(): Promise<void> {
    if (now().getTime() - cleaned < cleanEvery) return
    cleaned = now().getTime()
    await database.query('delete from channel_inbox where handled_at is not null and created_at < $1::timestamptz', [
      later(-inboxKeptFor),
    ])
    // Of connections that are no more.
    await database.query(
      `delete from outbox o where o.kind = 'channel' and o.created_at < $1::timestamptz
         and not exists (select 1 from channel_threads t where t.conversation_id = o.conversation_id)`,
      [later(-cleanEvery)],
    )
  }

  const timer = setInterval(() => {
    incoming.wake()
    outgoing.wake()
    clean().catch(failed)
  }, lookEvery)
  timer.unref()
  incoming.wake()
  outgoing.wake()

  /** Resolves when this server has handled a message, or patience is over. */
  function handledHere(key: string): { done: Promise<void>; forget: () => void } {
    let timer: ReturnType<typeof setTimeout> | undefined
    const done = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience)
      waiters.set(key, resolve)
    })
    return {
      done,
      forget() {
        clearTimeout(timer)
        waiters.delete(key)
      },
    }
  }

  async function repliesTo(connection: OpenConnection, said: Incoming): Promise<ChannelAnswer> {
    const [row] = await database.query<{ handled_at: string | null }>(
      'select handled_at from channel_inbox where connection_id = $1 and message_id = $2',
      [connection.id, said.id],
    )
    const id = await knownConversation(connection.id, said.sender)
    if (!row?.handled_at || id === null) return { type: 'replies', messages: [], pending: true }
    const [asked] = await database.query<{ seq: number }>(
      'select seq from messages where conversation_id = $1 and id = $2',
      [id, said.id],
    )
    const after = await conversations.history(id, asked?.seq ?? 0, pageSize)
    const next = after.findIndex(({ role }) => role === 'user')
    return { type: 'replies', messages: next < 0 ? after : after.slice(0, next) }
  }

  return {
    /** A request to the address of a connection. Throws `channel-unknown`, what its kind throws, and `too-many-messages`. */
    async receive(id: string, request: ChannelRequest): Promise<ChannelAnswer> {
      const connection = await store.open(id)
      const { channel, settings, secrets } = connection
      const received = channel.receive(request, { settings, secrets, now: now() })
      if (received.type === 'answer') return { type: 'text', body: received.body }
      const [first] = received.incoming
      let waiting: ReturnType<typeof handledHere> | null = null
      try {
        let kept = false
        for (const said of received.incoming) {
          await deps.limit(id, said.sender)
          kept = (await keep(connection, said)) || kept
        }
        if (kept) {
          // A repeated request waits for nothing, lest it takes the first one's place.
          if (received.wait && first) waiting = handledHere(`${id} ${first.id}`)
          incoming.wake()
          store.note(id, 'heard').catch(failed)
        }
        if (!first || !received.wait) return { type: 'text', body: '' }
        await waiting?.done
        return await repliesTo(connection, first)
      } finally {
        waiting?.forget()
      }
    },

    /** Something was said in a conversation that is held over a channel. */
    wake: outgoing.wake,

    /** Resolves when nothing is under way here. */
    async settled(): Promise<void> {
      await incoming.settled()
      await outgoing.settled()
    },

    async close(): Promise<void> {
      clearInterval(timer)
      for (const done of waiters.values()) done()
      await incoming.close()
      await outgoing.close()
    },
  }
}
