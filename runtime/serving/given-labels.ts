import type { Classification } from '#kit'
import type { ModelCard } from '#runtime/language/card.ts'

/** The ids of the labels that answers of a model name, likeliest first: the first one, or where rows have several all from their thresholds on. */
export function givenBy({
  multi,
  labels,
  calibration,
}: ModelCard): (answer: Pick<Classification, 'labels'>) => string[] {
  const thresholds = new Map(labels.map(({ id }, i) => [id, calibration.thresholds[i] ?? 0.5]))
  return (answer) => {
    const given = multi
      ? answer.labels.filter(({ label, probability }) => probability >= thresholds.get(label)!)
      : answer.labels.slice(0, 1)
    return given.map(({ label }) => label)
  }
}
