import { and, asc, count, eq, inArray, isNotNull, isNull, lte, max, type SQL, sql } from 'drizzle-orm'
import { BotloomError, type DatasetRow, type EntitySpan, type LabelFact, type LabelRef } from '#kit'
import type { RowFix } from '#runtime/doctor/finding.ts'
import { hashOf } from '#runtime/graph/canonical.ts'
import type { ImportAnswer, RowFilter, RowSource, RowsChange, RowsPage, RowView, SetSummary } from '#server/api/dto.ts'
import type { Database, Transaction } from '#server/db/client.ts'
import { setLabels, setMarks, setRevisions, setRows, sets } from '#server/db/schema/sets.ts'
import { newId } from '#server/new-id.ts'
import { createKeyedMutex } from './keyed-mutex.ts'
import { changedHash, emptySetHash, type HashedRow } from './row-hash.ts'
import { readEntityTypes, readRowPage, readSources } from './row-page.ts'
import {
  batchSize,
  closeRows,
  contentOf,
  editedRow,
  hashed,
  livingLabels,
  type RowEdit,
  type RowVersion,
  toDatasetRow,
  toRowView,
  versionsAt,
  writeVersions,
} from './row-versions.ts'
import {
  claimStaging,
  type Deed,
  dropStaging,
  lockSet,
  renewStaging,
  type SetHead,
  switchRevision,
  visibleAt,
} from './set-writer.ts'
import { storableText } from './storable-text.ts'

/** Longest text of a row, in UTF-16 units. */
export const maxRowLength = 10_000

/** A row on its way in. `label` is a name; `labelId` asks for an id (templates) when the name is new. */
export interface IncomingRow {
  /** Who has to find it again gives it. */
  id?: string
  text: string
  /** The second text: the answer of a question, or the other sentence. */
  pair?: string
  label: string | null
  labelId?: string
  language?: string
  group?: string
  outOfScope?: boolean
  /** Of the text without spaces around it. */
  entities?: readonly EntitySpan[]
}
/** What an import in several parts keeps between them, so that not every part reads the whole set. */
export interface KnownRows {
  /** The revision that `seen` is of; a set that somebody else changed meanwhile is read anew. */
  revision: number
  seen: Set<string>
  settled: Set<string>
}

/** What came between two contents of a set: rows by their ids, and labels that have another name. */
export interface SetDifference {
  added: number
  removed: number
  /** Rows that were there before and say something else now. */
  changed: number
  renamed: { from: string; to: string }[]
}

export type SetStore = ReturnType<typeof createSetStore>

/**
 * Records with immutable revisions. Every write makes a new revision; an import fills one in batches of at most 1,000
 * rows a transaction and shows it by one switch.
 */
