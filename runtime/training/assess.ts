import { belonging, type ModelCard, outOfScopeScore } from '#runtime/language/card.ts'
import { fitTemperature, type Scores } from './calibration.ts'
import { measure } from './metrics.ts'
import type { Neighbourhood } from './nearest.ts'
import { fitVote, withVote } from './neighbour-vote.ts'
import { likeliest, toPredictions, toProbabilities } from './predict.ts'
import type { TrainingRow } from './training-set.ts'

/** Rows that the scoring model had not learned, with its scores [rows, labels] and what the rows that it had learned say of them. */
export interface HeldOut extends Neighbourhood {
  from: 'validation' | 'train'
  rows: readonly TrainingRow[]
  scores: Float32Array
}

/** What is learned from held-out rows: the temperature, the share of the vote, the scale of the out-of-scope score, and the card's figures. */
export function assessHeldOut(
  heldOut: HeldOut,
  labels: number,
  multi: boolean,
): Pick<ModelCard, 'calibration' | 'scope' | 'heldOut'> {
  const { rows, scores, similarity, votes, from } = heldOut
  const table: Scores = { rows: rows.length, labels, values: scores }
  const truth = rows.map((row) => row.truth)
  // Sigmoids of several labels are no shares of one whole, which a vote is.
  const { temperature, vote } =
    multi || rows.length === 0
      ? { temperature: fitTemperature(table, truth, multi), vote: 0 }
      : fitVote(table, truth, votes)
  const probabilities = rows.map((_, i) =>
    withVote(toProbabilities(scores.subarray(i * labels, (i + 1) * labels), temperature, multi), votes[i] ?? [], vote),
  )
  const home = probabilities.map((each, i) => belonging(each[likeliest(each)]!, similarity[i]!))
  const scope = scopeScale(home)
  const predictions = toPredictions(rows, probabilities, multi, (confidence, i) =>
    outOfScopeScore(scope, confidence, similarity[i]!),
  )
  const { accuracy, macroF1, ece } = measure(predictions, labels)
  return {
    calibration: { temperature, vote, rows: rows.length },
    scope,
    heldOut: { from, rows: rows.length, accuracy, macroF1, ece },
  }
}

/** The cut lies where the strangest twentieth of rows in scope begins; the middle row then scores one twentieth. */
export function scopeScale(home: readonly number[]): ModelCard['scope'] {
  const sorted = [...home].sort((a, b) => a - b)
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0.25
  const cut = quantile(0.05)
  return { cut, scale: Math.max((quantile(0.5) - cut) / Math.log(19), 0.02) }
}
