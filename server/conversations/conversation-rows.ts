import type { Session } from '#runtime/conversation/session.ts'
import type { ChatStatus, ChatTestTurn, Environment, Message, Person, Trace, VariableValue } from '#server/api/dto.ts'
import type { Arm } from '#server/bots/version-choice.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import type { Pin } from './program-cache.ts'

export type ConversationStatus = ChatStatus
export interface ConversationRow {
  id: string
  workspace: string
  bot: string
  pin: Pin
  isTry: boolean
  environment: Environment
  /** What its version is drawn by in an experiment. */
  subject: string
  status: ConversationStatus
  /** As stored; the conversation room parses it. */
  session: unknown
  turn: number
  seq: number
  resumeHash: string
  /** It gets the current version as soon as nothing is under way. */
  finishing: boolean
}
/** A message on its way into the store. `trace` stands on the first message of a turn. */
export interface NewMessage extends Omit<Message, 'trace'> {
  trace?: Trace
}
export interface NewOutboxEntry {
  id: string
  kind: 'handoff'
  payload: { block: string; reason: string; note: string }
}
/** Variables that a person changed; null for one that was forgotten. */
export type Edited = Record<string, VariableValue | null>
/** What a visitor did in a turn. */
export type Said = NonNullable<ChatTestTurn['user']>
export interface TryState {
  /** The turn before the message, and the last sequence number up to its end. */
  turn: number
  seq: number
  session: unknown
  edited: Edited
  user: Said
}
export interface HeldTry {
  bot: string
  language: string
  startedAt: string
  turns: { user: Said | null; edited: Edited; replies: string[] }[]
}
/** A visitor's conversation as it went. */
export interface PastChat {
  id: string
  language: string
  startedAt: string
  turns: { user: Said | null; replies: string[] }[]
}
/** All that one turn leaves behind. */
export interface TurnRecord {
  session: string
  status: ConversationStatus
  block: string
  language: string
  seq: number
  at: string
  /** When silence is to be looked into, unless something is said before. */
  wakeAt: string | null
  messages: readonly NewMessage[]
  outbox: readonly NewOutboxEntry[]
}

/** All that a person's act leaves behind; `handoff` is what becomes of what asked for a person. */
export interface PersonRecord extends Pick<TurnRecord, 'session' | 'status' | 'block' | 'seq' | 'at' | 'messages'> {
  assignee: string | null
  handoff: 'taken' | 'done'
}

/** Open conversations that wait at one block of one version, with who listened to them before. */
export interface OpenLine extends Pick<Session, 'listener' | 'calls'> {
  version: number
  block: string
  conversations: number
}

const insertMessages = (turn: string, condition: string): string => `
  insert into messages (conversation_id, workspace_id, seq, id, turn, role, parts, text, language, at, author, trace)
  select $1, $2, m.seq, m.id, ${turn}, m.role, m.parts, m.text, m.language, $3::timestamptz, m.author, m.trace
  from jsonb_to_recordset($4::text::jsonb)
    as m(seq int, id text, role text, parts text, text text, language text, author text, trace text)
  ${condition}`
const insertOutbox = (condition: string): string => `
  insert into outbox (id, workspace_id, conversation_id, kind, payload, created_at)
  select o.id, $2, $1, o.kind, o.payload, $3::timestamptz
  from jsonb_to_recordset($5::text::jsonb) as o(id text, kind text, payload text)
  ${condition}`

/** A try keeps what it remembered after each turn. */
const insertTryTurn = (turn: string, from: string): string => `
  insert into try_turns (conversation_id, turn, workspace_id, session) select id, ${turn}, $2, $6 from ${from}`

/** One statement, so one commit and one round trip a turn on either database. */
const saveStatement = (isTry: boolean): string => `
with saved as (
  update conversations set session = $6, status = $7, block = $8, language = $9, seq = $10::int,
    turn = $11::int + 1, updated_at = $3::timestamptz, wake_at = $12::timestamptz,
    finishing = finishing and version is not distinct from $13::int, version = $13::int
  where id = $1 and workspace_id = $2 and turn = $11::int
  returning id
), said as (${insertMessages('$11::int + 1', 'where exists (select 1 from saved)')}
), posted as (${insertOutbox('where exists (select 1 from saved)')}
)${isTry ? `, kept as (${insertTryTurn('$11::int + 1', 'saved')})` : ''}
select id from saved`
const saveStatements = { visitor: saveStatement(false), try: saveStatement(true) }

