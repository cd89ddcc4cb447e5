import type { DatasetRow } from '#kit'
import type { DoctorSet, Finding, FoundCase } from './finding.ts'
import { meaningOf, outside, rowKey } from './row-key.ts'

/**
 * The same words under two labels, or under a label and outside of all: they go to the label that most of them have; of as many, to the one
 * with more rows in the whole set. A row without a label contradicts nobody.
 */
export function findConflicts({ rows }: DoctorSet): Finding {
  const sizes = new Map<string, number>()
  const same = new Map<string, DatasetRow[]>()
  for (const row of rows) {
    const meaning = meaningOf(row)
    if (meaning === '') continue
    sizes.set(meaning, (sizes.get(meaning) ?? 0) + 1)
    const key = rowKey(row)
    const known = same.get(key)
    if (known) known.push(row)
    else same.set(key, [row])
  }
  const cases: FoundCase[] = []
  let group = 0
  for (const own of same.values()) {
    const meanings = new Map<string, number>()
    for (const row of own) meanings.set(meaningOf(row), (meanings.get(meaningOf(row)) ?? 0) + 1)
    if (meanings.size < 2) continue
    const [best] = [...meanings.keys()]
      .filter((meaning) => meaning !== outside)
      .sort((a, b) => meanings.get(b)! - meanings.get(a)! || sizes.get(b)! - sizes.get(a)!)
    for (const row of own)
      cases.push({ row: row.id, fix: meaningOf(row) === best ? null : { do: 'label', label: best! }, group })
    group++
  }
  return { kind: 'conflicts', cases, ways: ['suggested', 'remove'] }
}
