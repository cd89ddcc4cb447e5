import { answersReportRef, datasetRef, modelRef, reportRef, retrievalReportRef } from '#kit'
import type { NodeState } from '#server/api/dto.ts'

/**
 * The one figure that stands on a finished block, read from the types of what it gave: a report's accuracy (of answers: how like the
 * given ones they are, of found ones: how often the right one comes first), a model's accuracy on the validation split, a dataset's rows.
 */
export function figureOf(outputs: Record<string, unknown> | null): NodeState['figure'] {
  const values = Object.values(outputs ?? {})
  const first = <T>(schema: { safeParse(value: unknown): { success: boolean; data?: T } }): T | undefined =>
    values.map((value) => schema.safeParse(value)).find((parsed) => parsed.success)?.data
  const report = first(reportRef)
  if (report) return { key: 'accuracy', value: report.accuracy }
  const answers = first(answersReportRef)
  if (answers) return { key: 'likeness', value: answers.chrF }
  const found = first(retrievalReportRef)
  if (found) return { key: 'found', value: found.recall1 }
  const model = first(modelRef)
  if (model)
    return model.validationAccuracy === null ? null : { key: 'validationAccuracy', value: model.validationAccuracy }
  const rows = values
    .map((value) => datasetRef.safeParse(value))
    .flatMap((parsed) => (parsed.success ? [parsed.data.rows] : []))
  return rows.length > 0 ? { key: 'rows', value: rows.reduce((sum, count) => sum + count, 0) } : null
}
