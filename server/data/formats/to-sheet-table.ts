import { breath, rowsInABreath } from '../breath.ts'
import { isColumnName } from '../guess-columns.ts'
import type { TableRow } from '../to-table.ts'
import type { Merge, Sheet } from './read-sheet.ts'

/** Cells that merges may fill: one of them can claim to reach over the whole sheet. */
const mostFilled = 2_000_000

/**
 * A sheet as people lay it out to a plain table: merged cells say in each place what they say in one, titles above the heading are left
 * out and counted, a heading in two rows becomes one, and empty columns go.
 */
export async function toSheetTable({ rows: all, merges }: Sheet): Promise<{ rows: TableRow[]; titles: number }> {
  const width = all.reduce((most, row) => Math.max(most, row.cells.length), 0)
  fill(all, merges, width)
  const rows = all.filter((row) => row.cells.some((cell) => cell.trim() !== ''))
  let titles = 0
  while (rows.length > 1 && isTitle(rows[0]!, rows[1]!, merges)) {
    rows.shift()
    titles += 1
  }
  const [first, second] = rows
  if (first && second && isUpperHeading(first, second, merges, width)) {
    second.cells = Array.from({ length: width }, (_, i) => joined(first.cells[i] ?? '', second.cells[i] ?? ''))
    rows.shift()
  }
  const used = Array.from({ length: width }, () => false)
  for (const row of rows) for (const [i, cell] of row.cells.entries()) used[i] ||= cell.trim() !== ''
  await breath()
  const table: TableRow[] = []
  for (const { line, cells } of rows) {
    const fields: string[] = []
    for (let i = 0; i < width; i++) if (used[i]) fields.push(cells[i] ?? '')
    if (table.push({ line, fields, raw: '', quotes: false }) % rowsInABreath === 0) await breath()
  }
  return { rows: table, titles }
}

function fill(rows: Sheet['rows'], merges: readonly Merge[], width: number): void {
  if (merges.length === 0) return
  const byLine = new Map(rows.map((row) => [row.line, row]))
  const last = rows.at(-1)?.line ?? 0
  let left = mostFilled
  for (const merge of merges) {
    const value = byLine.get(merge.top)?.cells[merge.left]
    if (value === undefined || value === '') continue
    for (let line = merge.top; line <= Math.min(merge.bottom, last); line++) {
      const row = byLine.get(line)
      for (let column = merge.left; row && column <= Math.min(merge.right, width - 1); column++) {
        if (left-- === 0) return
        while (row.cells.length < column) row.cells.push('')
        row.cells[column] = value
      }
    }
  }
}

const filled = (cells: readonly string[]): string[] => cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
const across = (line: number, merges: readonly Merge[]): Merge[] =>
  merges.filter(({ top, bottom, left, right }) => top === line && bottom === line && right > left)

/** One saying over a table of several columns: merged over them, or alone above names that we know. */
function isTitle(row: Sheet['rows'][number], next: Sheet['rows'][number], merges: readonly Merge[]): boolean {
  if (new Set(filled(row.cells)).size !== 1 || new Set(filled(next.cells)).size < 2) return false
  return across(row.line, merges).length > 0 || next.cells.some(isColumnName)
}

/** Some of its cells are merged over several columns that have names of their own below. */
function isUpperHeading(
  row: Sheet['rows'][number],
  next: Sheet['rows'][number],
  merges: readonly Merge[],
  width: number,
): boolean {
  const over = across(row.line, merges)
  return over.some(({ left, right }) => {
    const below = next.cells.slice(left, right + 1).map((cell) => cell.trim())
    return right - left + 1 < width && below.every((cell) => cell !== '') && new Set(below).size === below.length
  })
}

const joined = (upper: string, lower: string): string =>
  upper.trim() === '' || upper === lower ? lower : lower.trim() === '' ? upper : `${upper.trim()} / ${lower.trim()}`