/** What a person does in a conversation is a turn of its own; what asked for a person is settled by it. */
const personStatement = `
with saved as (
  update conversations set session = $5, status = $6, block = $7, seq = $8::int, turn = $9::int + 1,
    updated_at = $3::timestamptz, wake_at = null, assignee = $10
  where id = $1 and workspace_id = $2 and turn = $9::int
  returning id
), said as (${insertMessages('$9::int + 1', 'where exists (select 1 from saved)')}
), settled as (
  update handoffs set status = $11
  where conversation_id = $1 and workspace_id = $2 and status <> 'done' and exists (select 1 from saved)
)
select id from saved`

/** The bot's row is held while its conversation is written: one that is being deleted gets no new ones. */
const createStatement = `
with bot as (
  select id from bots where id = $12 and workspace_id = $2 for key share
), visitor as (
  insert into visitors (id, workspace_id, bot_id, attributes, created_at)
  select $11, $2, id, $13::text::jsonb, $3::timestamptz from bot
), opened as (
  insert into conversations (id, workspace_id, bot_id, visitor_id, version, draft_pin, status, block, language, session,
    turn, seq, resume_hash, created_at, updated_at, is_try, wake_at, channel, environment, subject, experiment, arm)
  select $1, $2, id, $11, $14::int, $15, $7, $8, $9, $6, 1, $10::int, $16, $3::timestamptz, $3::timestamptz, $17::boolean,
    $18::timestamptz, $19, $20, $21, $22, $23
  from bot
  returning id, is_try
), said as (${insertMessages('1', 'where exists (select 1 from opened)')}
), posted as (${insertOutbox('where exists (select 1 from opened)')}
), kept as (${insertTryTurn('1', 'opened where is_try')}
)
select id from opened`

/** A try that begins as a copy of another one's first turns; $6 is what it remembers after them. */
const branchStatement = `
with bot as (
  select id from bots where id = $3 and workspace_id = $2 for key share
), visitor as (
  insert into visitors (id, workspace_id, bot_id, attributes, created_at)
  select $4, $2, id, '{}', $5::timestamptz from bot
), opened as (
  insert into conversations (id, workspace_id, bot_id, visitor_id, version, draft_pin, status, block, language, session,
    turn, seq, resume_hash, created_at, updated_at, is_try)
  select $1, $2, bot.id, $4, $8::int, $9, $10, $11, $12, $6, $13::int, $14::int, $15, c.created_at, $5::timestamptz, true
  from bot, conversations c where c.id = $16 and c.workspace_id = $2
  returning id
), said as (
  insert into messages (conversation_id, workspace_id, seq, id, turn, role, parts, text, language, at, author, trace)
  select $1, $2, seq, id, turn, role, parts, text, language, at, author, trace from messages
  where conversation_id = $16 and turn <= $13::int and exists (select 1 from opened)
), kept as (
  insert into try_turns (conversation_id, turn, workspace_id, session, edited)
  select $1, turn, $2, case when turn = $13::int then $6 else session end,
    case when turn = $13::int then $7 else edited end
  from try_turns where conversation_id = $16 and turn <= $13::int and exists (select 1 from opened)
)
select id from opened`

/** Once each: whoever takes the time away looks into the silence. */
const wakeStatement = `
update conversations set wake_at = null
where id in (
  select id from conversations where wake_at <= $1::timestamptz order by wake_at limit $2::int for update skip locked
)
returning id, turn`

/** Once each: whoever marks an entry delivered makes its row, in the same statement. */
const deliverStatement = `
with taken as (
  update outbox set delivered_at = $1::timestamptz
  where delivered_at is null and kind = 'handoff' and ($2::text is null or conversation_id = $2)
  returning id, workspace_id, conversation_id, payload
)
insert into handoffs (id, workspace_id, bot_id, conversation_id, block, reason, note, status, created_at)
select t.id, t.workspace_id, c.bot_id, t.conversation_id, t.payload::jsonb ->> 'block', t.payload::jsonb ->> 'reason',
  t.payload::jsonb ->> 'note', 'waiting', $1::timestamptz
from taken t join conversations c on c.id = t.conversation_id and c.workspace_id = t.workspace_id
on conflict (id) do nothing
returning conversation_id`

export type ConversationRows = ReturnType<typeof createConversationRows>

