import { meanLoss, type Scores } from './calibration.ts'
import { countRows } from './class-weights.ts'
import { labelMetrics, macroF1 } from './metrics.ts'
import { givenOf, shareRight } from './predict.ts'
import type { TrainingSet } from './training-set.ts'

/** By what the best epoch is chosen, as a person says it. */
export type StopBy = 'automatic' | 'accuracy' | 'macroF1' | 'loss'

/** `rowF1`: the mean over rows of the F1 of a row's labels. */
export type StoppingMetric = Exclude<StopBy, 'automatic'> | 'rowF1'

/** From here on accuracy says little of the rare labels: rows of the most frequent label over those of the rarest. */
const skewed = 10

/**
 * What `automatic` means for these data: macro F1 where some labels have far more rows than others, since accuracy hides how the rare
 * ones fare; for several labels a row their F1, since accuracy asks for all of them at once; else accuracy.
 */
export function metricFor(stopBy: StopBy, { labels, multi, train }: TrainingSet): StoppingMetric {
  if (stopBy !== 'automatic') return stopBy
  if (multi) return 'rowF1'
  const counts = countRows(train, labels.length)
  return Math.max(...counts) > skewed * Math.min(...counts) ? 'macroF1' : 'accuracy'
}

/** How good scores are by a metric; higher is better. */
export function meritOf(
  metric: StoppingMetric,
  scores: Scores,
  truth: readonly (readonly number[])[],
  multi: boolean,
): number {
  if (metric === 'accuracy') return shareRight(scores, truth, 1, multi)
  if (metric === 'loss') return -meanLoss(scores, truth, 1, multi)
  const given = givenOf(scores, 1, multi)
  if (metric === 'rowF1') return truth.reduce((sum, own, row) => sum + rowF1(own, given[row]!), 0) / truth.length
  const predictions = truth.map((own, row) => ({ truth: own, given: given[row]! }))
  return macroF1(labelMetrics(predictions, scores.labels))
}

/** The F1 of one row's labels (Godbole & Sarawagi 2004, section 4.1); 1 where none is right and none was given. */
function rowF1(truth: readonly number[], given: readonly number[]): number {
  if (truth.length + given.length === 0) return 1
  return (2 * given.filter((label) => truth.includes(label)).length) / (truth.length + given.length)
}
