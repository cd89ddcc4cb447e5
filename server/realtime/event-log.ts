import { and, asc, eq, gt, max, sql } from 'drizzle-orm'
import type { OpenDatabase, Transaction } from '#server/db/client.ts'
import { events } from '#server/db/schema/events.ts'

export interface LoggedEvent<E> {
  /** Null for a passing event (progress): it is not kept and not replayed. */
  seq: number | null
  event: E
  /** Null for a passing event. */
  at: Date | null
}

export interface KeptEvent<E> {
  seq: number
  event: E
  at: Date
}

export interface EventLog {
  /** Writes an event in the caller's transaction: it exists if and only if what it tells of does. */
  append(tx: Transaction, workspace: string, topic: string, event: { type: string }): Promise<void>
  /** Tells whoever listens now, and nobody later. */
  pass(topic: string, event: { type: string }): Promise<void>
  /**
   * Calls `heard` with every kept event after `after` (null: from now on), in order and once each, and with passing ones as they
   * come. The answer stops it.
   */
  subscribe<E extends { type: string }>(
    topic: string,
    after: number | null,
    heard: (logged: LoggedEvent<E>) => void | Promise<void>,
  ): Promise<() => void>
  /** The first kept events after a number, in order. */
  read<E extends { type: string }>(topic: string, after: number, most: number): Promise<KeptEvent<E>[]>
  close(): Promise<void>
}

const keptChannel = 'botloom_events'
const passingChannel = 'botloom_passing'
/** PostgreSQL refuses longer notifications; a passing event that is larger is simply not told. */
const longestPayload = 7_900

interface Reader {
  wake(): void
  pass(event: { type: string }): void
}

/** Events over LISTEN and NOTIFY, on either database: any server tells the listeners of every other one. */
export async function createEventLog(database: OpenDatabase): Promise<EventLog> {
  const { db } = database
  const readers = new Map<string, Set<Reader>>()
  const each = (topic: string, act: (reader: Reader) => void): void => {
    for (const reader of readers.get(topic) ?? []) act(reader)
  }
  const stopKept = await database.listen(
    keptChannel,
    (topic) => each(topic, (reader) => reader.wake()),
    () => {
      for (const topic of readers.keys()) each(topic, (reader) => reader.wake())
    },
  )
  const stopPassing = await database.listen(passingChannel, (payload) => {
    const { topic, event } = JSON.parse(payload) as { topic: string; event: { type: string } }
    each(topic, (reader) => reader.pass(event))
  })

  return {
    async append(tx, workspace, topic, event) {
      // Writers of one topic take turns until they commit, so that numbers become visible in their order: a reader that has
      // seen n may then forget everything up to n.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${topic}, 0))`)
      await tx.insert(events).values({ workspaceId: workspace, topic, event })
      await notifyInside(tx, topic)
    },

    async pass(topic, event) {
      if (database.kind === 'pglite') {
        // One process: nobody else could hear it.
        each(topic, (reader) => reader.pass(event))
        return
      }
      const payload = JSON.stringify({ topic, event })
      if (payload.length < longestPayload) await database.notify(passingChannel, payload)
    },

    async subscribe<E extends { type: string }>(
      topic: string,
      after: number | null,
      heard: (logged: LoggedEvent<E>) => void | Promise<void>,
    ) {
      let last = after ?? (await newest(topic))
      let stopped = false
      let wanted = true
      let reading = false
      const read = async (): Promise<void> => {
        while (wanted && !stopped) {
          wanted = false
          const found = await db
            .select()
            .from(events)
            .where(and(eq(events.topic, topic), gt(events.seq, last)))
            .orderBy(asc(events.seq))
            .limit(500)
          for (const row of found) {
            if (stopped) return
            last = row.seq
            // Who subscribes to a topic knows what is written there.
            await heard({ seq: row.seq, event: row.event as E, at: row.at })
          }
          if (found.length === 500) wanted = true
        }
      }
      const reader: Reader = {
        wake() {
          wanted = true
          if (reading) return
          reading = true
          void read()
            // A database that is away for a moment is asked again at the next event.
            .catch(() => {})
            .finally(() => {
              reading = false
              if (wanted && !stopped) reader.wake()
            })
        },
        pass: (event) => void (stopped || heard({ seq: null, event: event as E, at: null })),
      }
      const mine = readers.get(topic) ?? new Set<Reader>()
      readers.set(topic, mine.add(reader))
      reader.wake()
      return () => {
        stopped = true
        mine.delete(reader)
        if (mine.size === 0) readers.delete(topic)
      }
    },

    async read<E extends { type: string }>(topic: string, after: number, most: number) {
      const found = await db
        .select()
        .from(events)
        .where(and(eq(events.topic, topic), gt(events.seq, after)))
        .orderBy(asc(events.seq))
        .limit(most)
      return found.map(({ seq, event, at }) => ({ seq, event: event as E, at }))
    },

    async close() {
      await stopKept()
      await stopPassing()
      readers.clear()
    },
  }

  async function newest(topic: string): Promise<number> {
    const [row] = await db
      .select({ seq: max(events.seq) })
      .from(events)
      .where(eq(events.topic, topic))
    return row?.seq ?? 0
  }

  async function notifyInside(tx: Transaction, topic: string): Promise<void> {
    await tx.execute(sql`select pg_notify(${keptChannel}, ${topic})`)
  }
}
