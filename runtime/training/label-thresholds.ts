/** As many made-up right answers at the value that is known anyway stand against those that held-out rows have. */
const pseudoRows = 20

/** Thresholds that are tried. */
const tried = Array.from({ length: 91 }, (_, i) => (5 + i) / 100)

/**
 * From which probability on each label is given where rows have several: the threshold with the best F1 on held-out rows, and for few
 * rows drawn to the one with the best micro F1 of all labels together, as that is to one half (the rare labels of score-cut, Yang 2001,
 * section 2.3, are the trouble; shrinkage instead of its fallback keeps each label's own say). `truth` holds indices of labels.
 */
export function fitThresholds(
  probabilities: readonly Float64Array[],
  truth: readonly (readonly number[])[],
  labels: number,
): number[] {
  const positives = new Array<number>(labels).fill(0)
  const hits = Array.from({ length: labels }, () => new Array<number>(tried.length).fill(0))
  const given = Array.from({ length: labels }, () => new Array<number>(tried.length).fill(0))
  for (const [row, own] of probabilities.entries()) {
    for (let label = 0; label < labels; label++) {
      const isRight = truth[row]!.includes(label)
      if (isRight) positives[label]!++
      for (let at = 0; at < tried.length && own[label]! >= tried[at]!; at++) {
        given[label]![at]!++
        if (isRight) hits[label]![at]!++
      }
    }
  }
  const all = positives.reduce((sum, rows) => sum + rows, 0)
  const together = (counts: readonly (readonly number[])[]): number[] =>
    tried.map((_, at) => counts.reduce((sum, own) => sum + own[at]!, 0))
  const shared = drawn(best(together(hits), together(given), all, 0.5), all, 0.5)
  return positives.map((rows, label) => drawn(best(hits[label]!, given[label]!, rows, shared), rows, shared))
}

/** The threshold with the highest F1; the middle one where many have it, for an edge would be left by the least pull. */
function best(hits: readonly number[], given: readonly number[], positives: number, otherwise: number): number {
  const f1 = hits.map((right, at) => (2 * right) / Math.max(1, given[at]! + positives))
  const highest = Math.max(...f1)
  if (highest === 0) return otherwise
  const ties = tried.filter((_, at) => f1[at]! > highest - 1e-12)
  return ties[Math.floor(ties.length / 2)]!
}

function drawn(own: number, rows: number, home: number): number {
  return (rows * own + pseudoRows * home) / (rows + pseudoRows)
}
