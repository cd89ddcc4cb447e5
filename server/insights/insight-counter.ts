import type { Logger } from 'pino'
import type { Trace } from '#server/api/dto.ts'
import type { ActKind, Opening } from '#server/conversations/conversation-rows.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import {
  type ChatCount,
  countTurns,
  type Slice,
  type Standing,
  type StoredTurn,
  stopOf,
  uncounted,
} from './count-turns.ts'

/** Conversations that are counted in one go: one short transaction. */
const portion = 50
/** Conversations that are looked at in one go for whether they have been counted. */
const page = 2_000
/** Milliseconds between two rounds; whoever asks for figures has what is known here counted at once. */
const every = 15_000
/** Milliseconds between two looks at every conversation: what another server left behind is found. */
const sweepEvery = 3_600_000

export type InsightCounter = ReturnType<typeof createInsightCounter>

interface Uncounted {
  id: string
  workspace_id: string
  bot_id: string
  version: number
  channel: string
  status: string
  block: string
  listener: string | null
  opening: string | null
  turn: number
  seq: number
  opened_at: Date | string
  counted_turn: number | null
  counted_seq: number | null
  standing: Standing | null
}

const uncountedStatement = `
select c.id, c.workspace_id, c.bot_id, c.version, c.channel, c.status, c.block, c.session::jsonb ->> 'listener' as listener, c.opening,
  c.turn, c.seq, c.created_at as opened_at, f.turn as counted_turn, f.seq as counted_seq, f.standing
from conversations c left join conversation_facts f on f.conversation_id = c.id
where c.id in (select jsonb_array_elements_text($1::text::jsonb)) and not c.is_try and c.environment = 'live' and c.version is not null
  and c.turn > coalesce(f.turn, 0)`

const turnsStatement = `
select m.conversation_id, m.turn, m.role, m.act, m.language, m.at, m.trace
from jsonb_to_recordset($1::text::jsonb) as w(id text, after int, upto int)
join messages m on m.conversation_id = w.id and m.seq > w.after and m.seq <= w.upto
where m.trace is not null or m.act is not null
order by m.conversation_id, m.seq`

/**
 * A conversation's counts replace the ones before, and only where nobody has counted it, or forgotten its counts, since they were read: of
 * two servers that count the same turns one finds the row changed and leaves everything as it is.
 */
const saveStatement = `
with facts as (
  select * from jsonb_to_recordset($1::text::jsonb) as f(conversation_id text, workspace_id text, bot_id text, turn int, seq int,
    standing jsonb, stopped_at text, via_node text, via_port text, ended boolean, last_at timestamptz, day text, version int,
    language text, channel text, before int)
), recounted as (
  update conversation_facts c set turn = f.turn, seq = f.seq, standing = f.standing, stopped_at = f.stopped_at,
    via_node = f.via_node, via_port = f.via_port, ended = f.ended, last_at = f.last_at, day = f.day, version = f.version,
    language = f.language
  from facts f where c.conversation_id = f.conversation_id and c.turn = f.before
  returning c.conversation_id
), fresh as (
  insert into conversation_facts (conversation_id, workspace_id, bot_id, turn, seq, standing, stopped_at, via_node, via_port, ended,
    last_at, day, version, language, channel)
  select conversation_id, workspace_id, bot_id, turn, seq, standing, stopped_at, via_node, via_port, ended, last_at, day, version,
    language, channel
  from facts where before is null
  on conflict (conversation_id) do nothing
  returning conversation_id
)
insert into conversation_days (conversation_id, day, version, language, workspace_id, bot_id, channel, said, person, over, verdicts,
  no_match, api_calls, last_at, ms, passes)
select d.conversation_id, d.day, d.version, d.language, d.workspace_id, d.bot_id, d.channel, d.said, d.person, d.over, d.verdicts,
  d."noMatch", d."apiCalls", d."lastAt", array(select jsonb_array_elements_text(d.ms)::real), d.passes
from jsonb_to_recordset($2::text::jsonb) as d(conversation_id text, day text, version int, language text, workspace_id text,
  bot_id text, channel text, said int, person boolean, over boolean, verdicts int, "noMatch" int, "apiCalls" int,
  "lastAt" timestamptz, ms jsonb, passes jsonb)
where d.conversation_id in (select conversation_id from recounted union all select conversation_id from fresh)
on conflict (conversation_id, day, version, language) do update set said = excluded.said, person = excluded.person,
  over = excluded.over, verdicts = excluded.verdicts, no_match = excluded.no_match, api_calls = excluded.api_calls,
  last_at = excluded.last_at, ms = excluded.ms, passes = excluded.passes`

