import type { DoctorSet, Finding, FoundCase } from './finding.ts'
import { repairEncoding } from './repair-encoding.ts'

/** Rows that were read in the wrong encoding: mended where that can be proved, else they go. */
export function findEncoding({ rows }: DoctorSet): Finding {
  const cases: FoundCase[] = []
  for (const { id, text, pair } of rows) {
    const own = repairEncoding(text)
    const second = pair === undefined ? null : repairEncoding(pair)
    if (!own && !second) continue
    const marks = own
      ? [...text.matchAll(/[^\p{ASCII}]+/gu)].map(({ 0: part, index }) => [index, index + part.length] as const)
      : []
    const isLost = own?.repaired === null || second?.repaired === null
    cases.push({
      row: id,
      fix: isLost
        ? { do: 'remove' }
        : {
            do: 'text',
            ...(own ? { text: own.repaired! } : {}),
            ...(second ? { pair: second.repaired! } : {}),
          },
      marks,
    })
  }
  return { kind: 'encoding', cases, ways: ['suggested', 'remove'] }
}