export function createSetStore(deps: { db: Database; now?: () => Date }) {
  const { db } = deps
  const now = deps.now ?? (() => new Date())
  const inTurn = createKeyedMutex()

  async function find(workspace: string, id: string, from: Database | Transaction = db) {
    const [set] = await from
      .select()
      .from(sets)
      .where(and(eq(sets.workspaceId, workspace), eq(sets.id, id)))
    if (!set) throw new BotloomError('not-found', { what: 'set' })
    return set
  }

  /** The labels that rows may have; merged ones are gone. */
  async function labelsOf(id: string, from: Database | Transaction = db): Promise<LabelRef[]> {
    return from
      .select({ id: setLabels.id, name: setLabels.name })
      .from(setLabels)
      .where(and(eq(setLabels.setId, id), isNull(setLabels.mergedInto)))
      .orderBy(asc(setLabels.position), asc(setLabels.id))
  }

  /** The last revision with this content; null where none has it. */
  async function revisionOf(id: string, hash: string, from: Database | Transaction = db): Promise<number | null> {
    const [found] = await from
      .select({ revision: max(setRevisions.revision) })
      .from(setRevisions)
      .where(and(eq(setRevisions.setId, id), eq(setRevisions.hash, rowsHash(hash))))
    return found?.revision ?? null
  }

  async function hashAt(id: string, revision: number): Promise<string> {
    const [found] = await db
      .select({ hash: setRevisions.hash })
      .from(setRevisions)
      .where(and(eq(setRevisions.setId, id), eq(setRevisions.revision, revision)))
    return found?.hash ?? emptySetHash
  }

  async function labelFacts(id: string, revision: number): Promise<LabelFact[]> {
    const labels = await labelsOf(id)
    const counts = await db
      .select({ label: setRows.label, rows: count() })
      .from(setRows)
      .where(visibleAt(id, revision))
      .groupBy(setRows.label)
    const rows = new Map(counts.map((line) => [line.label, line.rows]))
    return labels.map((label) => ({ ...label, rows: rows.get(label.id) ?? 0, trained: false }))
  }

  async function summary(workspace: string, id: string): Promise<SetSummary> {
    const set = await find(workspace, id)
    const [revision] = await db
      .select()
      .from(setRevisions)
      .where(and(eq(setRevisions.setId, id), eq(setRevisions.revision, set.current)))
    const languages = await db
      .select({ language: setRows.language, rows: count() })
      .from(setRows)
      .where(visibleAt(id, set.current))
      .groupBy(setRows.language)
    const [without] = await db
      .select({
        outside: sql<number>`count(*) filter (where ${setRows.outOfScope})`.mapWith(Number),
        open: sql<number>`count(*) filter (where not ${setRows.outOfScope})`.mapWith(Number),
      })
      .from(setRows)
      .where(and(visibleAt(id, set.current), isNull(setRows.label)))
    return {
      id,
      name: set.name,
      rows: revision?.rows ?? 0,
      revision: revision?.hash ?? emptySetHash,
      updatedAt: set.updatedAt.toISOString(),
      labels: await labelFacts(id, set.current),
      outOfScopeRows: without?.outside ?? 0,
      unlabelledRows: without?.open ?? 0,
      languages: languages
        .flatMap((line) => (line.language === null ? [] : [{ language: line.language, rows: line.rows }]))
        .sort((a, b) => b.rows - a.rows),
    }
  }

  /** Ids for label names, old ones as they are, new ones added behind. */
  async function giveLabels(
    tx: Transaction,
    head: Pick<SetHead, 'id' | 'workspaceId'>,
    wanted: Iterable<{ name: string; id?: string }>,
  ): Promise<{ byName: Map<string, string>; added: LabelRef[] }> {
    const known = await labelsOf(head.id, tx)
    const byName = new Map(known.map((label) => [label.name, label.id]))
    const all = await tx
      .select({ id: setLabels.id, position: setLabels.position })
      .from(setLabels)
      .where(eq(setLabels.setId, head.id))
    const ids = new Set(all.map((label) => label.id))
    const last = all.reduce((most, { position }) => Math.max(most, position), -1)
    const added: (LabelRef & { position: number })[] = []
    for (const { name, id } of wanted) {
      if (byName.has(name)) continue
      const given = id !== undefined && !ids.has(id) ? id : newId('lbl')
      byName.set(name, given)
      ids.add(given)
      added.push({ id: given, name, position: last + 1 + added.length })
    }
    for (let at = 0; at < added.length; at += batchSize)
      await tx
        .insert(setLabels)
        .values(
          added.slice(at, at + batchSize).map((label) => ({ ...label, setId: head.id, workspaceId: head.workspaceId })),
        )
    return { byName, added: added.map(({ id, name }) => ({ id, name })) }
  }

  /** Fills a claimed revision in batches, and shows it by one switch. */
  async function fill(
    head: SetHead,
    staging: number,
    rows: readonly NewRow[],
    { origin, by }: { origin: string; by: string | null },
  ): Promise<void> {
    const { id } = head
    for (let at = 0; at < rows.length; at += batchSize)
      await db.transaction(async (tx) => {
        await renewStaging(tx, id, staging, now())
        await tx.execute(insertRows({ head, staging, origin, at: now() }, rows.slice(at, at + batchSize)))
      })
    const hash = changedHash(head.hash, rows.map(hashed), [])
    await db.transaction(async (tx) => {
      await renewStaging(tx, id, staging, now())
      if (rows.length > 0)
        await switchRevision(tx, head, { hash, rows: head.rows + rows.length, did: 'import', by }, now())
      else await tx.update(sets).set({ staging: null, stagingAt: null }).where(eq(sets.id, id))
    })
  }

  async function importRows(
    workspace: string,
    id: string,
    incoming: readonly IncomingRow[],
    origin: string,
    by: string | null = null,
    known: KnownRows = { revision: -1, seen: new Set(), settled: new Set() },
  ): Promise<Omit<ImportAnswer, 'broken'>> {
    return inTurn(id, async () => {
      // Ids are given before the batches, so that rows can name them; a label without rows shows nothing anywhere.
      const { head, staging, byName, added, position } = await db.transaction(async (tx) => {
        const head = await lockSet(tx, workspace, id, now())
        const names = new Map<string, string | undefined>()
        for (const row of incoming) if (row.label !== null && !names.has(row.label)) names.set(row.label, row.labelId)
        const given = await giveLabels(
          tx,
          head,
          [...names].map(([name, labelId]) => ({ name, id: labelId })),
        )
        const [last] = await tx
          .select({ position: max(setRows.position) })
          .from(setRows)
          .where(visibleAt(id, head.revision))
        const staging = await claimStaging(tx, head, now())
        return { head, staging, ...given, position: last?.position ?? 0 }
      })
      try {
        if (known.revision !== head.revision) {
          const existing = await db
            .select({ text: setRows.text, pair: setRows.pair, label: setRows.label, outOfScope: setRows.outOfScope })
            .from(setRows)
            .where(visibleAt(id, head.revision))
          known.seen = new Set(existing.map(sameness))
          // Words that somebody gave a topic, or none on purpose, are not asked about again.
          known.settled = new Set(existing.map(wordsOf))
        }
        const { seen, settled } = known
        // Whatever goes wrong from here on, neither is of a revision that there is.
        known.revision = -1
        const rows: NewRow[] = []
        let duplicates = 0
        for (const row of incoming) {
          const text = storableText(row.text).trim()
          const pair = storableText(row.pair ?? '').trim() || null
          if (text.length > maxRowLength || (pair?.length ?? 0) > maxRowLength)
            throw new BotloomError('data-row-too-long', { limit: maxRowLength })
          const label = row.outOfScope || row.label === null ? null : (byName.get(row.label) ?? null)
          const outOfScope = row.outOfScope === true
          const key = sameness({ text, pair, label, outOfScope })
          const isOpen = label === null && !outOfScope
          if (text === '' || seen.has(key) || (isOpen && settled.has(wordsOf({ text, pair })))) {
            duplicates += text === '' ? 0 : 1
            continue
          }
          seen.add(key)
          settled.add(wordsOf({ text, pair }))
          rows.push({
            id: row.id ?? newId('row'),
            position: position + rows.length + 1,
            text,
            pair,
            label,
            language: row.language ?? null,
            group: row.group ?? null,
            outOfScope,
            entities: row.entities ?? null,
            split: null,
          })
        }
        await fill(head, staging, rows, { origin, by })
        known.revision = rows.length > 0 ? staging : head.revision
        const answer = await summary(workspace, id)
        const fresh = new Set(added.map((label) => label.id))
        return {
          set: answer,
          added: rows.length,
          duplicates,
          newLabels: answer.labels.filter((label) => fresh.has(label.id)),
        }
      } catch (error) {
        await dropStaging(db, id, staging)
        throw error
      }
    })
  }

  /** Whole records into a new set: label ids, order and rows as they are given, none left out. Texts must be storable. */
  async function importWhole(
    workspace: string,
    id: string,
    { labels, rows }: { labels: readonly LabelRef[]; rows: readonly Omit<DatasetRow, 'id'>[] },
    origin: string,
  ): Promise<void> {
    return inTurn(id, async () => {
      const { head, staging } = await db.transaction(async (tx) => {
        const head = await lockSet(tx, workspace, id, now())
        await giveLabels(tx, head, labels)
        return { head, staging: await claimStaging(tx, head, now()) }
      })
      try {
        const added = rows.map(({ split, ...row }, index): NewRow => {
          // A set keeps one wish alone: that a row is learned from.
          const own = hashed({ ...row, split: split === 'train' ? split : null })
          return { ...own, id: newId('row'), position: index + 1 }
        })
        await fill(head, staging, added, { origin, by: null })
      } catch (error) {
        await dropStaging(db, id, staging)
        throw error
      }
    })
  }

  /** One small write as one transaction and one revision. */
  function change<T>(
    workspace: string,
    id: string,
    deed: Deed,
    work: (tx: Transaction, head: SetHead) => Promise<Changed<T>>,
  ) {
    return inTurn(id, () =>
      db.transaction(async (tx) => {
        const head = await lockSet(tx, workspace, id, now())
        const { result, added, removed } = await work(tx, head)
        if (added.length > 0 || removed.length > 0) {
          const hash = changedHash(head.hash, added, removed)
          await switchRevision(tx, head, { ...deed, hash, rows: head.rows + added.length - removed.length }, now())
        }
        return result
      }),
    )
  }

  async function editRow(
    workspace: string,
    id: string,
    rowId: string,
    edit: RowEdit,
    by: string | null = null,
  ): Promise<RowView> {
    return change(workspace, id, { did: deedOf(edit), by }, async (tx, head) => {
      const { rows, added, removed } = await edited(tx, head, [rowId], edit)
      const [row] = rows
      if (!row) throw new BotloomError('not-found', { what: 'row' })
      const labels = await labelsOf(id, tx)
      return { result: toRowView(row, new Map(labels.map((l) => [l.id, l.name]))), added, removed }
    })
  }

  /** Rows that are in the set, changed alike and written where that changed them. */
  async function edited(tx: Transaction, head: SetHead, rowIds: readonly string[], edit: RowEdit) {
    const given = edit.label ? (await giveLabels(tx, head, [{ name: edit.label }])).byName.get(edit.label) : undefined
    const changed: RowVersion[] = []
    const replaced: RowVersion[] = []
    const rows: RowVersion[] = []
    for (const old of await versionsAt(tx, head.id, head.revision, rowIds)) {
      const next = editedRow(old, edit, given)
      rows.push(next)
      if (contentOf(next) === contentOf(old)) continue
      changed.push(next)
      replaced.push(old)
    }
    await closeRows(tx, head, replaced)
    await writeVersions(tx, head, changed)
    return { rows, added: changed.map(hashed), removed: replaced.map(hashed) }
  }

  /** Several rows changed alike, as one revision. */
  async function changeRows(
    workspace: string,
    id: string,
    rowIds: readonly string[],
    edit: RowEdit,
    by: string | null = null,
  ): Promise<RowsChange> {
    return change(workspace, id, { did: deedOf(edit), by }, async (tx, head) => {
      const { added, removed } = await edited(tx, head, rowIds, edit)
      const revision = added.length > 0 ? head.revision + 1 : null
      return { result: { before: head.hash, changed: added.length, revision }, added, removed }
    })
  }

  /**
   * Rows taken away and put in as one revision, however many: in batches that nobody sees before the switch, so that the one connection of the
   * embedded database is never held for long. `also` is written in the transaction of the switch, also where no row changes; `revision` is
   * null then.
   */
  async function rewrite(
    workspace: string,
    id: string,
    deed: Deed,
    plan: (head: SetHead) => Promise<{ removed: RowVersion[]; added: RowVersion[] }>,
    also: (tx: Transaction, done: RowsChange) => Promise<void> = async () => {},
  ): Promise<RowsChange> {
    return inTurn(id, async () => {
      const { head, staging } = await db.transaction(async (tx) => {
        const head = await lockSet(tx, workspace, id, now())
        return { head, staging: await claimStaging(tx, head, now()) }
      })
      try {
        const { removed, added } = await plan(head)
        const inBatches = async (rows: RowVersion[], write: typeof closeRows) => {
          for (let at = 0; at < rows.length; at += batchSize)
            await db.transaction(async (tx) => {
              await renewStaging(tx, id, staging, now())
              await write(tx, head, rows.slice(at, at + batchSize))
            })
        }
        await inBatches(removed, closeRows)
        await inBatches(added, writeVersions)
        const hash = changedHash(head.hash, added.map(hashed), removed.map(hashed))
        const changed = Math.max(added.length, removed.length)
        const done: RowsChange = { before: head.hash, changed, revision: changed > 0 ? staging : null }
        await db.transaction(async (tx) => {
          await renewStaging(tx, id, staging, now())
          const rows = head.rows + added.length - removed.length
          if (changed > 0) await switchRevision(tx, head, { ...deed, hash, rows }, now())
          else await tx.update(sets).set({ staging: null, stagingAt: null }).where(eq(sets.id, id))
          await also(tx, done)
        })
        return done
      } catch (error) {
        await dropStaging(db, id, staging)
        throw error
      }
    })
  }

  /** The revision of a content that somebody saw. Throws `not-found`. */
  async function knownRevision(id: string, content: string): Promise<number> {
    const then = await revisionOf(id, content)
    if (then === null) throw new BotloomError('not-found', { what: 'revision' })
    return then
  }

  /** Makes rows what they were in a former content of the set, those that were not in it included: the way back from a change. */
  async function restoreRows(
    workspace: string,
    id: string,
    rowIds: readonly string[],
    to: string,
    by: string | null = null,
  ) {
    return rewrite(workspace, id, { did: 'undo', by }, async (head) => {
      const was = await versionsAt(db, id, await knownRevision(id, to), rowIds)
      const is = await versionsAt(db, id, head.revision, rowIds)
      const same = new Set(was.map((row) => row.seq))
      const kept = new Set(is.flatMap((row) => (same.has(row.seq) ? [row.seq] : [])))
      const added = await livingLabels(
        db,
        id,
        was.filter((row) => !kept.has(row.seq)),
      )
      return { removed: is.filter((row) => !kept.has(row.seq)), added }
    })
  }

  /** Rows as they are now, those of these ids that are what they were in a former content. Throws `not-found`. */
  async function unchangedSince(id: string, from: string, rowIds: readonly string[], revision: number) {
    const was = new Map((await versionsAt(db, id, await knownRevision(id, from), rowIds)).map((row) => [row.id, row]))
    return (await versionsAt(db, id, revision, rowIds)).filter((row) => {
      const then = was.get(row.id)
      return then !== undefined && contentOf(then) === contentOf(row)
    })
  }

  /**
   * Mends rows each in its own way, as one revision. A row that is another than in the content `from`, where its fix was thought of, stays as it
   * is, and so does a copy whose other row is gone by now. Labels are ids; one that the set has not is refused.
   */
  async function mendRows(
    workspace: string,
    id: string,
    from: string,
    fixes: ReadonlyMap<string, RowFix>,
    by: string | null = null,
  ): Promise<RowsChange & { rows: string[] }> {
    const names = new Set((await labelsOf((await find(workspace, id)).id)).map((label) => label.id))
    const rows: string[] = []
    const answer = await rewrite(workspace, id, { did: 'doctor', by }, async (head) => {
      const removed: RowVersion[] = []
      const added: RowVersion[] = []
      const keepers = [...fixes.values()].flatMap((fix) => (fix.do === 'remove' && fix.keeper ? [fix.keeper] : []))
      const standing = new Set((await versionsAt(db, id, head.revision, [...new Set(keepers)])).map((row) => row.id))
      for (const old of await unchangedSince(id, from, [...fixes.keys()], head.revision)) {
        const fix = fixes.get(old.id)!
        if (fix.do === 'remove') {
          if (fix.keeper && !standing.has(fix.keeper)) continue
          removed.push(old)
        } else {
          if (fix.do === 'label' && !names.has(fix.label)) throw new BotloomError('not-found', { what: 'label' })
          const next =
            fix.do === 'label' ? editedRow(old, { label: fix.label }, fix.label) : editedRow(old, fix, undefined)
          if (contentOf(next) === contentOf(old)) continue
          removed.push(old)
          added.push(next)
        }
        rows.push(old.id)
      }
      return { removed, added }
    })
    return { ...answer, rows }
  }

  async function deleteRows(
    workspace: string,
    id: string,
    rowIds: readonly string[],
    by: string | null = null,
  ): Promise<RowsChange> {
    return change(workspace, id, { did: 'delete', by }, async (tx, head) => {
      const gone = await versionsAt(tx, id, head.revision, rowIds)
      await closeRows(tx, head, gone)
      const removed = gone.map(hashed)
      const revision = removed.length > 0 ? head.revision + 1 : null
      return { result: { before: head.hash, changed: removed.length, revision }, added: [], removed }
    })
  }

  /** All rows of what the set is now, in order; pages keep a large set from holding the one connection of the embedded database. */
  async function* recordPages(workspace: string, id: string, size: number): AsyncGenerator<DatasetRow[]> {
    const set = await find(workspace, id)
    for (let after = 0; ; ) {
      const page = await db
        .select()
        .from(setRows)
        .where(and(visibleAt(id, set.current), sql`${setRows.position} > ${after}`))
        .orderBy(asc(setRows.position))
        .limit(size)
      if (page.length > 0) yield page.map(toDatasetRow)
      const last = page.at(-1)
      if (!last || page.length < size) return
      after = last.position
    }
  }

  return {
    summary,
    importRows,
    importWhole,
    editRow,
    changeRows,
    restoreRows,
    deleteRows,
    mendRows,
    rewrite,
    giveLabels,
    find,

    /** Rows of these ids that are still what they were in a former content, with the names of their labels. */
    async standing(
      workspace: string,
      id: string,
      from: string,
      rowIds: readonly string[],
    ): Promise<Map<string, RowView>> {
      const { current } = await find(workspace, id)
      const names = new Map((await labelsOf(id)).map((label) => [label.id, label.name]))
      return new Map((await unchangedSince(id, from, rowIds, current)).map((row) => [row.id, toRowView(row, names)]))
    },

    async labels(workspace: string, id: string): Promise<LabelRef[]> {
      return labelsOf((await find(workspace, id)).id)
    },

    /** What a block that names the set is told of it: rows are those that teach, by a label or a second text. */
    async facts(workspace: string, id: string): Promise<{ labels: LabelFact[]; rows: number; pairs: boolean }> {
      const { current } = await find(workspace, id)
      const labels = await labelFacts(id, current)
      const [found] = await db
        .select({
          pairs: count(),
          unlabelled: sql<number>`count(*) filter (where ${setRows.label} is null)`.mapWith(Number),
        })
        .from(setRows)
        .where(and(visibleAt(id, current), isNotNull(setRows.pair)))
      const labelled = labels.reduce((sum, label) => sum + label.rows, 0)
      return { labels, rows: labelled + (found?.unlabelled ?? 0), pairs: (found?.pairs ?? 0) > 0 }
    },

    async create(workspace: string, botId: string, name: string, id: string = newId('set')): Promise<string> {
      const at = now()
      await db.transaction(async (tx) => {
        await tx
          .insert(sets)
          .values({ id, workspaceId: workspace, botId, name, current: 0, createdAt: at, updatedAt: at })
        await tx
          .insert(setRevisions)
          .values({ setId: id, workspaceId: workspace, revision: 0, hash: emptySetHash, rows: 0, createdAt: at })
      })
      return id
    },

    async list(workspace: string, botId: string): Promise<SetSummary[]> {
      const found = await db
        .select({ id: sets.id })
        .from(sets)
        .where(and(eq(sets.workspaceId, workspace), eq(sets.botId, botId)))
        .orderBy(asc(sets.createdAt))
      const summaries: SetSummary[] = []
      for (const set of found) summaries.push(await summary(workspace, set.id))
      return summaries
    },

    /** Whose set it is. */
    async botOf(workspace: string, id: string): Promise<string> {
      return (await find(workspace, id)).botId
    },

    async page(workspace: string, id: string, query: RowFilter & { offset: number; limit: number }): Promise<RowsPage> {
      const { current } = await find(workspace, id)
      return readRowPage(db, { id, revision: current }, query)
    },

    /** Types of the marked entities, the most used first. */
    async entityTypes(workspace: string, id: string): Promise<string[]> {
      const { current } = await find(workspace, id)
      return readEntityTypes(db, { id, revision: current })
    },

    /** Where the rows came from. */
    async sources(workspace: string, id: string): Promise<RowSource[]> {
      const { current } = await find(workspace, id)
      return readSources(db, { id, revision: current })
    },

    /** Marks rows to come back to, or takes the mark away. Ids of rows that the set never had are passed over. */
    async mark(workspace: string, id: string, rowIds: readonly string[], marked: boolean): Promise<number> {
      const set = await find(workspace, id)
      const known = (await versionsAt(db, id, set.current, rowIds)).map((row) => row.id)
      for (let at = 0; at < known.length; at += batchSize) {
        const part = known.slice(at, at + batchSize)
        if (marked)
          await db
            .insert(setMarks)
            .values(part.map((rowId) => ({ setId: id, workspaceId: workspace, rowId })))
            .onConflictDoNothing()
        else await db.delete(setMarks).where(and(eq(setMarks.setId, id), inArray(setMarks.rowId, part)))
      }
      return known.length
    },

    /** Rows of these ids as they are now, in the order of the ids; those that are gone are left out. */
    async rowsNow(workspace: string, id: string, rowIds: readonly string[]): Promise<RowView[]> {
      const { current } = await find(workspace, id)
      const names = new Map((await labelsOf(id)).map((label) => [label.id, label.name]))
      const rows = new Map((await versionsAt(db, id, current, rowIds)).map((row) => [row.id, toRowView(row, names)]))
      return rowIds.flatMap((row) => rows.get(row) ?? [])
    },

    /** The name alone; what depends on it is changed by `createLabelSteps`. Throws `label-name-taken`, `not-found`. */
    async renameLabel(
      workspace: string,
      id: string,
      label: string,
      name: string,
      from: Database | Transaction = db,
    ): Promise<LabelRef> {
      await find(workspace, id, from)
      const labels = await labelsOf(id, from)
      const old = labels.find((one) => one.id === label)
      if (!old) throw new BotloomError('not-found', { what: 'label' })
      if (labels.some((other) => other.name === name && other.id !== label))
        throw new BotloomError('label-name-taken', { name })
      await from
        .update(setLabels)
        .set({ name })
        .where(and(eq(setLabels.setId, id), eq(setLabels.id, label)))
      return old
    },

    /** Rows that were in a former content of the set: what each of them is now, null where it is gone. Empty where that content is not known. */
    async whatBecameOf(
      workspace: string,
      id: string,
      from: string,
      rowIds: readonly string[],
    ): Promise<Map<string, RowView | null>> {
      const { current } = await find(workspace, id)
      const then = await revisionOf(id, from)
      if (then === null) return new Map()
      const names = new Map((await labelsOf(id)).map((label) => [label.id, label.name]))
      const now = new Map((await versionsAt(db, id, current, rowIds)).map((row) => [row.id, toRowView(row, names)]))
      return new Map((await versionsAt(db, id, then, rowIds)).map((row) => [row.id, now.get(row.id) ?? null]))
    },

    /** Ids of the rows of a former content that are another row by now, or gone; what was taken back does not count. */
    async changedSince(workspace: string, id: string, from: string): Promise<string[]> {
      const { current } = await find(workspace, id)
      const then = await revisionOf(id, from)
      if (then === null) return []
      const replaced = await db
        .select()
        .from(setRows)
        .where(and(visibleAt(id, then), isNotNull(setRows.until), lte(setRows.until, current)))
      const ids = replaced.map((row) => row.id)
      const now = new Map((await versionsAt(db, id, current, ids)).map((row) => [row.id, contentOf(row)]))
      return replaced.filter((row) => now.get(row.id) !== contentOf(row)).map((row) => row.id)
    },

    recordPages,

    /** All rows of what the set is now, in order. */
    async records(workspace: string, id: string): Promise<{ rows: DatasetRow[]; labels: LabelRef[] }> {
      const rows: DatasetRow[] = []
      for await (const page of recordPages(workspace, id, 5_000)) rows.push(...page)
      return { rows, labels: await labelsOf(id) }
    },

    /** Content hash of what the set is now. Throws `not-found`. */
    async revisionHash(workspace: string, id: string): Promise<string> {
      return hashAt(id, (await find(workspace, id)).current)
    },

    /** Hash of the rows and of all label names: without counting rows, so that it can be asked for twice a second. Throws `not-found`. */
    async namedHash(workspace: string, id: string): Promise<string> {
      const { current } = await find(workspace, id)
      return `${await hashAt(id, current)}.${hashOf((await labelsOf(id)).map((label) => [label.id, label.name]))}`
    },

    /**
     * Hash of what a block learns from the set: its rows, and the names of the labels that they have, from which it learns too where
     * rows are few. Throws `not-found`.
     */
    async contentHash(workspace: string, id: string): Promise<string> {
      const { current } = await find(workspace, id)
      const hash = await hashAt(id, current)
      const names = (await labelFacts(id, current))
        .filter(({ rows }) => rows > 0)
        .map((label) => [label.id, label.name])
      return `${hash}.${hashOf(names)}`
    },

    /**
     * What came between two contents of a set, by `contentHash`; null where one is not known. `labels` are the labels by the names that
     * they had then.
     */
    async difference(
      workspace: string,
      id: string,
      from: string,
      to: string,
      labels: readonly LabelRef[],
    ): Promise<SetDifference | null> {
      await find(workspace, id)
      const [before, after] = [await revisionOf(id, from), await revisionOf(id, to)]
      if (before === null || after === null) return null
      const only = async (here: number, there: number) => {
        const found = await db
          .select({ id: setRows.id })
          .from(setRows)
          .where(
            and(
              visibleAt(id, here),
              sql`not (${setRows.since} <= ${there} and (${setRows.until} is null or ${setRows.until} > ${there}))`,
            ),
          )
        return new Set(found.map((row) => row.id))
      }
      const [came, went] = [await only(after, before), await only(before, after)]
      const changed = [...came].filter((row) => went.has(row)).length
      const names = new Map((await labelsOf(id)).map((label) => [label.id, label.name]))
      return {
        added: came.size - changed,
        removed: went.size - changed,
        changed,
        renamed: labels.flatMap(({ id: label, name }) => {
          const now = names.get(label)
          return now === undefined || now === name ? [] : [{ from: name, to: now }]
        }),
      }
    },
  }
}

