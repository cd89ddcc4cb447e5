import { createHash } from 'node:crypto'
import { and, desc, eq, inArray } from 'drizzle-orm'
import { maskPersonal, personalParts } from '#runtime/doctor/personal/personal-parts.ts'
import type { Trace } from '#server/api/dto.ts'
import { breath } from '#server/data/breath.ts'
import { storableText } from '#server/data/storable-text.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { unansweredMarks } from '#server/db/schema/unanswered.ts'

/** Turns that are read in one go. */
const portion = 500
/** Turns that are looked through, the latest first: a page is no archive. */
const mostTurns = 20_000
/** Different messages that are shown and grouped. */
export const mostMessages = 5_000

/** What somebody said and the bot did not understand; said several times it is one. */
export interface Unanswered {
  /** SHA-256 of the words as they are compared. */
  id: string
  /** Personal parts are masked. */
  text: string
  language: string
  /** ISO 8601: said last. */
  at: string
  times: number
  conversation: string
  seq: number
}

export type UnansweredMark = typeof unansweredMarks.$inferSelect
export type UnansweredStore = ReturnType<typeof createUnansweredStore>

interface StoredTurn {
  conversation_id: string
  seq: number
  language: string
  at: Date | string
  trace: string
}

/** Only what was counted as a miss is read: a bot's whole history would hold up its visitors. `$4` to `$6`: behind this time and message. */
const turnsStatement = `
select m.conversation_id, m.seq, m.language, m.at, m.trace
from messages m join conversations c on c.id = m.conversation_id
where c.workspace_id = $1 and c.bot_id = $2 and not c.is_try and c.environment = 'live' and c.version is not null
  and c.id in (select conversation_id from conversation_days where workspace_id = $1 and bot_id = $2 and no_match > 0)
  and m.trace like '%"missed":true%' and ($3::timestamptz is null or m.at >= $3::timestamptz)
  and ($4::timestamptz is null or (m.at, m.conversation_id, m.seq) < ($4::timestamptz, $5::text, $6::int))
order by m.at desc, m.conversation_id desc, m.seq desc limit ${portion}`

const stateStatement = `
select concat_ws(' ', misses.*, marks.*) as state
from (select count(*) as counted, sum(no_match) as missed, max(last_at) as latest from conversation_days
      where workspace_id = $1 and bot_id = $2 and no_match > 0) misses,
  (select count(*) as marked, max(marked_at) as latest from unanswered_marks where workspace_id = $1 and bot_id = $2) marks`

const tracesStatement = `
select m.conversation_id, m.seq, m.language, m.at, m.trace
from jsonb_to_recordset($2::text::jsonb) as w(conversation text, seq int)
join messages m on m.conversation_id = w.conversation and m.seq = w.seq
where m.workspace_id = $1 and m.trace is not null`

