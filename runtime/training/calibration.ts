/** Scores of several rows before the softmax, row-major [rows, labels]. */
export interface Scores {
  rows: number
  labels: number
  values: Float32Array
}

/** Softmax of one row of scores divided by a temperature; float64 inside. */
export function softmax(
  scores: ArrayLike<number>,
  temperature = 1,
  start = 0,
  length = scores.length - start,
): Float64Array {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < length; i++) most = Math.max(most, scores[start + i]!)
  const result = new Float64Array(length)
  let sum = 0
  for (let i = 0; i < length; i++) {
    result[i] = Math.exp((scores[start + i]! - most) / temperature)
    sum += result[i]!
  }
  for (let i = 0; i < length; i++) result[i]! /= sum
  return result
}

export function sigmoid(score: number, temperature = 1): number {
  return 1 / (1 + Math.exp(-score / temperature))
}

/**
 * The one temperature that makes the right labels of held-out rows likeliest (Guo et al. 2017, section 4.2), with a prior for few rows.
 * `multi`: several labels a row, sigmoids.
 */
export function fitTemperature(scores: Scores, truth: readonly (readonly number[])[], multi = false): number {
  if (scores.rows === 0) return 1
  return bestTemperature((temperature) => scores.rows * meanLoss(scores, truth, temperature, multi))
}

/** Standard deviation of a temperature's logarithm before any row is seen: most lie within a half and twice. */
const spreadOfTemperature = 0.7

/**
 * What a temperature costs before any row is seen, in nats (a normal prior of its logarithm around 0). A few rows that are all right would
 * else make a model as sure as numbers allow; of many rows it says nothing.
 */
export const surpriseOf = (temperature: number): number => (Math.log(temperature) / spreadOfTemperature) ** 2 / 2

/**
 * The likeliest temperature by the loss of all rows (a sum of nats) and the prior, by golden-section search over its logarithm, where the
 * loss has one valley.
 */
export function bestTemperature(lossOf: (temperature: number) => number): number {
  const loss = (log: number): number => lossOf(Math.exp(log)) + surpriseOf(Math.exp(log))
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = Math.log(0.02)
  let high = Math.log(20)
  let a = high - ratio * (high - low)
  let b = low + ratio * (high - low)
  let lossA = loss(a)
  let lossB = loss(b)
  while (high - low > 1e-3) {
    if (lossA < lossB) {
      high = b
      b = a
      lossB = lossA
      a = high - ratio * (high - low)
      lossA = loss(a)
    } else {
      low = a
      a = b
      lossA = lossB
      b = low + ratio * (high - low)
      lossB = loss(b)
    }
  }
  return Math.exp((low + high) / 2)
}

/** Negative log-likelihood of each row, in nats. */
export function rowLosses(
  { rows, labels, values }: Scores,
  truth: readonly (readonly number[])[],
  temperature: number,
  multi = false,
): Float64Array {
  const losses = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    const start = row * labels
    if (multi) {
      for (let label = 0; label < labels; label++) {
        const score = values[start + label]! / temperature
        const signed = truth[row]!.includes(label) ? -score : score
        losses[row]! += Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed)))
      }
      continue
    }
    let most = Number.NEGATIVE_INFINITY
    for (let label = 0; label < labels; label++) most = Math.max(most, values[start + label]!)
    let total = 0
    for (let label = 0; label < labels; label++) total += Math.exp((values[start + label]! - most) / temperature)
    losses[row] = Math.log(total) - (values[start + truth[row]![0]!]! - most) / temperature
  }
  return losses
}

/** Mean negative log-likelihood a row, in nats. */
export const meanLoss = (...given: Parameters<typeof rowLosses>): number => meanOf(rowLosses(...given))

/** 0 of nothing. */
export const meanOf = (values: Float64Array): number =>
  values.reduce((sum, own) => sum + own, 0) / Math.max(1, values.length)
