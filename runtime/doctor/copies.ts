import type { DoctorSet, Finding, FoundCase } from './finding.ts'
import { meaningOf, rowKey } from './row-key.ts'

/** Rows that say the same under the same label: the first stays, the others go. */
export function findCopies({ rows }: DoctorSet): Finding {
  const first = new Map<string, { row: string; group: number }>()
  const cases: FoundCase[] = []
  for (const row of rows) {
    const key = `${meaningOf(row)}\n${rowKey(row)}`
    const kept = first.get(key)
    if (kept) cases.push({ row: row.id, fix: { do: 'remove', keeper: kept.row }, group: kept.group })
    else first.set(key, { row: row.id, group: first.size })
  }
  return { kind: 'copies', cases: cases.sort((a, b) => a.group! - b.group!), ways: ['suggested'] }
}