/** The part of a content's hash that is the rows'. */
function rowsHash(content: string): string {
  return content.split('.', 1)[0]!
}

type NewRow = HashedRow & { id: string; position: number }

/** A batch as one parameter: 16 columns times 1,000 rows as parameters of their own take several times as long. */
function insertRows(into: { head: SetHead; staging: number; origin: string; at: Date }, rows: readonly NewRow[]): SQL {
  const { head, staging, origin, at } = into
  return sql`
    insert into ${setRows}
      (set_id, workspace_id, id, position, since, text, pair, label, language, "group", out_of_scope, entities, split, origin,
       created_at)
    select ${head.id}, ${head.workspaceId}, r.id, r.position, ${staging}::int, r.text, r.pair, r.label, r.language, r."group",
      r."outOfScope", r.entities, r.split, ${origin}, ${at.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(
      id text, position int, text text, pair text, label text, language text, "group" text, "outOfScope" boolean,
      entities jsonb, split text)`
}

/** What a change of rows is called in the history. */
function deedOf(edit: RowEdit): Deed['did'] {
  if (edit.entities !== undefined) return 'entities'
  return edit.label !== undefined || edit.outOfScope !== undefined ? 'relabel' : 'edit'
}

interface Changed<T> {
  result: T
  added: HashedRow[]
  removed: HashedRow[]
}

function sameness(row: { text: string; pair: string | null; label: string | null; outOfScope: boolean }): string {
  return `${row.outOfScope ? '-' : (row.label ?? '')}\n${wordsOf(row)}`
}

function wordsOf({ text, pair }: { text: string; pair: string | null }): string {
  return `${text.normalize('NFKC')}${pair === null ? '' : `\n\n${pair.normalize('NFKC')}`}`
}
