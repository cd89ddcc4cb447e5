import { type Scores, sigmoid, softmax } from './calibration.ts'
import { isRight, type Prediction } from './metrics.ts'

/** Calibrated probabilities of one row of scores: a softmax, or one sigmoid a label where rows have several. */
export function toProbabilities(scores: Float32Array, temperature: number, multi: boolean): Float64Array {
  return multi ? Float64Array.from(scores, (score) => sigmoid(score, temperature)) : softmax(scores, temperature)
}

/** The labels that probabilities name, likeliest first: the largest one, or all from one half on. */
export function givenLabels(probabilities: Float64Array, multi: boolean): number[] {
  if (!multi) return [likeliest(probabilities)]
  return [...probabilities.keys()]
    .filter((label) => probabilities[label]! >= 0.5)
    .sort((a, b) => probabilities[b]! - probabilities[a]!)
}

export function likeliest(probabilities: ArrayLike<number>): number {
  let best = 0
  for (let label = 1; label < probabilities.length; label++)
    if (probabilities[label]! > probabilities[best]!) best = label
  return best
}

/** Share of rows whose given labels are exactly the right ones. */
export function shareRight(
  scores: Scores,
  truth: readonly (readonly number[])[],
  temperature: number,
  multi: boolean,
): number {
  const given = givenOf(scores, temperature, multi)
  const right = truth.filter((own, row) => isRight({ truth: own, given: given[row]! })).length
  return truth.length === 0 ? 0 : right / truth.length
}

/** The labels that each row's scores name, likeliest first. */
export function givenOf({ rows, labels, values }: Scores, temperature: number, multi: boolean): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    givenLabels(toProbabilities(values.subarray(row * labels, (row + 1) * labels), temperature, multi), multi),
  )
}

export interface ScoredRow {
  id: string
  truth: readonly number[]
  language?: string
}

/** Predictions of rows from their calibrated probabilities. `outOfScope` is given the confidence and the row. */
export function toPredictions(
  rows: readonly ScoredRow[],
  probabilities: readonly Float64Array[],
  multi: boolean,
  outOfScope: (confidence: number, row: number) => number,
): Prediction[] {
  return rows.map((row, i) => {
    const own = probabilities[i]!
    const confidence = own[likeliest(own)]!
    return {
      row: row.id,
      language: row.language,
      truth: row.truth,
      given: givenLabels(own, multi),
      confidence,
      outOfScope: outOfScope(confidence, i),
    }
  })
}
