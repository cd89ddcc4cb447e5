import type { ModelCard } from '#runtime/language/card.ts'
import { blended, type Opinions, sharpened } from './blend.ts'
import { type Scores, sigmoid } from './calibration.ts'
import { isRight, type Prediction } from './metrics.ts'

type Calibration = ModelCard['calibration']

/** What an answer is made from: one sigmoid a label where rows have several, else a softmax blended with the opinions of the learned rows. */
export function toProbabilities(
  scores: Float32Array,
  calibration: Pick<Calibration, 'temperature' | 'vote' | 'words' | 'sharpness'>,
  multi: boolean,
  opinions: Partial<Opinions>,
): Float64Array {
  if (multi) return Float64Array.from(scores, (score) => sigmoid(score, calibration.temperature))
  return sharpened(blended(scores, calibration, opinions), calibration.sharpness)
}

/** The labels that probabilities name, likeliest first: the largest one, or where rows have several all from their thresholds on. */
export function givenLabels(
  probabilities: ArrayLike<number>,
  multi: boolean,
  thresholds: Calibration['thresholds'],
): number[] {
  if (!multi) return [likeliest(probabilities)]
  return Array.from(probabilities, (_, label) => label)
    .filter((label) => probabilities[label]! >= (thresholds[label] ?? 0.5))
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
  const plain = { temperature, vote: 0, words: 0, sharpness: 1 }
  return Array.from({ length: rows }, (_, row) =>
    givenLabels(toProbabilities(values.subarray(row * labels, (row + 1) * labels), plain, multi, {}), multi, []),
  )
}

export interface ScoredRow {
  id: string
  truth: readonly number[]
  language?: string
}

/** Predictions of rows from their calibrated probabilities and out-of-scope scores. */
export function toPredictions(
  rows: readonly ScoredRow[],
  probabilities: readonly Float64Array[],
  multi: boolean,
  thresholds: Calibration['thresholds'],
  outOfScope: readonly number[],
): Prediction[] {
  return rows.map((row, i) => {
    const own = probabilities[i]!
    const first = likeliest(own)
    return {
      row: row.id,
      language: row.language,
      truth: row.truth,
      given: givenLabels(own, multi, thresholds),
      likeliest: first,
      confidence: own[first]!,
      outOfScope: outOfScope[i]!,
    }
  })
}
