import type { Outcome } from '#editor/insights/outcomes.ts'
import type { Slice } from '#editor/insights/slices.ts'
import { likelyRange } from '#editor/insights/trust.ts'
import type { EntityReport } from '#nodes/pipeline/evaluate/report.ts'
import type { AnswersReportView, ReportRow, ReportView, RetrievalReportView } from '#server/api/dto.ts'
import { toCsv } from './to-csv.ts'

/** The tables of a report as CSV. Heads are technical names in English, whatever the studio speaks; shares are fractions. */

/** The figures of each label. */
export function labelsCsv(report: ReportView): string {
  return toCsv([
    ['label', 'recall', 'precision', 'f1', 'rows'],
    ...report.labels.map((label) => [label.name, label.recall, label.precision, label.f1, label.support]),
  ])
}

/** A line a cell of the confusion matrix that has rows, those on its diagonal included. */
export function confusionCsv(report: ReportView): string {
  const name = (id: string) => report.labels.find((label) => label.id === id)?.name ?? id
  const right = report.labels.map(
    (label) => [label.name, label.name, Math.round(label.recall * label.support)] as const,
  )
  const wrong = report.confusion
    .filter((cell) => cell.truth !== cell.predicted)
    .map((cell) => [name(cell.truth), name(cell.predicted), cell.count] as const)
  return toCsv([
    ['truth', 'predicted', 'rows'],
    ...[...right, ...wrong].filter(([, , rows]) => rows > 0).map((row) => [...row]),
  ])
}

export function reliabilityCsv(report: ReportView): string {
  return toCsv([
    ['from', 'to', 'rows', 'confidence', 'accuracy', 'likely_from', 'likely_to'],
    ...report.reliability.map((bin) => {
      const range = likelyRange(bin.accuracy * bin.rows, bin.rows)
      return [bin.from, bin.to, bin.rows, bin.confidence, bin.accuracy, range.from, range.to]
    }),
  ])
}

/** At every threshold that the report knows, not only at the tenths that the page shows. */
export function outcomesCsv(outcomes: readonly Outcome[]): string {
  return toCsv([
    ['threshold', 'right', 'wrong', 'handed_on', 'known_handed_on', 'foreign_answered'],
    ...outcomes.map(({ threshold, right, wrong, handedOn, apart }) => [
      threshold,
      right,
      wrong,
      handedOn,
      apart?.knownHandedOn ?? null,
      apart?.foreignAnswered ?? null,
    ]),
  ])
}

export function slicesCsv(slices: readonly Slice[]): string {
  return toCsv([
    ['slice', 'rows', 'accuracy', 'likely_from', 'likely_to'],
    ...slices.map((slice) => [slice.name, slice.rows, slice.accuracy, slice.likely.from, slice.likely.to]),
  ])
}

export function rowsCsv(rows: readonly ReportRow[]): string {
  return toCsv([
    [
      'text',
      'second_text',
      'truth',
      'guess',
      'confidence',
      'second_guess',
      'its_confidence',
      'third_guess',
      'its_confidence',
    ],
    ...rows.map((row) => [
      row.text,
      row.pair,
      row.truthName,
      ...[0, 1, 2].flatMap((i) => [row.guesses[i]?.name ?? null, row.guesses[i]?.probability ?? null]),
    ]),
  ])
}

export function entitiesCsv(entities: EntityReport): string {
  return toCsv([
    ['entity', 'recall', 'precision', 'f1', 'support'],
    ...entities.types.map((type) => [type.type, type.recall, type.precision, type.f1, type.support]),
  ])
}

export function trialsCsv(trials: ReportView['model']['trials']): string {
  return toCsv([
    ['method', 'layers', 'accuracy', 'loss', 'learning_rate', 'epochs', 'seconds', 'chosen'],
    ...trials.map((trial) => [
      trial.method,
      trial.layers,
      trial.heldOut?.accuracy ?? null,
      trial.heldOut?.loss ?? null,
      trial.learningRate,
      trial.epochs,
      trial.seconds,
      String(trial.chosen),
    ]),
  ])
}

/** The examples of a report on written answers. */
export function answersCsv(report: AnswersReportView): string {
  return toCsv([
    ['question', 'given', 'written', 'chrF'],
    ...report.examples.map((row) => [row.question, row.given, row.written, row.chrF]),
  ])
}

/** The questions of a report on found answers whose right one did not come first. */
export function retrievalCsv(report: RetrievalReportView): string {
  return toCsv([
    ['question', 'answer', 'rank', 'found', 'similarity'],
    ...report.hardest.map((row) => [row.question, row.answer, row.rank, row.found, row.similarity]),
  ])
}
