import type { ReportView } from '#server/api/dto.ts'

export interface MixedUpPair {
  a: string
  b: string
  count: number
}

/** Pairs of labels that are taken for each other, both directions together, most often first. */
export function mixedUpPairs(report: Pick<ReportView, 'confusion'>): MixedUpPair[] {
  const pairs = new Map<string, MixedUpPair>()
  for (const cell of report.confusion) {
    if (cell.truth === cell.predicted) continue
    const [a, b] = cell.truth < cell.predicted ? [cell.truth, cell.predicted] : [cell.predicted, cell.truth]
    const key = JSON.stringify([a, b])
    const pair = pairs.get(key) ?? { a, b, count: 0 }
    pair.count += cell.count
    pairs.set(key, pair)
  }
  return [...pairs.values()].sort((left, right) => right.count - left.count)
}

/** Whether the model knows how sure it may be, from the mean distance between said and true (ECE, a fraction). */
export function trustLevel(ece: number): 'good' | 'fair' | 'poor' {
  if (ece <= 0.03) return 'good'
  return ece <= 0.08 ? 'fair' : 'poor'
}

/** Mean confidence minus mean accuracy over the bins: above zero the model is too sure of itself. */
export function overconfidence(report: Pick<ReportView, 'reliability'>): number {
  const rows = report.reliability.reduce((sum, bin) => sum + bin.rows, 0)
  if (rows === 0) return 0
  return report.reliability.reduce((sum, bin) => sum + bin.rows * (bin.confidence - bin.accuracy), 0) / rows
}

/** The step of `thresholds` at or just below a threshold. */
export function atThreshold(report: Pick<ReportView, 'thresholds'>, threshold: number) {
  return report.thresholds.findLast((step) => step.threshold <= threshold + 1e-9) ?? report.thresholds[0] ?? null
}
