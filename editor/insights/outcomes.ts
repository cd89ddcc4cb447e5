import { evaluationReport } from '#nodes/pipeline/evaluate/report.ts'
import type { ReportView } from '#server/api/dto.ts'

/** What would have come of the test questions at a threshold. The shares are of all questions and make a whole. */
export interface Outcome {
  threshold: number
  right: number
  /** Answered wrongly, foreign questions that were answered among them. */
  wrong: number
  /** Asked back or handed to a person. */
  handedOn: number
  /** Known and foreign questions apart, in counts; null in reports that are older than this. */
  apart: { known: number; knownHandedOn: number; foreign: number; foreignAnswered: number } | null
}

/** What the block writes beyond the server's view of a report, read with the block's own schema. */
const written = evaluationReport.pick({ rows: true, outOfScopeRows: true, answering: true })

/** At every threshold that the report knows, the lowest first. */
export function outcomesOf(report: Pick<ReportView, 'thresholds'>): Outcome[] {
  const { data } = written.safeParse(report)
  if (!data?.answering) return report.thresholds.map((step) => ({ ...step, apart: null }))
  const { rows: known, outOfScopeRows: foreign, answering } = data
  const all = Math.max(1, known + foreign)
  return answering.right.map((right, percent) => {
    const wrong = answering.wrong[percent]!
    const foreignAnswered = answering.foreign[percent]!
    return {
      threshold: percent / 100,
      right: right / all,
      wrong: (wrong + foreignAnswered) / all,
      handedOn: 1 - (right + wrong + foreignAnswered) / all,
      apart: { known, knownHandedOn: known - right - wrong, foreign, foreignAnswered },
    }
  })
}

/** The step at or just below a threshold. */
export function outcomeAt(outcomes: readonly Outcome[], threshold: number): Outcome | null {
  return outcomes.findLast((step) => step.threshold <= threshold + 1e-9) ?? outcomes[0] ?? null
}

/** Shares as whole numbers of a hundred that still add up to a hundred: the largest remainders are rounded up. */
export function ofHundred(shares: readonly number[]): number[] {
  const floors = shares.map((share) => Math.floor(share * 100 + 1e-9))
  const missing = 100 - floors.reduce((sum, count) => sum + count, 0)
  const remainder = (i: number) => shares[i]! * 100 - floors[i]!
  const raised = shares
    .map((_, i) => i)
    .sort((a, b) => remainder(b) - remainder(a))
    .slice(0, Math.max(0, missing))
  return floors.map((count, i) => (raised.includes(i) ? count + 1 : count))
}

/** How many hand-overs a wrong answer is worth, from the threshold that the block advised for it (`toThreshold`). */
export function wrongCostOf(advised: number): number {
  return 1 / Math.max(1e-6, 1 - advised)
}

/** What a hundred questions cost, in hand-overs. */
export function costOf({ wrong, handedOn }: Outcome, wrongCost: number): number {
  return 100 * (wrong * wrongCost + handedOn)
}
