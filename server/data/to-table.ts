import { BotloomError } from '#kit'
import { breath, rowsInABreath } from './breath.ts'
import { isColumnName } from './guess-columns.ts'
import type { BrokenRow, Parsed } from './records.ts'
import { storableText } from './storable-text.ts'

/** Nobody chooses among more, and a page that shows them stands still. */
const mostColumns = 1_000

export interface TableRow {
  fields: string[]
  line: number
  raw: string
  /** A quotation mark in it was never closed. */
  quotes: boolean
}

/** Rows to records. `said`: whether the first one names the columns, where a person said so. Throws `data-wide`. */
export function toTable(rows: readonly TableRow[], file: string, said: boolean | undefined): Parsed {
  const steps = inSteps(rows, file, said)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same for a large table, with a breath in between. */
export async function toLargeTable(
  rows: readonly TableRow[],
  file: string,
  said: boolean | undefined,
): Promise<Parsed> {
  const steps = inSteps(rows, file, said)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await breath()
  }
}

/** Stops every `rowsInABreath` rows, for whoever wants to do something else meanwhile. */
function* inSteps(rows: readonly TableRow[], file: string, said: boolean | undefined): Generator<void, Parsed> {
  const filled = rows.filter((row) => row.fields.some((field) => field.trim() !== ''))
  const [first] = filled
  refuseWide(first?.fields.length ?? 0, file)
  const heading = said ?? namesColumns(filled.map((row) => row.fields))
  if (!first) return { columns: [], records: [], broken: [], heading }
  const columns = heading ? uniqueNames(first.fields) : numbered(filled.map((row) => row.fields.length))
  refuseWide(columns.length, file)
  if (heading) filled.shift()
  const records: Parsed['records'] = []
  const broken: BrokenRow[] = []
  for (const [i, row] of filled.entries()) {
    if (i % rowsInABreath === rowsInABreath - 1) yield
    const reason: BrokenRow['reason'] | null = row.quotes
      ? 'quotes'
      : row.fields.length > columns.length
        ? 'too-many-fields'
        : row.fields.length < columns.length
          ? 'too-few-fields'
          : null
    if (reason) broken.push({ line: row.line, reason, raw: row.raw.slice(0, 500) })
    else
      records.push({
        line: row.line,
        values: Object.fromEntries(columns.map((column, i) => [column, storableText(row.fields[i] ?? '')])),
      })
  }
  return { columns, records, broken, heading }
}

/**
 * Whether the first row is a heading. A column's name that we know settles it; else a cell of it that comes again below it,
 * as a label does, is a value. A first row that nothing speaks against counts as a heading.
 */
function namesColumns(rows: readonly string[][]): boolean {
  const [first = [], ...rest] = rows
  if (first.some(isColumnName)) return true
  const values = first.map((_, i) => new Set(rest.map((row) => row[i]?.trim() ?? '')))
  return !first.some((cell, i) => cell.trim() !== '' && values[i]?.has(cell.trim()))
}

/** Names for the columns of a table without a heading: as many as most of its rows have fields. */
function numbered(widths: readonly number[]): string[] {
  const counts = new Map<number, number>()
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1)
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return Array.from({ length: most?.[0] ?? 0 }, (_, i) => `#${i + 1}`)
}

function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name, i) => {
    const base = storableText(name).trim() || `#${i + 1}`
    const count = (seen.get(base) ?? 0) + 1
    seen.set(base, count)
    return count === 1 ? base : `${base} (${count})`
  })
}

export function refuseWide(columns: number, file: string): void {
  if (columns > mostColumns) throw new BotloomError('data-wide', { file, limit: mostColumns })
}
