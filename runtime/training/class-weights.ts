import type { TrainingRow } from './training-set.ts'

/** `balanced`: rows of rare labels weigh more, so that each label counts about as much as another. */
export type ClassWeights = 'off' | 'balanced'

/** No row weighs more than so many times an ordinary one, lest a single odd row of a tiny label decide much. */
const mostWeight = 10

/**
 * What each row weighs in the loss, 1 on average. `balanced` is inverse frequency (King & Zeng 2001, as in scikit-learn: rows / (labels x rows
 * of the label)), bounded above; of a row with several labels, the mean of theirs; a row without any weighs what an ordinary one does.
 */
export function rowWeightsOf(
  rows: readonly Pick<TrainingRow, 'truth'>[],
  labels: number,
  mode: ClassWeights = 'off',
): Float32Array {
  const weights = new Float32Array(rows.length).fill(1)
  if (mode === 'off') return weights
  const counts = countRows(rows, labels)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const used = counts.filter((count) => count > 0).length
  const weightOf = (label: number): number => Math.min(mostWeight, total / (used * counts[label]!))
  for (const [i, { truth }] of rows.entries())
    if (truth.length > 0) weights[i] = truth.reduce((sum, label) => sum + weightOf(label), 0) / truth.length
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, rows.length)
  return weights.map((weight) => weight / mean)
}

/** How many rows have each label. */
export function countRows(rows: readonly Pick<TrainingRow, 'truth'>[], labels: number): number[] {
  const counts = new Array<number>(labels).fill(0)
  for (const { truth } of rows) for (const label of truth) counts[label]!++
  return counts
}
