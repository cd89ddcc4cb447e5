import type { DoctorSet, Finding } from './finding.ts'
import { labelKey } from './row-key.ts'

/** Labels that differ only in case, width, blanks or punctuation: all rows go to the one that most of them have. */
export function findLabelVariants({ rows, labels }: DoctorSet): Finding {
  const counts = new Map<string, number>()
  for (const { label } of rows) if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1)
  const alike = new Map<string, string[]>()
  for (const { id, name } of labels)
    if (counts.has(id)) alike.set(labelKey(name), [...(alike.get(labelKey(name)) ?? []), id])
  const into = new Map<string, { label: string; group: number }>()
  for (const [group, ids] of [...alike.values()].entries()) {
    // Of as many rows the label that came first stays.
    const kept = ids.reduce((best, id) => (counts.get(id)! > counts.get(best)! ? id : best))
    for (const id of ids) if (id !== kept) into.set(id, { label: kept, group })
  }
  const cases = rows.flatMap(({ id, label }) => {
    const merged = label === undefined ? undefined : into.get(label)
    return merged ? [{ row: id, fix: { do: 'label' as const, label: merged.label }, group: merged.group }] : []
  })
  return { kind: 'label-variants', cases: cases.sort((a, b) => a.group - b.group), ways: ['suggested'] }
}
