import { bestTemperature, fitTemperature, type Scores, softmax } from './calibration.ts'

/** What learned rows say of a message beside the head, each a share for each label, which sum to 1. */
export interface Opinions {
  /** See `neighbourVote`. */
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

/**
 * The weights under which, together, the right labels of held-out rows are likeliest, and then the power that makes them likelier still
 * (`sharpened`). Rows have one label each; `opinions` are theirs.
 */
export function fitBlend(
  { labels, values }: Scores,
  truth: readonly (readonly number[])[],
  opinions: readonly Opinions[],
): BlendWeights & { sharpness: number } {
  const right = truth.map((row) => row[0]!)
  const votes = Float64Array.from(opinions, ({ vote }, row) => vote[right[row]!]!)
  const logs = opinions.map(({ words }) => Float64Array.from(words, (share) => Math.log(Math.max(share, least))))
  // What head and words give the right label of each row; all that a loss needs of the table.
  const ownAt = (temperature: number, words: number): Float64Array =>
    Float64Array.from(right, (label, row) => {
      const start = row * labels
      const said = logs[row]!
      let total = 0
      for (let other = 0; other < labels; other++)
        total += Math.exp(
          (values[start + other]! - values[start + label]!) / temperature + words * (said[other]! - said[label]!),
        )
      return 1 / total
    })
  const loss = (own: Float64Array, vote: number): number => {
    let sum = 0
    for (let row = 0; row < own.length; row++)
      sum -= Math.log(Math.max((1 - vote) * own[row]! + vote * votes[row]!, least))
    return sum
  }
  let best = { temperature: 1, words: 0, vote: 0, loss: Number.POSITIVE_INFINITY }
  for (const words of wordsTried)
    for (const temperature of ladder) {
      const own = ownAt(temperature, words)
      for (const vote of votesTried) {
        const tried = loss(own, vote)
        if (tried < best.loss) best = { temperature, words, vote, loss: tried }
      }
    }
  const { words, vote } = best
  const lossAt = (temperature: number): number => loss(ownAt(temperature, words), vote)
  const between = bestTemperature(lossAt)
  // With few rows the loss of a mixture may have two valleys, and the search sees one.
  const temperature = lossAt(between) < best.loss ? between : best.temperature
  const weights = { temperature, words, vote }
  if (weights.vote === 0) return { ...weights, sharpness: 1 }
  const mixed = opinions.map((each, row) =>
    blended(values.subarray(row * labels, (row + 1) * labels), weights, each).map((own) =>
      Math.log(Math.max(own, least)),
    ),
  )
  const table = { rows: right.length, labels, values: Float32Array.from(mixed.flatMap((own) => [...own])) }
  return { ...weights, sharpness: 1 / fitTemperature(table, truth) }
}