/** The SQL of conversations, over either database. */
export function createConversationRows(database: Pick<OpenDatabase, 'query'>) {
  return {
    async load(id: string): Promise<ConversationRow | null> {
      const [row] = await database.query<{
        workspace_id: string
        bot_id: string
        version: number | null
        draft_pin: string | null
        is_try: boolean
        status: ConversationStatus
        session: string
        turn: number
        seq: number
        resume_hash: string
        finishing: boolean
        environment: Environment
        subject: string | null
      }>(
        `select workspace_id, bot_id, version, draft_pin, is_try, status, session, turn, seq, resume_hash, finishing,
           environment, subject
         from conversations where id = $1`,
        [id],
      )
      if (!row) return null
      return {
        id,
        workspace: row.workspace_id,
        bot: row.bot_id,
        pin: row.version === null ? { draft: row.draft_pin ?? '' } : { version: row.version },
        isTry: row.is_try,
        environment: row.environment,
        subject: row.subject ?? id,
        status: row.status,
        session: parseJson(row.session),
        turn: row.turn,
        seq: row.seq,
        resumeHash: row.resume_hash,
        finishing: row.finishing,
      }
    },

    /** False when the row has moved on since it was loaded. Rejects with SQLSTATE 23505 for a message id that is known. */
    async save(row: ConversationRow, record: TurnRecord): Promise<boolean> {
      const statement = row.isTry ? saveStatements.try : saveStatements.visitor
      const saved = await database.query(statement, [
        ...common(row, record),
        ...[row.turn, record.wakeAt, 'version' in row.pin ? row.pin.version : null],
      ])
      return saved.length === 1
    },

    /** As `save`, of what a person does. */
    async savePerson(row: ConversationRow, record: PersonRecord): Promise<boolean> {
      const { session, status, block, seq, assignee, handoff, at } = record
      const saved = await database.query(personStatement, [
        ...[row.id, row.workspace, at, saidAsJson(record.messages)],
        ...[session, status, block, seq, row.turn, assignee, handoff],
      ])
      return saved.length === 1
    },

    /** False when there is no such bot any more. */
    async create(
      row: ConversationRow,
      record: TurnRecord,
      visitor: {
        id: string
        attributes: Record<string, string>
        channel: string
        /** The experiment that gave it its version. */
        drawn: { experiment: string; arm: Arm } | null
      },
    ): Promise<boolean> {
      const { pin } = row
      const opened = await database.query(createStatement, [
        ...common(row, record),
        visitor.id,
        row.bot,
        JSON.stringify(visitor.attributes),
        'version' in pin ? pin.version : null,
        'draft' in pin ? pin.draft : null,
        row.resumeHash,
        row.isTry,
        record.wakeAt,
        visitor.channel,
        row.environment,
        row.subject === row.id ? null : row.subject,
        visitor.drawn?.experiment ?? null,
        visitor.drawn?.arm ?? null,
      ])
      return opened.length === 1
    },

    /** What a try of this workspace remembered before the turn of a visitor's message; null where there is none such. */
    async stateBefore(workspace: string, conversation: string, message: string): Promise<TryState | null> {
      const [row] = await database.query<{
        turn: number
        session: string
        edited: string | null
        said: string
        parts: string
        seq: number
      }>(
        `select t.turn, t.session, t.edited, m.text as said, m.parts,
           (select coalesce(max(b.seq), 0) from messages b where b.conversation_id = m.conversation_id and b.turn < m.turn)
             as seq
         from messages m
           join try_turns t on t.conversation_id = m.conversation_id and t.turn = m.turn - 1
         where m.workspace_id = $1 and m.conversation_id = $2 and m.id = $3 and m.role = 'user'`,
        [workspace, conversation, message],
      )
      if (!row) return null
      const { turn, seq, said } = row
      const parts: Message['parts'] = JSON.parse(row.parts)
      return {
        turn,
        seq: Number(seq),
        session: parseJson(row.session),
        edited: row.edited === null ? {} : JSON.parse(row.edited),
        user: { text: said, ...choiceIn(parts) },
      }
    },

    /** Opens `row` as a copy of the first turns of another try. False when there is no such bot any more. */
    async branch(
      row: ConversationRow,
      from: { conversation: string; edited: Edited },
      record: Pick<TurnRecord, 'session' | 'status' | 'block' | 'language' | 'at'> & { visitor: string },
    ): Promise<boolean> {
      const { pin } = row
      const opened = await database.query(branchStatement, [
        row.id,
        row.workspace,
        row.bot,
        record.visitor,
        record.at,
        record.session,
        Object.keys(from.edited).length === 0 ? null : JSON.stringify(from.edited),
        'version' in pin ? pin.version : null,
        'draft' in pin ? pin.draft : null,
        record.status,
        record.block,
        record.language,
        row.turn,
        row.seq,
        row.resumeHash,
        from.conversation,
      ])
      return opened.length === 1
    },

    /** A try as it went, turn by turn; null where this workspace has none such. */
    async tryTurns(workspace: string, conversation: string): Promise<HeldTry | null> {
      const [row] = await database.query<{ bot_id: string; language: string; created_at: Date | string }>(
        'select bot_id, language, created_at from conversations where id = $2 and workspace_id = $1 and is_try',
        [workspace, conversation],
      )
      if (!row) return null
      const said = await database.query<StoredMessage & { turn: number }>(
        'select * from messages where conversation_id = $1 order by seq',
        [conversation],
      )
      const kept = await database.query<{ turn: number; edited: string | null }>(
        'select turn, edited from try_turns where conversation_id = $1 order by turn',
        [conversation],
      )
      const turns = kept.map(({ turn }) => {
        const messages = said.filter((one) => one.turn === turn).map(toMessage)
        const user = messages.find(({ role }) => role === 'user')
        const before = kept.find((one) => one.turn === turn - 1)?.edited
        return {
          user: user ? { text: user.text, ...choiceIn(user.parts) } : null,
          edited: before ? (JSON.parse(before) as Edited) : {},
          replies: messages.filter(({ role }) => role !== 'user').map(({ text }) => text),
        }
      })
      return {
        bot: row.bot_id,
        language: said[0]?.language ?? row.language,
        startedAt: new Date(row.created_at).toISOString(),
        turns,
      }
    },

    /** Conversations of visitors with published versions as they went, the latest first, those who said nothing left out. */
    async recentChats(workspace: string, bot: string, before: string | null, most: number): Promise<PastChat[]> {
      const chats = await database.query<{ id: string; language: string; created_at: Date | string }>(
        `select id, language, created_at from conversations c
         where workspace_id = $1 and bot_id = $2 and not is_try and environment = 'live' and version is not null
           and ($3::timestamptz is null or created_at < $3::timestamptz)
           and exists (select 1 from messages m where m.conversation_id = c.id and m.role = 'user')
         order by created_at desc, id limit $4::int`,
        [workspace, bot, before, most],
      )
      const said = await database.query<StoredMessage & { conversation_id: string; turn: number }>(
        `select * from messages where workspace_id = $1
           and conversation_id in (select jsonb_array_elements_text($2::text::jsonb)) order by conversation_id, seq`,
        [workspace, JSON.stringify(chats.map(({ id }) => id))],
      )
      return chats.map(({ id, language, created_at }) => {
        const mine = said.filter((row) => row.conversation_id === id)
        return {
          id,
          language: mine[0]?.language ?? language,
          startedAt: new Date(created_at).toISOString(),
          turns: toTurns(mine),
        }
      })
    },

    /** What was answered to a client's message, or null when it never arrived. */
    async repliesTo(conversation: string, message: string): Promise<Message[] | null> {
      const rows = await database.query<StoredMessage>(
        `select m.* from messages m join messages asked
           on asked.conversation_id = m.conversation_id and asked.turn = m.turn
         where asked.conversation_id = $1 and asked.id = $2 order by m.seq`,
        [conversation, message],
      )
      return rows.length === 0 ? null : rows.filter(({ role }) => role !== 'user').map(toMessage)
    },

    /** The user who has a conversation; null where nobody does. */
    async holder(conversation: string): Promise<Person | null> {
      const [row] = await database.query<{ id: string; name: string | null }>(
        `select c.assignee as id, u.name from conversations c left join users u on u.id = c.assignee
         where c.id = $1 and c.assignee is not null`,
        [conversation],
      )
      return row ? { id: row.id, name: row.name ?? '' } : null
    },

    /** The message with an id; null where there is none. */
    async said(conversation: string, id: string): Promise<Message | null> {
      const [row] = await database.query<StoredMessage>(
        'select * from messages where conversation_id = $1 and id = $2',
        [conversation, id],
      )
      return row ? toMessage(row) : null
    },

    async messagesAfter(conversation: string, seq: number, limit = 1000): Promise<Message[]> {
      const rows = await database.query<StoredMessage>(
        'select * from messages where conversation_id = $1 and seq > $2::int order by seq limit $3::int',
        [conversation, seq, limit],
      )
      return rows.map(toMessage)
    },

    async trace(workspace: string, conversation: string, message: string): Promise<Trace | null> {
      const [row] = await database.query<{ trace: string }>(
        `select m.trace from messages m join messages asked
           on asked.conversation_id = m.conversation_id and asked.turn = m.turn
         where asked.workspace_id = $1 and asked.conversation_id = $2 and asked.id = $3 and m.trace is not null`,
        [workspace, conversation, message],
      )
      return row ? (JSON.parse(row.trace) as Trace) : null
    },

    /** Conversations whose handoff was delivered by this call. */
    async deliver(at: string, conversation: string | null): Promise<string[]> {
      const rows = await database.query<{ conversation_id: string }>(deliverStatement, [at, conversation])
      return rows.map((row) => row.conversation_id)
    },

    /** Conversations in which nothing was said for as long as their bot waits, with the turn that it has waited since. */
    async takeSilent(at: string, most: number): Promise<{ id: string; turn: number }[]> {
      return database.query(wakeStatement, [at, most])
    },

    /** Conversations of an environment that go on: not ended, with a word since `since` (ISO 8601). */
    async openByBlock(workspace: string, bot: string, environment: Environment, since: string): Promise<OpenLine[]> {
      const rows = await database.query<{ version: number; block: string; listeners: string; conversations: number }>(
        `select version, block, listeners, count(*)::int as conversations from (
           select version, block, jsonb_build_array(session::jsonb -> 'listener', session::jsonb -> 'calls')::text
             as listeners from conversations
           where workspace_id = $1 and bot_id = $2 and version is not null and not is_try and status <> 'ended'
             and updated_at >= $3::timestamptz and environment = $4
         ) open
         group by version, block, listeners order by version, block`,
        [workspace, bot, since, environment],
      )
      return rows.map(({ version, block, listeners, conversations }) => {
        const [listener, calls] = JSON.parse(listeners) as [string | null, OpenLine['calls'] | null]
        return { version, block, listener, calls: calls ?? [], conversations }
      })
    },
  }
}

