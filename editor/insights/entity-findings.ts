import { type EntityReport, evaluationReport } from '#nodes/pipeline/evaluate/report.ts'
import type { ReportView } from '#server/api/dto.ts'

/** What the block writes of entities, read with the block's own schema. Null where the report says nothing of them. */
const written = evaluationReport.pick({ entities: true })

export function entitiesOf(report: ReportView): EntityReport | null {
  return written.safeParse(report).data?.entities ?? null
}

type Miss = EntityReport['misses'][number]
export interface Finding {
  kind: 'missed' | 'vain'
  type: string
  text: string
  start: number
  /** How sure the model was of what it found in vain. */
  confidence: number | null
}

/** What went wrong in one row, in the order of its text: what was not found, and what was found where it is not. */
export function findingsOf({ truth, found }: Miss): Finding[] {
  const same = (a: Miss['truth'][number], b: Miss['truth'][number]): boolean =>
    a.start === b.start && a.end === b.end && a.type === b.type
  const missed = truth.filter((one) => !found.some((other) => same(one, other)))
  const vain = found.filter((one) => !truth.some((other) => same(one, other)))
  return [
    ...missed.map(({ type, text, start }): Finding => ({ kind: 'missed', type, text, start, confidence: null })),
    ...vain.map(({ type, text, start, confidence }): Finding => ({ kind: 'vain', type, text, start, confidence })),
  ].sort((a, b) => a.start - b.start)
}
