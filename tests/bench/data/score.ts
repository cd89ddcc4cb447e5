import type { Finding } from '#runtime/doctor/finding.ts'
import type { Fault, PlantedSet } from './plant-faults.ts'

/** What one fault brings about that another detector names too, and is right: it counts neither for nor against that one. */
const kin: Partial<Record<Fault, readonly Fault[]>> = {
  'doubtful-labels': ['conflicts', 'label-variants', 'few-rows', 'imbalance', 'language', 'too-short', 'encoding'],
  conflicts: ['doubtful-labels'],
  'near-copies': ['copies', 'language'],
  copies: ['near-copies'],
  language: ['encoding'],
  imbalance: ['label-variants'],
}

export interface Score {
  fault: Fault
  /** Rows that it named rightly, and those that it named although nothing of the kind was planted there. */
  right: number
  wrong: string[]
  /** Of the planted faults, how many it met. */
  met: number
  of: number
  missed: string[][]
}

/** Each detector beside what was planted for it. */
export function scorePlanted({ planted, wanted }: PlantedSet, findings: readonly Finding[]): Score[] {
  return [...planted].map(([fault, touched]) => {
    const named = new Set(findings.find(({ kind }) => kind === fault)?.cases.map(({ row }) => row))
    const neutral = new Set((kin[fault] ?? []).flatMap((other) => [...(planted.get(other) ?? [])]))
    const missed = wanted.get(fault)!.filter((rows) => !rows.some((row) => named.has(row)))
    return {
      fault,
      right: [...named].filter((row) => touched.has(row)).length,
      wrong: [...named].filter((row) => !touched.has(row) && !neutral.has(row)),
      met: wanted.get(fault)!.length - missed.length,
      of: wanted.get(fault)!.length,
      missed,
    }
  })
}
