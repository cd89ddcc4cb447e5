import { bestTemperature, fitTemperature, type Scores, softmax } from './calibration.ts'

/** How fast a row's say falls with distance: cosines are divided by it before the softmax. */
const sharpness = 0.03

/**
 * How the learned rows vote on one message: a softmax of `similarities` (cosines with each learned row) over `sharpness`, summed by
 * label (a kernel regression, Nadaraya 1964; as a classifier's second opinion: Khandelwal et al. 2020). Sums to 1.
 */
export function neighbourVote(
  similarities: ArrayLike<number>,
  labelOf: readonly number[],
  labels: number,
): Float64Array {
  const vote = new Float64Array(labels)
  let nearest = Number.NEGATIVE_INFINITY
  for (let row = 0; row < labelOf.length; row++) nearest = Math.max(nearest, similarities[row]!)
  let sum = 0
  for (let row = 0; row < labelOf.length; row++) {
    const say = Math.exp((similarities[row]! - nearest) / sharpness)
    vote[labelOf[row]!]! += say
    sum += say
  }
  for (let label = 0; label < labels; label++) vote[label]! /= sum
  return vote
}

/** Probabilities of the head, a share `weight` of which is the learned rows' vote. */
export function withVote(probabilities: Float64Array, vote: ArrayLike<number>, weight: number): Float64Array {
  if (weight === 0) return probabilities
  return probabilities.map((own, label) => (1 - weight) * own + weight * vote[label]!)
}

/**
 * Probabilities raised to a power and made to sum to one again: above 1 the likeliest gains. A blend of two sound opinions is less sure than
 * it may be (Ranjan & Gneiting 2010, theorem 1), which one more temperature, its inverse, makes good.
 */
export function sharpened(probabilities: Float64Array, power: number): Float64Array {
  if (power === 1) return probabilities
  const raised = probabilities.map((own) => own ** power)
  const sum = raised.reduce((total, own) => total + own, 0)
  return raised.map((own) => own / sum)
}

/** Shares that are tried for the vote. */
const weights = [0, 0.1, 0.2, 0.3, 0.4, 0.5]

/**
 * The share of the vote and the head's temperature under which, together, the right labels of held-out rows are likeliest, and then the power that
 * makes them likelier still (`sharpened`). Rows have one label each; `votes` are theirs.
 */
export function fitVote(
  { labels, values }: Scores,
  truth: readonly (readonly number[])[],
  votes: readonly ArrayLike<number>[],
): { temperature: number; vote: number; sharpness: number } {
  const right = truth.map((row) => row[0]!)
  const loss = (weight: number, temperature: number): number => {
    let sum = 0
    for (const [row, label] of right.entries()) {
      const start = row * labels
      let total = 0
      for (let other = 0; other < labels; other++)
        total += Math.exp((values[start + other]! - values[start + label]!) / temperature)
      sum -= Math.log(Math.max((1 - weight) / total + weight * votes[row]![label]!, 1e-12))
    }
    return sum
  }
  const fits = weights.map((vote) => {
    const temperature = bestTemperature((tried) => loss(vote, tried))
    return { temperature, vote, loss: loss(vote, temperature) }
  })
  const { temperature, vote } = fits.reduce((best, fit) => (fit.loss < best.loss ? fit : best))
  if (vote === 0) return { temperature, vote, sharpness: 1 }
  const blended = right.map((_, row) =>
    withVote(softmax(values, temperature, row * labels, labels), votes[row]!, vote).map((own) =>
      Math.log(Math.max(own, 1e-12)),
    ),
  )
  const table = { rows: right.length, labels, values: Float32Array.from(blended.flatMap((own) => [...own])) }
  return { temperature, vote, sharpness: 1 / fitTemperature(table, truth) }
}
