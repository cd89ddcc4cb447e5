import type { DoctorSet, Finding } from './finding.ts'
import { maskPersonal, type PersonalKind, personalKinds, personalParts } from './personal/personal-parts.ts'

/** Rows that lead to a person, a finding for each kind of data. A fix masks the parts of its own kind and leaves the others to theirs. */
export function findPersonalData({ rows }: DoctorSet): Finding[] {
  const found = new Map<PersonalKind, Finding>(
    personalKinds.map((kind) => [kind, { kind: `personal-${kind}`, cases: [], ways: ['suggested', 'remove'] }]),
  )
  for (const { id, text, pair } of rows) {
    const parts = personalParts(text)
    const second = pair === undefined ? [] : personalParts(pair)
    for (const kind of new Set([...parts, ...second].map((part) => part.kind))) {
      const own = parts.filter((part) => part.kind === kind)
      const others = second.filter((part) => part.kind === kind)
      found.get(kind)!.cases.push({
        row: id,
        fix: {
          do: 'text',
          ...(own.length > 0 ? { text: maskPersonal(text, own) } : {}),
          ...(others.length > 0 ? { pair: maskPersonal(pair!, others) } : {}),
        },
        marks: own.map((part) => part.mark),
      })
    }
  }
  return [...found.values()]
}
