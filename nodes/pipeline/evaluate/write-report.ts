import type { Classification, DatasetRow, LabelRef, ModelRef } from '#kit'
import type { ModelCard } from '#runtime/language/card.ts'
import { givenBy } from '#runtime/serving/given-labels.ts'
import { isRight, measure, type Prediction, reliabilityBins } from '#runtime/training/metrics.ts'
import { toEntityReport } from './entity-report.ts'
import { aboutModel } from './examined-model.ts'
import { lengthSlices } from './length-slices.ts'
import { type EvaluatedRow, type EvaluationReport, outOfScopeCut } from './report.ts'

export interface Examined {
  row: DatasetRow
  answer: Classification
}

const thresholdStep = 0.02
const mostGuesses = 3

/** Turns answers into the report and its rows. Labels that only the test data have count as always missed. */
export function toReport(
  examined: readonly Examined[],
  labels: readonly LabelRef[],
  card: ModelCard,
  { artifact, trials }: Pick<ModelRef, 'artifact' | 'trials'>,
  threshold: number,
): { report: EvaluationReport; rows: EvaluatedRow[] } {
  const index = new Map(labels.map((label, i) => [label.id, i]))
  const toIndices = (ids: readonly string[]): number[] => ids.flatMap((id) => index.get(id) ?? [])
  const given = givenBy(card)
  const predictions = examined.map(({ row, answer }): Prediction => {
    const truth = row.outOfScope ? [] : (row.labels ?? (row.label === undefined ? [] : [row.label]))
    const first = answer.labels[0]!
    return {
      row: row.id,
      language: row.language,
      truth: toIndices(truth),
      given: toIndices(given(answer)),
      likeliest: index.get(first.label)!,
      confidence: first.probability,
      outOfScope: answer.outOfScope,
    }
  })
  const metrics = measure(predictions, labels.length)
  const right = predictions.map(isAnsweredRight)
  const nameOf = (label: number | undefined): LabelRef => labels[label ?? -1] ?? { id: '', name: '' }
  const rows = examined.map(({ row, answer }, i): EvaluatedRow => {
    const prediction = predictions[i]!
    const truth = nameOf(prediction.truth[0])
    const predicted = answer.labels[0]!
    return {
      id: row.id,
      text: row.text,
      pair: row.pair ?? null,
      truth: truth.id,
      truthName: truth.name,
      predicted: predicted.label,
      predictedName: predicted.name,
      probability: predicted.probability,
      guesses: answer.labels.slice(0, mostGuesses),
      outOfScope: answer.outOfScope,
      right: right[i]!,
      language: row.language ?? null,
    }
  })
  const inScope = predictions.filter((prediction) => prediction.truth.length > 0)
  const { training } = card
  const report: EvaluationReport = {
    rows: metrics.rows,
    outOfScopeRows: metrics.outOfScopeRows,
    accuracy: metrics.accuracy,
    macroF1: metrics.macroF1,
    microF1: card.multi ? metrics.microF1 : null,
    ece: metrics.ece,
    auroc: metrics.auroc,
    threshold,
    labels: metrics.labels
      .map(({ label, precision, recall, f1, support }) => ({ ...labels[label]!, precision, recall, f1, support }))
      .map(({ id, name, precision, recall, f1, support }) => ({ id, name, precision, recall, f1, support })),
    confusion: metrics.confusions.map(({ truth, given, rows: ids }) => ({
      truth: labels[truth]!.id,
      predicted: labels[given]!.id,
      count: ids.length,
      rows: ids,
    })),
    languages: metrics.languages,
    lengths: lengthSlices(rows.filter((_, i) => predictions[i]!.truth.length > 0)),
    reliability: reliabilityBins(
      inScope.map((prediction) => prediction.confidence),
      inScope.map((prediction) => prediction.truth.includes(prediction.likeliest)),
    ),
    thresholds: thresholdCurve(predictions, right),
    answering: answeringCurve(predictions, right),
    entities: toEntityReport(examined),
    model: {
      ...aboutModel({ artifact, encoder: card.encoder.name, method: card.method }, training),
      int8: card.int8 ?? null,
      shorter: card.shorter ?? null,
      scope: { score: card.scope.score, by: card.scope.by },
      chosen: training.chosen ?? null,
      trials: trials ?? [],
      pairs: card.pairs,
    },
  }
  return { report, rows }
}

/** A row out of scope has no right answer. */
function isAnsweredRight(prediction: Prediction): boolean {
  return prediction.truth.length > 0 && isRight(prediction)
}

function thresholdCurve(predictions: readonly Prediction[], right: readonly boolean[]): EvaluationReport['thresholds'] {
  const total = Math.max(1, predictions.length)
  return Array.from({ length: Math.round(1 / thresholdStep) + 1 }, (_, i) => {
    const threshold = Math.round(i * thresholdStep * 100) / 100
    const answered = predictions.map((prediction) => isAnswered(prediction, threshold))
    const good = answered.filter((is, row) => is && right[row]).length
    const all = answered.filter((is) => is).length
    return { threshold, right: good / total, wrong: (all - good) / total, handedOn: (predictions.length - all) / total }
  })
}

function answeringCurve(
  predictions: readonly Prediction[],
  right: readonly boolean[],
): NonNullable<EvaluationReport['answering']> {
  const curve = { right: [] as number[], wrong: [] as number[], foreign: [] as number[] }
  for (let percent = 0; percent <= 100; percent++) {
    const counts = { right: 0, wrong: 0, foreign: 0 }
    for (const [i, prediction] of predictions.entries()) {
      if (!isAnswered(prediction, percent / 100)) continue
      counts[prediction.truth.length === 0 ? 'foreign' : right[i] ? 'right' : 'wrong']++
    }
    curve.right.push(counts.right)
    curve.wrong.push(counts.wrong)
    curve.foreign.push(counts.foreign)
  }
  return curve
}

function isAnswered({ confidence, outOfScope }: Prediction, threshold: number): boolean {
  return confidence >= threshold && outOfScope <= outOfScopeCut
}