/**
 * Counts what turns have stored, a conversation at a time: each turn once, whichever servers count and however often, since a
 * conversation's turns are numbered and its counts are replaced under the number up to which they go. Nothing is added to a turn itself.
 */
export function createInsightCounter(deps: {
  database: Pick<OpenDatabase, 'query'>
  /** IANA time zone of a version. */
  zoneOf: (workspace: string, bot: string, version: number) => Promise<string>
  log: Pick<Logger, 'warn'>
}) {
  const { database, zoneOf, log } = deps
  const zones = new Map<string, string>()
  const waiting = new Set<string>()
  let work: Promise<void> = Promise.resolve()
  let swept: Promise<void> | null = null
  let stopped = false

  async function zonesOf(rows: readonly Uncounted[], turns: readonly { version: number | undefined; id: string }[]) {
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const { id, version } of turns) {
      const { workspace_id, bot_id, version: now } = byId.get(id)!
      const key = `${bot_id}@${version ?? now}`
      if (zones.has(key)) continue
      await zoneOf(workspace_id, bot_id, version ?? now).then(
        (zone) => zones.set(key, zone),
        () => {},
      )
    }
  }

  async function slicesOf(ids: readonly string[]): Promise<Map<string, Slice[]>> {
    const rows = await database.query<StoredSlice>(
      `select * from conversation_days where conversation_id in (select jsonb_array_elements_text($1::text::jsonb))`,
      [JSON.stringify(ids)],
    )
    const found = new Map<string, Slice[]>()
    for (const row of rows) found.set(row.conversation_id, [...(found.get(row.conversation_id) ?? []), toSlice(row)])
    return found
  }

  /** Counts conversations up to what is stored of them now. */
  async function count(ids: readonly string[]): Promise<void> {
    const rows = await database.query<Uncounted>(uncountedStatement, [JSON.stringify(ids)])
    if (rows.length === 0) return
    const wanted = rows.map(({ id, counted_seq, seq }) => ({ id, after: counted_seq ?? 0, upto: seq }))
    const stored = await database.query<StoredMessage>(turnsStatement, [JSON.stringify(wanted)])
    const slices = await slicesOf(rows.filter(({ counted_turn }) => counted_turn !== null).map(({ id }) => id))
    const turns = new Map<string, StoredTurn[]>()
    for (const row of rows) turns.set(row.id, row.counted_turn === null ? openingOf(row) : [])
    for (const message of stored) turns.get(message.conversation_id)!.push(toTurn(message))
    const versions = [...turns].flatMap(([id, of]) => [
      { id, version: undefined },
      ...of.map(({ trace }) => ({ id, version: trace?.version })),
    ])
    await zonesOf(rows, versions)
    const counts = rows.map((row) => {
      const before: ChatCount = row.standing
        ? { standing: row.standing, slices: slices.get(row.id) ?? [] }
        : uncounted()
      // A version that cannot be read has its days in the time zone that bots begin with.
      const zone = (version: number) => zones.get(`${row.bot_id}@${version}`) ?? 'Asia/Shanghai'
      return { row, count: countTurns(before, turns.get(row.id)!, { first: row.version, zoneOf: zone }) }
    })
    const facts = counts.flatMap(({ row, count }) => toFact(row, count) ?? [])
    if (facts.length === 0) return
    const days = counts.flatMap(({ row, count }) =>
      count.slices.map((slice) => ({
        ...slice,
        over: slice.over || row.status === 'ended',
        conversation_id: row.id,
        workspace_id: row.workspace_id,
        bot_id: row.bot_id,
        channel: row.channel,
      })),
    )
    await database.query(saveStatement, [JSON.stringify(facts), JSON.stringify(days)])
  }

  async function countWaiting(): Promise<void> {
    while (waiting.size > 0 && !stopped) {
      const ids: string[] = []
      for (const id of waiting) {
        if (ids.length === portion) break
        ids.push(id)
      }
      for (const id of ids) waiting.delete(id)
      try {
        await count(ids)
        await pause()
      } catch (error) {
        for (const id of ids) waiting.add(id)
        throw error
      }
    }
  }

  /** Puts every conversation that was not counted to its end among those that wait. */
  async function findUncounted(): Promise<void> {
    for (let after = ''; !stopped; ) {
      const rows = await database.query<{ id: string; behind: boolean }>(
        `select p.id, not p.is_try and p.environment = 'live' and p.version is not null and p.turn > coalesce(f.turn, 0) as behind
         from (select id, is_try, environment, version, turn from conversations where id > $1 order by id limit $2::int) p
         left join conversation_facts f on f.conversation_id = p.id order by p.id`,
        [after, page],
      )
      for (const { id, behind } of rows) if (behind) waiting.add(id)
      await countWaiting()
      await pause()
      after = rows.at(-1)?.id ?? ''
      if (rows.length < page) return
    }
  }

  /** One after the other: two rounds of one server would count the same. */
  function inTurn(what: () => Promise<void>): Promise<void> {
    const mine = work.then(what)
    work = mine.catch(() => {})
    return mine
  }
  const warn = (error: unknown): void => log.warn({ err: error }, 'conversations could not be counted')
  const sweep = (): Promise<void> => {
    swept = inTurn(findUncounted)
    swept.catch(() => {
      swept = null
    })
    return swept
  }
  const round = setInterval(() => {
    if (swept === null) sweep().catch(warn)
    else if (waiting.size > 0) inTurn(countWaiting).catch(warn)
  }, every)
  const look = setInterval(() => sweep().catch(warn), sweepEvery)
  round.unref()
  look.unref()

  return {
    /** Something was said or done in a visitor's conversation. */
    mark(conversation: string): void {
      waiting.add(conversation)
    },

    /** Counts all that this server knows of; the first time after a start, all that is stored. */
    async catchUp(): Promise<void> {
      await (swept ?? sweep())
      await inTurn(countWaiting)
    },

    /** Forgets every count and counts anew what is stored. Answers with the number of conversations that were counted. */
    async rebuild(): Promise<number> {
      await inTurn(async () => {
        // In one statement: a server that counts meanwhile finds both, or neither.
        await database.query('with facts as (delete from conversation_facts) delete from conversation_days')
      })
      await sweep()
      const [row] = await database.query<{ count: number }>('select count(*)::int as count from conversation_facts')
      return row?.count ?? 0
    },

    /** Lets the round that runs finish. */
    async stop(): Promise<void> {
      stopped = true
      clearInterval(round)
      clearInterval(look)
      await work
    },
  }
}

