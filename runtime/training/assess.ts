import type { ModelCard } from '#runtime/language/card.ts'
import { belonging, energyOf, outOfScopeScore, type ScopeSigns } from '#runtime/language/scope.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { fitBlend, type Opinions } from './blend.ts'
import { fitTemperature, type Scores } from './calibration.ts'
import { chooseScore, compareScores, fewestOutside, type LabelTrial, leaveLabelsOut } from './choose-scope.ts'
import { fitThresholds } from './label-thresholds.ts'
import { measure } from './metrics.ts'
import type { Neighbourhood } from './nearest.ts'
import { likeliest, toPredictions, toProbabilities } from './predict.ts'
import type { TrainingRow } from './training-set.ts'

/** Rows that the scoring model had not learned: its scores [rows, labels] and what the rows that it had learned say of them. */
export interface Asked extends Neighbourhood {
  scores: Float32Array
}

export interface HeldOut extends Asked {
  from: 'validation' | 'train'
  rows: readonly TrainingRow[]
  /** The rows out of scope that validation holds; there may be none. */
  outside: Asked
  /** How labels are left out where those are too few. */
  trial: Pick<LabelTrial, 'known' | 'asked' | 'c'>
  /** What words were worth beside the head that training began with, which more rows judged (`wordsBeside`). */
  toldWords?: number
}

interface AssessOptions {
  executor: Executor
  labels: number
  multi: boolean
  seed: number
  signal?: AbortSignal
}

/** What is learned from held-out rows: how scores become probabilities and given labels, the out-of-scope score and its scale, and the card's figures. */
export async function assessHeldOut(
  heldOut: HeldOut,
  { executor, labels, multi, seed, signal }: AssessOptions,
): Promise<Pick<ModelCard, 'calibration' | 'scope' | 'heldOut'>> {
  const { rows, from } = heldOut
  const table: Scores = { rows: rows.length, labels, values: heldOut.scores }
  const truth = rows.map((row) => row.truth)
  // Sigmoids of several labels are no shares of one whole, which a vote is.
  const fitted =
    multi || rows.length === 0
      ? { temperature: fitTemperature(table, truth, multi), vote: 0, words: 0, sharpness: 1 }
      : blendOf(heldOut, labels, heldOut.toldWords)
  const probabilitiesOf = (asked: Asked): Float64Array[] =>
    opinionsOf(asked).map((opinions, i) =>
      toProbabilities(asked.scores.subarray(i * labels, (i + 1) * labels), fitted, multi, opinions),
    )
  const signsOf = (asked: Asked): ScopeSigns[] =>
    probabilitiesOf(asked).map((own, i) => ({
      confidence: own[likeliest(own)]!,
      similarity: asked.similarity[i]!,
      energy: energyOf(asked.scores.subarray(i * labels, (i + 1) * labels), multi),
      distance: asked.distance[i]!,
    }))

  const home = signsOf(heldOut)
  const outside = signsOf(heldOut.outside)
  const by = outside.length >= fewestOutside ? 'outside' : 'labels'
  const toSigns: LabelTrial['toSigns'] = (scores, neighbours) => signsOf({ scores, ...neighbours })
  const comparison = compareScores(
    by === 'outside'
      ? [{ home, outside }]
      : await leaveLabelsOut({
          ...heldOut.trial,
          ...{ executor, labels, multi, seed, signal, toSigns },
          words: fitted.words > 0,
        }),
  )
  const { compared } = comparison
  const score = chooseScore(comparison)
  const scope: ModelCard['scope'] = {
    score,
    ...scopeScale(home.map((signs) => belonging(score, signs))),
    by: compared.length > 0 ? by : 'none',
    compared,
  }
  const probabilities = probabilitiesOf(heldOut)
  const thresholds = multi ? fitThresholds(probabilities, truth, labels) : []
  const strangeness = home.map((signs) => outOfScopeScore(scope, signs))
  const predictions = toPredictions(rows, probabilities, multi, thresholds, strangeness)
  const { accuracy, macroF1, ece } = measure(predictions, labels)
  return {
    calibration: { ...fitted, thresholds, rows: rows.length },
    scope,
    heldOut: { from, rows: rows.length, accuracy, macroF1, ece, loss: lossOf(probabilities, truth, multi) },
  }
}

/** The weight of words beside a head, by rows that it had not learned; none where nobody asks for words. */
export function wordsBeside(heldOut: Omit<HeldOut, 'outside' | 'trial'>, labels: number): number | undefined {
  return heldOut.rows.length > 0 && heldOut.words.length > 0 ? blendOf(heldOut, labels).words : undefined
}

function blendOf(heldOut: Omit<HeldOut, 'outside' | 'trial'>, labels: number, told?: number) {
  const { rows, scores } = heldOut
  const table: Scores = { rows: rows.length, labels, values: scores }
  const truth = rows.map((row) => row.truth)
  return fitBlend(table, truth, opinionsOf(heldOut), told)
}

/** Rows of several labels, and those of which nobody asked what is written, have no words. */
const opinionsOf = ({ votes, words }: Asked): Opinions[] => votes.map((vote, i) => ({ vote, words: words[i] ?? [] }))

/** Where all rows are alike the scale is this share of what they score, lest a hair's breadth decide. */
const narrowest = 0.02

/** Mean negative log-likelihood a row, in nats. */
function lossOf(probabilities: readonly Float64Array[], truth: readonly (readonly number[])[], multi: boolean): number {
  const nats = (probability: number): number => -Math.log(Math.max(probability, 1e-12))
  let sum = 0
  for (const [row, each] of probabilities.entries())
    if (!multi) sum += nats(each[truth[row]![0]!]!)
    else for (const [label, p] of each.entries()) sum += nats(truth[row]!.includes(label) ? p : 1 - p)
  return sum / Math.max(1, probabilities.length)
}

/** The cut lies where the strangest twentieth of rows in scope begins; the middle row then scores one twentieth. */
export function scopeScale(home: readonly number[]): Pick<ModelCard['scope'], 'cut' | 'scale'> {
  const sorted = [...home].sort((a, b) => a - b)
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0.25
  const cut = quantile(0.05)
  const middle = quantile(0.5)
  return { cut, scale: Math.max((middle - cut) / Math.log(19), narrowest * Math.abs(middle), 1e-6) }
}
