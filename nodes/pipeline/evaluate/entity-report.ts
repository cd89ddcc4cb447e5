import { isSameEntity, measureEntities } from '#runtime/training/entity-metrics.ts'
import type { EntityReport } from './report.ts'
import type { Examined } from './write-report.ts'

/** Rows with a miss that the report shows. */
const mostMisses = 50

/** What the answers say of entities; null where the model has learned none or no row says where they are. */
export function toEntityReport(examined: readonly Examined[]): EntityReport | null {
  const pairs = examined.flatMap(({ row, answer }) =>
    row.entities && answer.entities ? [{ row, truth: row.entities, found: answer.entities }] : [],
  )
  if (pairs.length === 0) return null
  const { precision, recall, f1, support, exact, types } = measureEntities(pairs)
  const misses = pairs.filter(
    ({ truth, found }) =>
      truth.length !== found.length || !truth.every((one) => found.some((other) => isSameEntity(one, other))),
  )
  return {
    rows: pairs.length,
    precision,
    recall,
    f1,
    support,
    exact,
    types,
    misses: misses.slice(0, mostMisses).map(({ row, truth, found }) => ({
      row: row.id,
      text: row.text,
      truth: truth.map((span) => ({ ...span, text: row.text.slice(span.start, span.end) })),
      found: [...found],
    })),
  }
}
