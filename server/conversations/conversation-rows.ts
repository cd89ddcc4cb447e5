import type { CallRequest } from '#kit'
import type { Session, TurnCause } from '#runtime/conversation/session.ts'
import type {
  ChatStatus,
  ChatTestTurn,
  Environment,
  Message,
  PageContext,
  Person,
  Trace,
  VariableValue,
} from '#server/api/dto.ts'
import type { Arm } from '#server/bots/version-choice.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { choiceIn, goOn, toTurn, toTurns } from './past-turns.ts'
import type { Pin } from './program-cache.ts'
import { type StoredMessage, toMessage } from './stored-message.ts'

export type ConversationStatus = ChatStatus
export interface ConversationRow {
  id: string
  workspace: string
  bot: string
  pin: Pin
  isTry: boolean
  /** What it is held over: `web`, or the kind of a channel. */
  channel: string
  environment: Environment
  /** What its version is drawn by in an experiment. */
  subject: string
  status: ConversationStatus
  /** As stored; the conversation room parses it. */
  session: unknown
  turn: number
  seq: number
  /** SHA-256 of each secret that buys tokens, with blanks between. */
  resumeHash: string
  /** Who the visitor is to the site, and what it vouches for; null where it does not. */
  person: { id: string; verified: Record<string, string> } | null
  /** It gets the current version as soon as nothing is under way. */
  finishing: boolean
}
/** What people do in a conversation. */
export type ActKind = 'take' | 'reply' | 'give-back' | 'close'
/** A message on its way into the store. `trace` stands on the first message of a turn. */
export interface NewMessage extends Omit<Message, 'trace'> {
  trace?: Trace
  /** What a person did, on the first message of it. */
  act?: ActKind
}
/** A first turn that said nothing has no message that its trace could stand on. */
export interface Opening {
  trace: Trace
  language: string
}
export type NewOutboxEntry = { id: string } & (
  | { kind: 'handoff'; payload: { block: string; reason: string; note: string } }
  | { kind: 'rating'; payload: { version: number | null; rating: number; comment: string } }
  | { kind: 'call'; call: number; payload: CallRequest }
  /** Something that webhooks are told; `body` is what is sent. */
  | { kind: 'event'; payload: { type: string; bot: string; turn: number; place: number; body: string } }
  /** The conversation has something to say over its channel, up to `seq`. */
  | { kind: 'channel'; payload: { seq: number } }
)
/** A request to another server that was taken on by a caller of `takeCall`. */
export interface TakenCall {
  id: string
  request: CallRequest
  /** It was taken on before, by somebody who told of no outcome. */
  again: boolean
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
  turns: (PastTurn & { edited: Edited })[]
}
/** A visitor's conversation as it went. */
export interface PastChat {
  id: string
  language: string
  startedAt: string
  turns: PastTurn[]
}
export interface PastTurn {
  user: Said | null
  replies: string[]
  /** What came of requests and waits before the next turn. */
  outside: TurnCause[]
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
export interface PersonRecord
  extends Pick<TurnRecord, 'session' | 'status' | 'block' | 'seq' | 'at' | 'messages' | 'outbox'> {
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
  insert into messages (conversation_id, workspace_id, seq, id, turn, role, parts, text, language, at, author, act, trace)
  select $1, $2, m.seq, m.id, ${turn}, m.role, m.parts, m.text, m.language, $3::timestamptz, m.author, m.act, m.trace
  from jsonb_to_recordset($4::text::jsonb)
    as m(seq int, id text, role text, parts text, text text, language text, author text, act text, trace text)
  ${condition}`
const insertOutbox = (condition: string, entries = '$5'): string => `
  insert into outbox (id, workspace_id, conversation_id, kind, payload, created_at, call)
  select o.id, $2, $1, o.kind, o.payload, $3::timestamptz, o.call
  from jsonb_to_recordset(${entries}::text::jsonb) as o(id text, kind text, payload text, call int)
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
), posted as (${insertOutbox('where exists (select 1 from saved)', '$12')}
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
  insert into visitors (id, workspace_id, bot_id, attributes, external_id, verified, created_at)
  select $11, $2, id, $13::text::jsonb, $21, $22::text::jsonb, $3::timestamptz from bot
  on conflict (workspace_id, external_id, bot_id) do update
    set verified = coalesce(visitors.verified, '{}') || excluded.verified,
      attributes = visitors.attributes || excluded.attributes
  returning id
), opened as (
  insert into conversations (id, workspace_id, bot_id, visitor_id, version, draft_pin, status, block, language, session,
    turn, seq, resume_hash, created_at, updated_at, is_try, wake_at, channel, opening, context,
    environment, subject, experiment, arm)
  select $1, $2, bot.id, visitor.id, $14::int, $15, $7, $8, $9, $6, 1, $10::int, $16, $3::timestamptz, $3::timestamptz,
    $17::boolean, $18::timestamptz, $19, $20, $23::text::jsonb,
    $24, $25, $26, $27
  from bot, visitor
  returning id, is_try
), said as (${insertMessages('1', 'where exists (select 1 from opened)')}
), posted as (${insertOutbox('where exists (select 1 from opened)')}
), kept as (${insertTryTurn('1', 'opened where is_try')}
)
select id from opened`

/**
 * Who the visitor of a conversation is: the person that the site knows, on whatever device. A visitor without a name who turns out to be
 * that person gives way to it, with what the page said of them.
 */
const identifyStatement = `
with person as (
  insert into visitors (id, workspace_id, bot_id, attributes, external_id, verified, created_at)
  select $3, $2, c.bot_id, v.attributes, $4, $5::text::jsonb, $6::timestamptz
  from conversations c join visitors v on v.id = c.visitor_id where c.id = $1 and c.workspace_id = $2
  on conflict (workspace_id, external_id, bot_id) do update
    set verified = excluded.verified, attributes = visitors.attributes || excluded.attributes
  returning id
), gone as (
  delete from visitors where external_id is null
    and id = (select visitor_id from conversations where id = $1 and workspace_id = $2)
)
update conversations set visitor_id = (select id from person) where id = $1 and workspace_id = $2 returning id`

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

/** As `deliverStatement`; what a visitor thinks last is what counts. */
const rateStatement = `
with taken as (
  update outbox set delivered_at = $1::timestamptz
  where delivered_at is null and kind = 'rating' and ($2::text is null or conversation_id = $2)
  returning id, workspace_id, conversation_id, payload, created_at
), latest as (
  select distinct on (conversation_id) * from taken order by conversation_id, created_at desc
)
insert into conversation_ratings (conversation_id, workspace_id, bot_id, version, rating, comment, at)
select t.conversation_id, t.workspace_id, c.bot_id, (t.payload::jsonb ->> 'version')::int,
  (t.payload::jsonb ->> 'rating')::int, t.payload::jsonb ->> 'comment', t.created_at
from latest t join conversations c on c.id = t.conversation_id and c.workspace_id = t.workspace_id
on conflict (conversation_id) do update
  set version = excluded.version, rating = excluded.rating, comment = excluded.comment, at = excluded.at
  where conversation_ratings.at <= excluded.at`

/** Whoever takes a request on has it until the lease ends; what nobody told the outcome of by then is looked into by the next one. */
const takeCallStatement = `
update outbox set lease_until = $4::timestamptz, taken = taken + 1
where conversation_id = $1 and kind = 'call' and call = $2::int and delivered_at is null
  and (lease_until is null or lease_until <= $3::timestamptz)
returning id, payload, taken`

export type ConversationRows = ReturnType<typeof createConversationRows>

/** The SQL of conversations, over either database. */
export function createConversationRows(database: Pick<OpenDatabase, 'query' | 'prepared'>) {
  return {
    async load(id: string): Promise<ConversationRow | null> {
      const [row] = await database.prepared<{
        workspace_id: string
        bot_id: string
        version: number | null
        draft_pin: string | null
        is_try: boolean
        channel: string
        status: ConversationStatus
        session: string
        turn: number
        seq: number
        resume_hash: string
        finishing: boolean
        environment: Environment
        subject: string | null
        external_id: string | null
        verified: Record<string, string> | null
      }>(
        `select c.workspace_id, c.bot_id, version, draft_pin, is_try, channel, status, session, turn, seq, resume_hash,
           finishing, environment, subject, v.external_id, v.verified
         from conversations c left join visitors v on v.id = c.visitor_id where c.id = $1`,
        [id],
      )
      if (!row) return null
      return {
        id,
        workspace: row.workspace_id,
        bot: row.bot_id,
        pin: row.version === null ? { draft: row.draft_pin ?? '' } : { version: row.version },
        isTry: row.is_try,
        channel: row.channel,
        environment: row.environment,
        subject: row.subject ?? id,
        status: row.status,
        session: parseJson(row.session),
        turn: row.turn,
        seq: row.seq,
        resumeHash: row.resume_hash,
        finishing: row.finishing,
        person: row.external_id === null ? null : { id: row.external_id, verified: row.verified ?? {} },
      }
    },

    /** False when the row has moved on since it was loaded. Rejects with SQLSTATE 23505 for a message id that is known. */
    async save(row: ConversationRow, record: TurnRecord): Promise<boolean> {
      const statement = row.isTry ? saveStatements.try : saveStatements.visitor
      const saved = await database.prepared(statement, [
        ...common(row, record),
        ...[row.turn, record.wakeAt, 'version' in row.pin ? row.pin.version : null],
      ])
      return saved.length === 1
    },

    /** As `save`, of what a person does. */
    async savePerson(row: ConversationRow, record: PersonRecord): Promise<boolean> {
      const { session, status, block, seq, assignee, handoff, at } = record
      const saved = await database.prepared(personStatement, [
        ...[row.id, row.workspace, at, saidAsJson(record.messages)],
        ...[session, status, block, seq, row.turn, assignee, handoff, outboxAsJson(record.outbox)],
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
        opening: Opening | null
        context: PageContext
        /** The experiment that gave it its version. */
        drawn: { experiment: string; arm: Arm } | null
      },
    ): Promise<boolean> {
      const { pin } = row
      const opened = await database.prepared(createStatement, [
        ...common(row, record),
        visitor.id,
        row.bot,
        JSON.stringify(visitor.attributes),
        'version' in pin ? pin.version : null,
        'draft' in pin ? pin.draft : null,
        row.resumeHash,
        row.isTry,
        record.wakeAt,
        row.channel,
        visitor.opening && JSON.stringify(visitor.opening),
        row.person?.id ?? null,
        row.person === null ? null : JSON.stringify(row.person.verified),
        JSON.stringify(visitor.context),
        row.environment,
        row.subject === row.id ? null : row.subject,
        visitor.drawn?.experiment ?? null,
        visitor.drawn?.arm ?? null,
      ])
      return opened.length === 1
    },

    async identify(
      row: Pick<ConversationRow, 'id' | 'workspace'>,
      person: NonNullable<ConversationRow['person']>,
      made: { visitor: string; at: string },
    ): Promise<void> {
      await database.query(identifyStatement, [
        ...[row.id, row.workspace, made.visitor, person.id, JSON.stringify(person.verified), made.at],
      ])
    },

    /** The latest conversation of a person with a bot that goes on, with a word since `since` (ISO 8601); null where none does. */
    async openOf(workspace: string, bot: string, person: string, since: string): Promise<string | null> {
      const [row] = await database.query<{ id: string }>(
        `select c.id from conversations c join visitors v on v.id = c.visitor_id
         where v.bot_id = $2 and v.external_id = $3 and c.workspace_id = $1 and not c.is_try and c.channel = 'web'
           and c.status <> 'ended' and c.updated_at >= $4::timestamptz
         order by c.updated_at desc limit 1`,
        [workspace, bot, person, since],
      )
      return row?.id ?? null
    },

    /** One more secret that buys tokens; of `most` the oldest gives way. */
    async addResume(row: Pick<ConversationRow, 'id' | 'workspace'>, hash: string, most: number): Promise<void> {
      await database.query(
        `update conversations set resume_hash = array_to_string(
           (regexp_split_to_array(trim(resume_hash || ' ' || $3), ' +'))[
             greatest(1, array_length(regexp_split_to_array(trim(resume_hash || ' ' || $3), ' +'), 1) - $4::int + 1):], ' ')
         where id = $1 and workspace_id = $2`,
        [row.id, row.workspace, hash, most],
      )
    },

    /** What is left out stays. */
    async setContext(row: Pick<ConversationRow, 'id' | 'workspace'>, context: PageContext): Promise<void> {
      await database.query(
        'update conversations set context = context || $3::text::jsonb where id = $1 and workspace_id = $2',
        [row.id, row.workspace, JSON.stringify(context)],
      )
    },

    /** Messages of the bot or a person after a sequence number. */
    async unread(conversation: string, after: number): Promise<number> {
      const [row] = await database.query<{ count: number }>(
        `select count(*)::int as count from messages
         where conversation_id = $1 and seq > $2::int and role in ('bot', 'agent')`,
        [conversation, after],
      )
      return row?.count ?? 0
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
      const turns: HeldTry['turns'] = []
      for (const { turn } of kept) {
        const mine = said.filter((one) => one.turn === turn)
        if (goOn(turns.at(-1), mine)) continue
        const before = kept.find((one) => one.turn === turn - 1)?.edited
        const { user, ...rest } = toTurn(mine)
        // A kept try finds the language of its words anew.
        const words = user && { text: user.text, ...(user.choice ? { choice: user.choice } : {}) }
        turns.push({ user: words, ...rest, edited: before ? (JSON.parse(before) as Edited) : {} })
      }
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
      // Up to the visitor's next word: a turn may have gone on when another server had answered.
      const rows = await database.prepared<StoredMessage>(
        `select m.* from messages m join messages asked
           on asked.conversation_id = m.conversation_id and asked.turn <= m.turn
         where asked.conversation_id = $1 and asked.id = $2 and not exists (
           select 1 from messages later where later.conversation_id = $1 and later.role = 'user'
             and later.turn > asked.turn and later.turn <= m.turn
         ) order by m.seq`,
        [conversation, message],
      )
      return rows.length === 0 ? null : rows.filter(({ role }) => role !== 'user').map(toMessage)
    },

    /** The user who has a conversation; null where nobody does. */
    async holder(conversation: string): Promise<Person | null> {
      const [row] = await database.prepared<{ id: string; name: string | null }>(
        `select c.assignee as id, coalesce(u.name, k.name) as name from conversations c
           left join users u on u.id = c.assignee left join api_keys k on k.id = c.assignee
         where c.id = $1 and c.assignee is not null`,
        [conversation],
      )
      return row ? { id: row.id, name: row.name ?? '' } : null
    },

    /** The message with an id; null where there is none. */
    async said(conversation: string, id: string): Promise<Message | null> {
      const [row] = await database.prepared<StoredMessage>(
        'select * from messages where conversation_id = $1 and id = $2',
        [conversation, id],
      )
      return row ? toMessage(row) : null
    },

    async messagesAfter(conversation: string, seq: number, limit = 1000): Promise<Message[]> {
      const rows = await database.prepared<StoredMessage>(
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
      await database.prepared(rateStatement, [at, conversation])
      const rows = await database.prepared<{ conversation_id: string }>(deliverStatement, [at, conversation])
      return rows.map((row) => row.conversation_id)
    },

    /** Null where somebody else carries it out, or has done so. Times are ISO 8601. */
    async takeCall(conversation: string, call: number, at: string, until: string): Promise<TakenCall | null> {
      const [row] = await database.prepared<{ id: string; payload: string; taken: number }>(takeCallStatement, [
        ...[conversation, call, at, until],
      ])
      return row ? { id: row.id, request: JSON.parse(row.payload), again: row.taken > 1 } : null
    },

    /** What became of requests up to this one is known, or asked for by nobody any more. */
    async settleCalls(conversation: string, upTo: number, at: string): Promise<void> {
      await database.prepared(
        `update outbox set delivered_at = $3::timestamptz
         where conversation_id = $1 and kind = 'call' and call <= $2::int and delivered_at is null`,
        [conversation, upTo, at],
      )
    },

    /** Conversations that wait for an answer which nobody is about to get: nobody took it on since `since`, or who did told of no outcome. */
    async lostCalls(at: string, since: string, most: number): Promise<string[]> {
      const rows = await database.prepared<{ conversation_id: string }>(
        `select distinct conversation_id from outbox
         where delivered_at is null and kind = 'call'
           and case when lease_until is null then created_at <= $2::timestamptz else lease_until <= $1::timestamptz end
         limit $3::int`,
        [at, since, most],
      )
      return rows.map(({ conversation_id }) => conversation_id)
    },

    /** Conversations in which nothing was said for as long as their bot waits, with the turn that it has waited since. */
    async takeSilent(at: string, most: number): Promise<{ id: string; turn: number }[]> {
      return database.prepared(wakeStatement, [at, most])
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
    messages.map(({ seq, id, role, parts, text, language, author, act, trace }) => ({
      seq,
      id,
      role,
      parts: JSON.stringify(parts),
      text,
      language,
      author: author ?? null,
      act: act ?? null,
      trace: trace ? JSON.stringify(trace) : null,
    })),
  )
}

function outboxAsJson(entries: readonly NewOutboxEntry[]): string {
  return JSON.stringify(entries.map((entry) => ({ ...entry, payload: JSON.stringify(entry.payload) })))
}

/** Parameters $1 to $10 of both writing statements. */
function common(row: ConversationRow, record: TurnRecord): unknown[] {
  const { session, status, block, language, seq, at } = record
  return [
    row.id,
    row.workspace,
    at,
    saidAsJson(record.messages),
    outboxAsJson(record.outbox),
    session,
    status,
    block,
    language,
    seq,
  ]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
