import { bestTemperature, fitTemperature, type Scores, softmax, surpriseOf } from './calibration.ts'

/** What learned rows say of a message beside the head, each a share for each label, which sum to 1. */
export interface Opinions {
  /** See `NeighbourOpinion`. */
  vote: ArrayLike<number>
  /** See `WordVote`. */
  words: ArrayLike<number>
}

export interface BlendWeights {
  /** What the head's scores are divided by. */
  temperature: number
  /** What the logarithm of the words' shares is multiplied by before it is added to those scores. */
  words: number
  /** The share of a probability that the nearest learned rows have; head and words have the rest. */
  vote: number
}

/** Lest a share of 0, by one opinion, decide all. */
const least = 1e-12

/**
 * Probabilities of head and opinions together. Words are weighed in as one more expert of a product (Hinton 2002, section 1), for a label that
 * either of them excludes is wrong; the vote is mixed in (a sum), for it knows only what is near. An opinion without weight may be missing.
 */
export function blended(
  scores: ArrayLike<number>,
  { temperature, words, vote }: BlendWeights,
  opinions: Partial<Opinions>,
): Float64Array {
  const said = words > 0 ? opinions.words! : undefined
  const sums = Float64Array.from(
    scores,
    (score, label) => score / temperature + (said ? words * Math.log(Math.max(said[label]!, least)) : 0),
  )
  const own = softmax(sums)
  if (vote > 0)
    for (let label = 0; label < own.length; label++)
      own[label] = (1 - vote) * own[label]! + vote * opinions.vote![label]!
  return own
}

/**
 * Probabilities raised to a power and made to sum to one again: above 1 the likeliest gains. A mixture of sound opinions is less sure than
 * it may be (Ranjan & Gneiting 2010, theorem 1), which one more temperature, its inverse, makes good.
 */
export function sharpened(probabilities: Float64Array, power: number): Float64Array {
  if (power === 1) return probabilities
  const raised = probabilities.map((own) => own ** power)
  const sum = raised.reduce((total, own) => total + own, 0)
  return raised.map((own) => own / sum)
}

const votesTried = [0, 0.1, 0.2, 0.3, 0.4, 0.5]
const wordsTried = [0, 0.15, 0.3, 0.45, 0.6, 0.8, 1, 1.4, 2]
/** Temperatures at which both are chosen; the best one is then found between them. */
const ladder = Array.from({ length: 32 }, (_, step) => 0.05 * 200 ** (step / 31))

/** Standard deviations of both weights before any row is seen: what was learned speaks first until rows say otherwise. */
const spreadOfWords = 0.6
const spreadOfVote = 0.3
/** The same of the words where others have told what they are worth. */
const spreadOfToldWords = 0.2

/**
 * What such weights cost before any row is seen, in nats: a few rows that all are right would else tell the head to say nothing.
 * `told`: what the words were worth elsewhere.
 */
export function surpriseOfBlend({ temperature, words, vote }: BlendWeights, told?: number): number {
  const surprise = told === undefined ? words / spreadOfWords : (words - told) / spreadOfToldWords
  return surpriseOf(temperature) + (surprise ** 2 + (vote / spreadOfVote) ** 2) / 2
}

/** Of one row, what is left of each label's weight beside the likeliest one's: 1 for that, and no number too large. Written into `left`, whose memory serves all rows. */
const beside = (logs: ArrayLike<number>, factor: number, left = new Float64Array(logs.length)): Float64Array => {
  let most = Number.NEGATIVE_INFINITY
  for (let label = 0; label < logs.length; label++) most = Math.max(most, logs[label]!)
  // A loop, for `from` with a function takes ten times as long, and this is called for each row and each thing tried.
  for (let label = 0; label < left.length; label++) left[label] = Math.exp((logs[label]! - most) * factor)
  return left
}

/** The share of a label in the product of two experts. */
function shareOf(label: number, head: Float64Array, words: Float64Array): number {
  let total = 0
  for (let other = 0; other < head.length; other++) total += head[other]! * words[other]!
  return total > 0 ? (head[label]! * words[label]!) / total : 0
}

/**
 * The weights under which, together, the right labels of held-out rows are likeliest, given what is likely beforehand, and then the power
 * that makes them likelier still (`sharpened`). Rows have one label each; `opinions` are theirs. `told`: what the words were worth beside
 * another head, by many more rows.
 */
export function fitBlend(
  { labels, values }: Scores,
  truth: readonly (readonly number[])[],
  opinions: readonly Opinions[],
  told?: number,
): BlendWeights & { sharpness: number } {
  const right = truth.map((row) => row[0]!)
  const votes = Float64Array.from(opinions, ({ vote }, row) => vote[right[row]!]!)
  const logs = opinions.map(({ words }) => Float64Array.from(words, (share) => Math.log(Math.max(share, least))))
  const scoresOf = (row: number): Float32Array => values.subarray(row * labels, (row + 1) * labels)
  const lossOf = (own: number, row: number, vote: number): number =>
    -Math.log(Math.max((1 - vote) * own + vote * votes[row]!, least))

  const tried = wordsTried.flatMap((words) =>
    ladder.flatMap((temperature) => votesTried.map((vote) => ({ temperature, words, vote }))),
  )
  const losses = Float64Array.from(tried, (weights) => surpriseOfBlend(weights, told))
  const heads = ladder.map(() => new Float64Array(labels))
  const said = wordsTried.map(() => new Float64Array(labels))
  for (const [row, label] of right.entries()) {
    for (const [i, temperature] of ladder.entries()) beside(scoresOf(row), 1 / temperature, heads[i])
    for (const [i, words] of wordsTried.entries()) beside(logs[row]!, words, said[i])
    let place = 0
    for (const words of said)
      for (const head of heads) {
        const own = shareOf(label, head, words)
        for (const vote of votesTried) losses[place++]! += lossOf(own, row, vote)
      }
  }
  const best = losses.indexOf(losses.reduce((least, own) => Math.min(least, own)))
  const { words, vote } = tried[best]!
  const weighed = logs.map((own) => beside(own, words))
  const head = heads[0]!
  const lossAt = (temperature: number): number =>
    right.reduce(
      (sum, label, row) =>
        sum + lossOf(shareOf(label, beside(scoresOf(row), 1 / temperature, head), weighed[row]!), row, vote),
      0,
    )
  const between = bestTemperature(lossAt)
  // With few rows the loss of a mixture may have two valleys, and the search sees one.
  const isBetter = lossAt(between) + surpriseOfBlend({ temperature: between, words, vote }, told) < losses[best]!
  const weights = { temperature: isBetter ? between : tried[best]!.temperature, words, vote }
  if (weights.vote === 0) return { ...weights, sharpness: 1 }
  const mixed = new Float32Array(right.length * labels)
  for (const [row, each] of opinions.entries())
    mixed.set(
      blended(scoresOf(row), weights, each).map((own) => Math.log(Math.max(own, least))),
      row * labels,
    )
  const table = { rows: right.length, labels, values: mixed }
  return { ...weights, sharpness: 1 / fitTemperature(table, truth) }
}