function saidAsJson(messages: readonly NewMessage[]): string {
  return JSON.stringify(
    messages.map(({ seq, id, role, parts, text, language, author, trace }) => ({
      seq,
      id,
      role,
      parts: JSON.stringify(parts),
      text,
      language,
      author: author ?? null,
      trace: trace ? JSON.stringify(trace) : null,
    })),
  )
}

/** Parameters $1 to $10 of both writing statements. */
function common(row: ConversationRow, record: TurnRecord): unknown[] {
  const posted = record.outbox.map(({ id, kind, payload }) => ({ id, kind, payload: JSON.stringify(payload) }))
  const { session, status, block, language, seq, at } = record
  return [
    row.id,
    row.workspace,
    at,
    saidAsJson(record.messages),
    JSON.stringify(posted),
    session,
    status,
    block,
    language,
    seq,
  ]
}

interface StoredMessage {
  id: string
  seq: number
  role: Message['role']
  parts: string
  text: string
  language: string
  at: Date | string
  author: string | null
}

function toMessage(row: StoredMessage): Message {
  const { id, seq, role, text, language, author } = row
  const at = new Date(row.at).toISOString()
  return { id, seq, role, parts: JSON.parse(row.parts), text, language, at, ...(author === null ? {} : { author }) }
}

/** The button that a visitor's message was a click on. */
function choiceIn(parts: Message['parts']): Pick<Said, 'choice'> {
  for (const part of parts)
    if (part.type === 'choice' && 'block' in part && 'value' in part)
      return { choice: { block: String(part.block), value: String(part.value) } }
  return {}
}

/**
 * A conversation turn by turn as its bot led it: up to where a person was asked for or came, or something happened without a word of
 * the visitor.
 */
function toTurns(rows: readonly (StoredMessage & { turn: number })[]): PastChat['turns'] {
  const turns: PastChat['turns'] = []
  for (const number of new Set(rows.map(({ turn }) => turn))) {
    const messages = rows.filter(({ turn }) => turn === number).map(toMessage)
    if (messages.some(({ role, author }) => role === 'agent' || author !== undefined)) break
    const user = messages.find(({ role }) => role === 'user')
    // A reminder, an end in a silence, somebody who took it over: from here on more than words decided.
    if (!user && turns.length > 0) break
    const replies = messages.filter(({ role }) => role !== 'user')
    turns.push({
      user: user ? { text: user.text, language: user.language, ...choiceIn(user.parts) } : null,
      replies: replies.map(({ text }) => text),
    })
    if (replies.some(({ parts }) => parts.some(({ type }) => type === 'handoff'))) break
  }
  return turns
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
