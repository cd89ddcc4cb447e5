import type { ModelText } from '#kit'
import { softmax } from './calibration.ts'

/** Characters of the longest run that is counted; a word begins and ends with a space. */
const longestRun = 4
/** What each label is taken to have of each run before a row is counted (Lidstone's smoothing). */
const prior = 0.05
/** Characters of a text that are read: a long one says no more, and takes time. */
const mostRead = 2000

/** An entry of the table of runs with its rarity and where its labels begin; a label of a run, with its weight. */
const bytesOfRun = 80
const bytesOfPosting = 8

/** What the characters and words of a text say of its label. */
export interface WordVote {
  /** Bytes of memory that it takes, about. */
  readonly bytes: number
  /** A share for each label, which sum to 1; equal ones where the text has nothing in common with any row. */
  of(text: ModelText): Float64Array
}

/**
 * Runs of 1 to 4 characters inside words (a stretch of Chinese is one word), by a 32-bit hash (FNV-1a), with how often each occurs.
 */
function runsOf(text: ModelText): Map<number, number> {
  const whole = typeof text === 'string' ? text : text.join(' ')
  const counts = new Map<number, number>()
  for (const word of whole.slice(0, mostRead).normalize('NFKC').toLowerCase().split(/\s+/u)) {
    if (word === '') continue
    const padded = ` ${word} `
    for (let start = 0; start < padded.length; start++) {
      let hash = 0x811c9dc5
      const end = Math.min(padded.length, start + longestRun)
      for (let i = start; i < end; i++) {
        hash = Math.imul(hash ^ padded.charCodeAt(i), 0x01000193)
        // The space alone is in every text.
        if (i > start || padded[i] !== ' ') counts.set(hash, (counts.get(hash) ?? 0) + 1)
      }
    }
  }
  return counts
}

/** Weights of a text's known runs: term frequency in logarithm times inverse document frequency, of length 1. */
function weigh(
  counts: ReadonlyMap<number, number>,
  places: ReadonlyMap<number, number>,
  rarity: Float64Array,
): [place: number, weight: number][] {
  const found: [number, number][] = []
  let squares = 0
  for (const [run, count] of counts) {
    const place = places.get(run)
    if (place === undefined) continue
    const weight = (1 + Math.log(count)) * rarity[place]!
    found.push([place, weight])
    squares += weight * weight
  }
  const length = Math.sqrt(squares) || 1
  for (const entry of found) entry[1] /= length
  return found
}

/**
 * A naive Bayes classifier of runs of characters (multinomial with tf-idf weights and equal priors: Rennie et al. 2003, sections 3 and 4):
 * an opinion by what is written beside the encoder's by what is meant, which knows names, numbers and slips of the pen that no encoder was
 * taught. It is counted, not trained: from the learned rows whenever a model is opened.
 */
export function createWordVote(texts: readonly ModelText[], labelOf: readonly number[], labels: number): WordVote {
  const rows = texts.map(runsOf)
  const places = new Map<number, number>()
  const seenIn: number[] = []
  for (const row of rows)
    for (const run of row.keys()) {
      const place = places.get(run) ?? places.size
      places.set(run, place)
      seenIn[place] = (seenIn[place] ?? 0) + 1
    }
  const rarity = Float64Array.from(seenIn, (count) => Math.log((1 + rows.length) / (1 + count)) + 1)

  // Mass of each run in each label that has it, by one number for both.
  const mass = new Map<number, number>()
  const total = new Float64Array(labels)
  for (const [row, counts] of rows.entries())
    for (const [place, weight] of weigh(counts, places, rarity)) {
      const key = place * labels + labelOf[row]!
      mass.set(key, (mass.get(key) ?? 0) + weight)
      total[labelOf[row]!]! += weight
    }
  const begins = new Int32Array(places.size + 1)
  for (const key of mass.keys()) begins[Math.floor(key / labels) + 1]!++
  for (let place = 0; place < places.size; place++) begins[place + 1]! += begins[place]!
  const owners = new Int32Array(mass.size)
  const says = new Float32Array(mass.size)
  const next = begins.slice()
  for (const [key, own] of mass) {
    const place = Math.floor(key / labels)
    const at = next[place]!++
    owners[at] = key - place * labels
    says[at] = Math.log(1 + own / prior)
  }
  const taught = new Set(labelOf)
  const size = Float64Array.from(total, (own) => Math.log(own + prior * places.size))

  return {
    bytes: places.size * bytesOfRun + mass.size * bytesOfPosting,
    of(text) {
      const scores = new Float64Array(labels)
      let weights = 0
      for (const [place, weight] of weigh(runsOf(text), places, rarity)) {
        weights += weight
        for (let at = begins[place]!; at < begins[place + 1]!; at++) scores[owners[at]!]! += weight * says[at]!
      }
      // A label without rows has no words, and few words would look like a short list to choose from.
      for (let label = 0; label < labels; label++)
        scores[label] = taught.has(label) ? scores[label]! - weights * size[label]! : Number.NEGATIVE_INFINITY
      return softmax(scores)
    },
  }
}
