import { entityMarks } from './read-entities.ts'
import type { BrokenRow, Parsed } from './records.ts'
import { storableText } from './storable-text.ts'
import { refuseWide } from './to-table.ts'

/** Untrusted objects to records: a column for each field that is no list and no object. Throws `data-wide`. */
export function toRecords(items: Iterable<{ line: number; item: unknown; raw: string }>, file: string): Parsed {
  const columns: string[] = []
  const known = new Set<string>()
  const records: Parsed['records'] = []
  const broken: BrokenRow[] = []
  for (const { line, item, raw } of items) {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) {
      if (typeof item === 'string' && item.trim() !== '') {
        if (!known.has('text')) columns.push('text')
        known.add('text')
        records.push({ line, values: { text: storableText(item) } })
      } else broken.push({ line, reason: 'not-a-record', raw: raw.trim().slice(0, 500) })
      continue
    }
    const values: Record<string, string> = {}
    for (const [key, value] of Object.entries(item)) {
      if (key === '__proto__' || value === null || value === undefined) continue
      // Lists and objects are not columns of text; those that mark entities are kept as `marks`.
      if (typeof value === 'object') continue
      if (!known.has(key)) refuseWide(columns.push(key), file)
      known.add(key)
      values[key] = storableText(String(value))
    }
    const marks = entityMarks(item)
    records.push({ line, values, ...(marks ? { marks } : {}) })
  }
  return { columns, records, broken, heading: null }
}
