import { createHash } from 'node:crypto'
import type { SourceRow } from './open-source.ts'
import type { SourceCursor } from './source-shapes.ts'

/** Rows with one value that are told apart by their hash; beyond it the set itself knows them by their words. */
const mostTies = 20_000

/**
 * Rows are read from the last value on, that value included: rows may have come to it since. This drops those that came in before, as often
 * as they did, so that none is lost and none doubled.
 */
export function withoutKnown(cursor: SourceCursor | null): (row: SourceRow) => boolean {
  const left = new Map(Object.entries(cursor?.ties ?? {}))
  return (row) => {
    if (cursor === null || row.at !== cursor.value) return true
    const hash = hashOf(row)
    const times = left.get(hash) ?? 0
    left.set(hash, times - 1)
    return times <= 0
  }
}

/** Where the import stands behind these rows, which came in the order of the cursor column. */
export function advanced(cursor: SourceCursor | null, rows: readonly SourceRow[]): SourceCursor | null {
  const last = rows.at(-1)?.at ?? null
  if (last === null) return cursor
  const ties: Record<string, number> = cursor?.value === last ? { ...cursor.ties } : {}
  let count = Object.keys(ties).length
  for (let at = rows.length - 1; at >= 0 && rows[at]!.at === last && count < mostTies; at--, count++) {
    const hash = hashOf(rows[at]!)
    ties[hash] = (ties[hash] ?? 0) + 1
  }
  return { value: last, ties }
}

function hashOf({ values }: SourceRow): string {
  const parts = Object.keys(values)
    .sort()
    .map((name) => [name, values[name]])
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16)
}
