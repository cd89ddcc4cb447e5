import { and, asc, count, desc, eq, ilike, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { RowFilter, RowSource, RowsPage, TableRow } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { setLabels, setMarks, setRows } from '#server/db/schema/sets.ts'
import { type RowVersion, toRowView } from './row-versions.ts'
import { visibleAt } from './set-writer.ts'

/** The language of rows of which nobody knows it. */
export const noLanguage = '-'
/** Words of a search that count. */
const mostWords = 12

interface Place {
  id: string
  revision: number
}

/** Rows of a set as the table shows them: filtered, sorted, a page at a time. */
export async function readRowPage(
  db: Database,
  { id, revision }: Place,
  query: RowFilter & { offset: number; limit: number },
): Promise<RowsPage> {
  const where = and(visibleAt(id, revision), ...filtersOf(query))
  const isMarked = sql<boolean>`${setMarks.rowId} is not null`
  const marks = and(eq(setMarks.setId, setRows.setId), eq(setMarks.rowId, setRows.id))
  const [total] = await db.select({ rows: count() }).from(setRows).leftJoin(setMarks, marks).where(where)
  const found = await db
    .select({ row: setRows, label: setLabels.name, marked: isMarked })
    .from(setRows)
    .leftJoin(setLabels, and(eq(setLabels.setId, setRows.setId), eq(setLabels.id, setRows.label)))
    .leftJoin(setMarks, marks)
    .where(where)
    .orderBy(...orderOf(query))
    .limit(query.limit)
    .offset(query.offset)
  return { total: total?.rows ?? 0, rows: found.map(({ row, label, marked }) => toTableRow(row, label, marked)) }
}

function toTableRow(row: RowVersion, label: string | null, marked: boolean): TableRow {
  const names = new Map(row.label === null || label === null ? [] : [[row.label, label]])
  return { ...toRowView(row, names), marked }
}

function filtersOf(query: RowFilter): SQL[] {
  const filters: (SQL | undefined)[] = []
  if (query.outOfScope !== undefined) filters.push(eq(setRows.outOfScope, query.outOfScope))
  if (query.unlabelled) filters.push(and(isNull(setRows.label), eq(setRows.outOfScope, false)))
  if (query.label) filters.push(eq(setRows.label, query.label))
  if (query.language)
    filters.push(query.language === noLanguage ? isNull(setRows.language) : eq(setRows.language, query.language))
  if (query.source) filters.push(eq(setRows.origin, query.source))
  if (query.marked !== undefined) filters.push(sql`${setMarks.rowId} is ${query.marked ? sql`not null` : sql`null`}`)
  if (query.search) filters.push(...searched(query.search))
  return filters.filter((filter) => filter !== undefined)
}

/**
 * Each word of the search stands somewhere in one of the two texts, in whatever case and width. Chinese, which has no spaces, is looked for
 * as it was typed.
 */
function searched(search: string): SQL[] {
  const words = search.normalize('NFKC').trim().split(/\s+/u).filter(Boolean).slice(0, mostWords)
  return words.map((word) => {
    const wanted = `%${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
    return or(
      ilike(sql`normalize(${setRows.text}, NFKC)`, wanted),
      ilike(sql`normalize(${setRows.pair}, NFKC)`, wanted),
    )!
  })
}

function orderOf({ sort = 'added', descending = sort === 'added' }: RowFilter): SQL[] {
  const way = descending ? desc : asc
  const columns = {
    added: setRows.position,
    changed: setRows.since,
    text: setRows.text,
    label: setLabels.name,
    language: setRows.language,
  }
  // Equal ones, and those without, have a place of their own, so that no page shows one twice.
  return [...(sort === 'added' ? [] : [sql`${way(columns[sort])} nulls last`]), way(setRows.position), asc(setRows.seq)]
}

/** Types of the entities that are marked in a set, the most used first. */
export async function readEntityTypes(db: Database, { id, revision }: Place): Promise<string[]> {
  const type = sql<string>`span->>'type'`
  const found = await db
    .select({ type })
    .from(setRows)
    .innerJoin(sql`jsonb_array_elements(${setRows.entities}) as span`, sql`true`)
    .where(and(visibleAt(id, revision), isNotNull(setRows.entities)))
    .groupBy(type)
    .orderBy(desc(count()), type)
    .limit(100)
  return found.map((line) => line.type)
}

/** Where the rows of a set came from, the largest source first. */
export async function readSources(db: Database, { id, revision }: Place): Promise<RowSource[]> {
  return db
    .select({ source: setRows.origin, rows: count() })
    .from(setRows)
    .where(visibleAt(id, revision))
    .groupBy(setRows.origin)
    .orderBy(desc(count()), asc(setRows.origin))
    .limit(200)
}
