import { mixedUpPairs } from '#editor/insights/mixed-up.ts'
import type { ReportView, SetSummary } from '#server/api/dto.ts'

/** The one thing that helps most now. */
export type NextStep =
  | { kind: 'run'; rows: number }
  | { kind: 'pair'; a: string; b: string; count: number; mistakes: number }
  | { kind: 'label'; id: string; name: string; missed: number; tested: number; rows: number; set: string }
  | { kind: 'test'; rows: number }
  | { kind: 'hardest'; mistakes: number }
  | { kind: 'publish' }

/** A pair that makes this share of all mistakes is worth a look before anything else. */
const pairShare = 0.1
const leastPair = 2
/** A topic below this has learned from too little, or its questions are not what its name says. */
const weakRecall = 0.75
const leastMissed = 2
/** More questions of a topic than this rarely help as much as a look at their labels. */
const fewRows = 30
/** Below this many test questions a figure of 90 % may as well be 83 % (Wilson's interval at 95 %). */
const fewTests = 100

/**
 * What to do next, by what it costs and what it mends: take up what was changed, put labels right where two topics are mixed up, bring
 * questions for a topic that has few, test with more, look through the rest; and where there is nothing of this, go live.
 */
export function nextStep(
  report: Pick<ReportView, 'confusion' | 'labels' | 'rows'>,
  edited: number,
  sets: readonly Pick<SetSummary, 'id' | 'labels'>[],
): NextStep {
  if (edited > 0) return { kind: 'run', rows: edited }
  const mistakes = report.confusion.reduce((sum, cell) => sum + (cell.truth === cell.predicted ? 0 : cell.count), 0)
  const [pair] = mixedUpPairs(report)
  const label = weakestLabel(report, sets)
  const worthIt = pair && pair.count >= Math.max(leastPair, mistakes * pairShare)
  if (label && (!worthIt || label.missed > pair.count)) return label
  if (worthIt) return { kind: 'pair', ...pair, mistakes }
  if (report.rows < fewTests) return { kind: 'test', rows: report.rows }
  return mistakes > 0 ? { kind: 'hardest', mistakes } : { kind: 'publish' }
}

/** The topic with few questions of which most are missed; null where none is weak. */
function weakestLabel(
  report: Pick<ReportView, 'labels'>,
  sets: readonly Pick<SetSummary, 'id' | 'labels'>[],
): Extract<NextStep, { kind: 'label' }> | null {
  const weak = report.labels.flatMap(({ id, name, recall, support }) => {
    const missed = Math.round((1 - recall) * support)
    const set = sets.find((one) => one.labels.some((label) => label.id === id))
    const rows = set?.labels.find((label) => label.id === id)?.rows ?? 0
    if (!set || recall >= weakRecall || missed < leastMissed || rows > fewRows) return []
    return { kind: 'label' as const, id, name, missed, tested: support, rows, set: set.id }
  })
  return weak.sort((a, b) => b.missed - a.missed)[0] ?? null
}
