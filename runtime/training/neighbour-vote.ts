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