/** Messages that live visitors wrote and that met no topic, and what people made of them; over either database. */
export function createUnansweredStore({ database }: { database: Pick<OpenDatabase, 'query' | 'db'> }) {
  const { db } = database

  const ofBot = (workspace: string, bot: string) =>
    and(eq(unansweredMarks.workspaceId, workspace), eq(unansweredMarks.botId, bot))

  async function marked(workspace: string, bot: string): Promise<Set<string>> {
    const rows = await db.select({ key: unansweredMarks.key }).from(unansweredMarks).where(ofBot(workspace, bot))
    return new Set(rows.map(({ key }) => key))
  }

  return {
    /** Is another one as soon as a miss is counted or erased, or somebody sees to one: what was read before holds until then. */
    async state(workspace: string, bot: string): Promise<string> {
      const [now] = await database.query<{ state: string }>(stateStatement, [workspace, bot])
      return now?.state ?? ''
    },

    /**
     * What nobody has seen to since a time (ISO 8601; null: ever), the latest first, each once, at most `mostMessages`; conversations must
     * have been counted.
     */
    async open(workspace: string, bot: string, since: string | null): Promise<Unanswered[]> {
      const done = await marked(workspace, bot)
      const found = new Map<string, Unanswered>()
      let last: StoredTurn | undefined
      for (let read = 0; read < mostTurns; read += portion) {
        const rows: StoredTurn[] = await database.query<StoredTurn>(turnsStatement, [
          workspace,
          bot,
          since,
          last ? new Date(last.at).toISOString() : null,
          last?.conversation_id ?? null,
          last?.seq ?? null,
        ])
        for (const row of rows) {
          const message = toUnanswered(row)
          if (!message || done.has(message.id)) continue
          const known = found.get(message.id)
          if (known) known.times++
          else if (found.size < mostMessages) found.set(message.id, message)
        }
        last = rows.at(-1)
        if (rows.length < portion) break
        await breath()
      }
      return [...found.values()]
    },

    async mark(marks: readonly UnansweredMark[]): Promise<void> {
      for (let at = 0; at < marks.length; at += portion)
        await db
          .insert(unansweredMarks)
          .values(marks.slice(at, at + portion))
          .onConflictDoNothing()
    },

    /** What of these is marked, with where it went. */
    async marks(workspace: string, bot: string, ids: readonly string[]): Promise<UnansweredMark[]> {
      return db
        .select()
        .from(unansweredMarks)
        .where(and(ofBot(workspace, bot), inArray(unansweredMarks.key, [...ids])))
    },

    async unmark(workspace: string, bot: string, ids: readonly string[]): Promise<void> {
      await db.delete(unansweredMarks).where(and(ofBot(workspace, bot), inArray(unansweredMarks.key, [...ids])))
    },

    /** Messages that became rows, those that were put there last first, with how the bot took them then; erased ones are not there. */
    async taught(workspace: string, bot: string, most: number): Promise<(UnansweredMark & Heard)[]> {
      const marks = await db
        .select()
        .from(unansweredMarks)
        .where(and(ofBot(workspace, bot), eq(unansweredMarks.state, 'row')))
        .orderBy(desc(unansweredMarks.markedAt), unansweredMarks.key)
        .limit(most)
      const wanted = marks.map(({ conversationId, seq }) => ({ conversation: conversationId, seq }))
      const rows = await database.query<StoredTurn>(tracesStatement, [workspace, JSON.stringify(wanted)])
      const heard = new Map(rows.map((row) => [`${row.conversation_id} ${row.seq}`, heardIn(row)]))
      return marks.flatMap((mark) => {
        const then = heard.get(`${mark.conversationId} ${mark.seq}`)
        return then ? [{ ...mark, ...then }] : []
      })
    },
  }
}

/** How the bot took what it did not understand. */
interface Heard {
  text: string
  at: string
  /** Null where no published version answered. */
  version: number | null
  /** The likeliest topic, which was not likely enough. */
  guess: { name: string; probability: number } | null
  /** What it said instead. */
  said: string
}

function heardIn({ trace: stored, at }: StoredTurn): Heard | null {
  const trace = JSON.parse(stored) as Trace
  const miss = trace.path.find(({ missed }) => missed)
  // Counted as a miss is what was judged: a block may also not understand a number that it asked for.
  if (!miss || !trace.classification) return null
  const words = storableText(miss.heard ?? trace.classification.text).trim()
  if (words === '') return null
  const [likeliest] = trace.classification.labels
  return {
    text: maskPersonal(words, personalParts(words)),
    at: new Date(at).toISOString(),
    version: trace.version ?? null,
    guess: likeliest ? { name: likeliest.name, probability: likeliest.probability } : null,
    said: trace.path.flatMap(({ said }) => said).join('\n'),
  }
}

function toUnanswered(turn: StoredTurn): Unanswered | null {
  const heard = heardIn(turn)
  if (!heard) return null
  const { text, at } = heard
  return {
    id: createHash('sha256').update(compared(text)).digest('hex'),
    text,
    at,
    language: turn.language,
    times: 1,
    conversation: turn.conversation_id,
    seq: turn.seq,
  }
}

/** Case, width, blanks and the sign at the end make no other message. */
function compared(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
  return plain.replace(/[\p{P}\s]+$/u, '') || plain
}