interface StoredMessage {
  conversation_id: string
  turn: number
  role: string
  act: ActKind | null
  language: string
  at: Date | string
  trace: string | null
}

interface StoredSlice extends Omit<Slice, 'noMatch' | 'apiCalls' | 'lastAt'> {
  conversation_id: string
  no_match: number
  api_calls: number
  last_at: Date | string
}

function toTurn({ turn, role, act, language, at, trace }: StoredMessage): StoredTurn {
  const told = trace === null ? null : (JSON.parse(trace) as Trace)
  const unasked = turn === 1 ? 'start' : told?.began ? 'outside' : 'silence'
  const kind = act !== null ? 'person' : role === 'user' ? 'visitor' : unasked
  return { kind, act, language, at: isoOf(at), trace: told }
}

/** The first turn of a conversation that began without a word. */
function openingOf({ opening, opened_at }: Uncounted): StoredTurn[] {
  if (opening === null) return []
  const { trace, language } = JSON.parse(opening) as Opening
  return [{ kind: 'start', act: null, language, at: isoOf(opened_at), trace }]
}

function toSlice({ conversation_id: _, no_match, api_calls, last_at, ...row }: StoredSlice): Slice {
  const { day, version, language, said, person, over, verdicts, ms, passes } = row
  const counts = { said, person, over, verdicts, noMatch: no_match, apiCalls: api_calls, ms, passes }
  return { day, version, language, lastAt: isoOf(last_at), ...counts }
}

function toFact(row: Uncounted, { standing }: ChatCount) {
  const { slice } = standing
  // Nothing that can be counted is stored of it: it is looked at again with its next turn.
  if (!slice) return null
  const stop = stopOf(standing, row)
  return {
    conversation_id: row.id,
    workspace_id: row.workspace_id,
    bot_id: row.bot_id,
    before: row.counted_turn,
    turn: row.turn,
    seq: row.seq,
    standing,
    stopped_at: stop?.block ?? null,
    via_node: stop?.via?.node ?? null,
    via_port: stop?.via?.port ?? null,
    ended: row.status === 'ended',
    last_at: slice.lastAt,
    day: slice.day,
    version: slice.version,
    language: slice.language,
    channel: row.channel,
  }
}

/** The embedded database answers within the same turn of the event loop: without a pause nobody else would have one. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const isoOf = (at: Date | string): string => new Date(at).toISOString()
