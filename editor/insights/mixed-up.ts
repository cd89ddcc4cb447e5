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
