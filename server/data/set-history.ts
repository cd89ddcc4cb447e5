import { and, asc, count, desc, eq, inArray, lte, type SQL, sql } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { RevisionDeed, RevisionView, RowMoment, RowsChange, StatesDifference } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { users } from '#server/db/schema/auth.ts'
import { setLabels, setRevisions, setRows } from '#server/db/schema/sets.ts'
import { livingLabels, type RowVersion, toRowView, versionsAt } from './row-versions.ts'
import type { SetStore } from './set-store.ts'
import { type Deed, type SetHead, visibleAt } from './set-writer.ts'

export type SetHistory = ReturnType<typeof createSetHistory>

/** What became of a set and of its rows, and the ways back. A revision is never changed: going back makes a new one. */
export function createSetHistory({ db, sets }: { db: Database; sets: SetStore }) {
  /** Names of all labels that the set ever had. */
  async function namesOf(id: string): Promise<Map<string, string>> {
    const labels = await db
      .select({ id: setLabels.id, name: setLabels.name })
      .from(setLabels)
      .where(eq(setLabels.setId, id))
    return new Map(labels.map((label) => [label.id, label.name]))
  }

  async function deedsOf(id: string, revisions: readonly number[]): Promise<Map<number, RevisionDeed>> {
    const found = await db
      .select({ revision: setRevisions, name: users.name })
      .from(setRevisions)
      .leftJoin(users, eq(users.id, setRevisions.author))
      .where(and(eq(setRevisions.setId, id), inArray(setRevisions.revision, [...revisions])))
    return new Map(
      found.map(({ revision: { revision, createdAt, did }, name }) => [
        revision,
        { revision, at: createdAt.toISOString(), by: name, did },
      ]),
    )
  }

  async function checkRevision(id: string, revision: number): Promise<void> {
    const [found] = await db
      .select({ revision: setRevisions.revision })
      .from(setRevisions)
      .where(and(eq(setRevisions.setId, id), eq(setRevisions.revision, revision)))
    if (!found) throw new BotloomError('not-found', { what: 'revision' })
  }

  /** What a revision did to rows: the versions that it ended and began. */
  const touched = async (id: string, revision: number) => ({
    began: await db
      .select()
      .from(setRows)
      .where(and(eq(setRows.setId, id), eq(setRows.since, revision))),
    ended: await db
      .select()
      .from(setRows)
      .where(and(eq(setRows.setId, id), eq(setRows.until, revision))),
  })

  /** The rewriting that takes a revision back; rows that somebody changed since stay as they are. */
  async function planUndo(head: SetHead, revision: number): Promise<{ removed: RowVersion[]; added: RowVersion[] }> {
    const { began, ended } = await touched(head.id, revision)
    const removed = began.filter((row) => row.until === null)
    const free = new Set(removed.map((row) => row.id))
    const other = new Set(began.filter((row) => row.until !== null).map((row) => row.id))
    const gone = ended.filter((row) => !free.has(row.id) && !other.has(row.id)).map((row) => row.id)
    const back = new Set((await versionsAt(db, head.id, head.revision, gone)).map((row) => row.id))
    return { removed, added: ended.filter((row) => free.has(row.id) || (!other.has(row.id) && !back.has(row.id))) }
  }

  return {
    planUndo,

    /** Takes back what one revision did, as a new one. Throws `not-found`. */
    async undo(workspace: string, id: string, revision: number, by: string | null): Promise<RowsChange> {
      await sets.find(workspace, id)
      await checkRevision(id, revision)
      return sets.rewrite(workspace, id, { did: 'undo', by }, async (head) => {
        const { removed, added } = await planUndo(head, revision)
        return { removed, added: await livingLabels(db, id, added) }
      })
    },

    /** Makes the set what it was at a revision, as a new one. Throws `not-found`. */
    async restore(workspace: string, id: string, revision: number, by: string | null): Promise<RowsChange> {
      await sets.find(workspace, id)
      await checkRevision(id, revision)
      const deed: Deed = { did: 'restore', by }
      return sets.rewrite(workspace, id, deed, async (head) => {
        const only = (here: number, there: number) =>
          db
            .select()
            .from(setRows)
            .where(and(visibleAt(id, here), notVisibleAt(id, there)))
        const added = await livingLabels(db, id, await only(revision, head.revision))
        return { removed: await only(head.revision, revision), added }
      })
    },

    /** The states of a set, the newest first. */
    async states(workspace: string, id: string, page: { offset: number; limit: number }) {
      const { current } = await sets.find(workspace, id)
      const where = and(eq(setRevisions.setId, id), lte(setRevisions.revision, current))
      const found = await db
        .select()
        .from(setRevisions)
        .where(where)
        .orderBy(desc(setRevisions.revision))
        .limit(page.limit)
        .offset(page.offset)
      const numbers = found.map(({ revision }) => revision)
      if (numbers.length === 0) return { total: current + 1, states: [] }
      const deeds = await deedsOf(id, numbers)
      const began = db
        .select({
          revision: sql<number>`${setRows.since}`.as('began_at'),
          id: sql<string>`${setRows.id}`.as('began_id'),
        })
        .from(setRows)
        .where(and(eq(setRows.setId, id), inArray(setRows.since, numbers)))
        .as('began')
      const ended = db
        .select({
          revision: sql<number>`${setRows.until}`.as('ended_at'),
          id: sql<string>`${setRows.id}`.as('ended_id'),
        })
        .from(setRows)
        .where(and(eq(setRows.setId, id), inArray(setRows.until, numbers)))
        .as('ended')
      const revisionOf = sql<number>`coalesce(${began.revision}, ${ended.revision})`
      const counts = await db
        .select({
          revision: revisionOf.mapWith(Number),
          began: count(began.id),
          ended: count(ended.id),
          both: sql<number>`count(*) filter (where ${began.id} is not null and ${ended.id} is not null)`.mapWith(
            Number,
          ),
        })
        .from(began)
        .fullJoin(ended, and(eq(began.revision, ended.revision), eq(began.id, ended.id)))
        .groupBy(revisionOf)
      const of = new Map(counts.map((line) => [line.revision, line]))
      const states = found.map(({ revision, hash, rows }): RevisionView => {
        const line = of.get(revision) ?? { began: 0, ended: 0, both: 0 }
        const { began, ended, both } = line
        return { ...deeds.get(revision)!, hash, rows, added: began - both, removed: ended - both, changed: both }
      })
      return { total: current + 1, states }
    },

    /** What a row was and is, the newest first. Throws `not-found` for one that the set never had. */
    async ofRow(workspace: string, id: string, row: string): Promise<RowMoment[]> {
      const { current } = await sets.find(workspace, id)
      const versions = await db
        .select()
        .from(setRows)
        .where(and(eq(setRows.setId, id), eq(setRows.id, row), lte(setRows.since, current)))
        .orderBy(asc(setRows.since))
      if (versions.length === 0) throw new BotloomError('not-found', { what: 'row' })
      const names = await namesOf(id)
      const moments: { revision: number; row: RowVersion | null }[] = []
      for (const [at, version] of versions.entries()) {
        moments.push({ revision: version.since, row: version })
        const { until } = version
        if (until !== null && until <= current && versions[at + 1]?.since !== until)
          moments.push({ revision: until, row: null })
      }
      const deeds = await deedsOf(
        id,
        moments.map(({ revision }) => revision),
      )
      return moments
        .reverse()
        .map(({ revision, row: then }) => ({ ...deeds.get(revision)!, row: then && toRowView(then, names) }))
    },

    /** What came between two states, the second by default the one of today, in the order of the rows. Throws `not-found`. */
    async compare(
      workspace: string,
      id: string,
      range: { from: number; to?: number; offset: number; limit: number },
    ): Promise<StatesDifference> {
      const { current } = await sets.find(workspace, id)
      const { from, to = current, offset, limit } = range
      await checkRevision(id, from)
      await checkRevision(id, to)
      const only = (here: number, there: number, name: string) =>
        db
          .select({
            id: sql<string>`${setRows.id}`.as(`${name}_id`),
            seq: sql<number>`${setRows.seq}`.as(`${name}_seq`),
            position: sql<number>`${setRows.position}`.as(`${name}_position`),
            content: contentText.as(`${name}_content`),
          })
          .from(setRows)
          .where(and(visibleAt(id, here), notVisibleAt(id, there)))
          .as(name)
      const [before, after] = [only(from, to, 'before_rows'), only(to, from, 'after_rows')]
      // What went and came back is another version that says the same.
      const differs = sql`${before.content} is distinct from ${after.content}`
      const amount = (condition: SQL) => sql<number>`count(*) filter (where ${condition})`.mapWith(Number)
      const [counts] = await db
        .select({
          added: amount(sql`${before.id} is null`),
          removed: amount(sql`${after.id} is null`),
          changed: amount(sql`${before.id} is not null and ${after.id} is not null`),
        })
        .from(before)
        .fullJoin(after, eq(before.id, after.id))
        .where(differs)
      const page = await db
        .select({
          id: sql<string>`coalesce(${after.id}, ${before.id})`,
          before: sql<string | null>`${before.seq}`,
          after: sql<string | null>`${after.seq}`,
        })
        .from(before)
        .fullJoin(after, eq(before.id, after.id))
        .where(differs)
        .orderBy(sql`coalesce(${after.position}, ${before.position})`, sql`1`)
        .limit(limit)
        .offset(offset)
      const seqs = page
        .flatMap(({ before, after }) => [before, after])
        .flatMap((one) => (one === null ? [] : [Number(one)]))
      const versions = seqs.length === 0 ? [] : await db.select().from(setRows).where(inArray(setRows.seq, seqs))
      const bySeq = new Map(versions.map((version) => [version.seq, version]))
      const names = await namesOf(id)
      const view = (seq: string | number | null) => {
        const version = seq === null ? undefined : bySeq.get(Number(seq))
        return version ? toRowView(version, names) : null
      }
      const rows = page.map(({ id: row, before, after }) => ({ id: row, before: view(before), after: view(after) }))
      return { ...(counts ?? { added: 0, removed: 0, changed: 0 }), rows }
    },
  }
}

/** All that a row says, for a look whether two versions say the same. */
const contentText = sql<string>`row(${setRows.text}, ${setRows.pair}, ${setRows.label}, ${setRows.language}, ${setRows.group}, ${setRows.outOfScope}, ${setRows.entities}, ${setRows.split})::text`

const notVisibleAt = (id: string, revision: number) => sql`not (${visibleAt(id, revision)})`
