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

/** Different runs of one text, in the order of their hashes, and how often each occurs. Two arrays, for a table an entry would cost ten times the memory. */
interface Runs {
  hashes: Int32Array
  counts: Uint16Array
}

/** Runs of 1 to 4 characters inside words (a stretch of Chinese is one word), by a 32-bit hash (FNV-1a). */
function runsOf(text: ModelText): Runs {
  const whole = typeof text === 'string' ? text : text.join(' ')
  const met: number[] = []
  for (const word of whole.slice(0, mostRead).normalize('NFKC').toLowerCase().split(/\s+/u)) {
    if (word === '') continue
    const padded = ` ${word} `
    for (let start = 0; start < padded.length; start++) {
      let hash = 0x811c9dc5
      const end = Math.min(padded.length, start + longestRun)
      for (let i = start; i < end; i++) {
        hash = Math.imul(hash ^ padded.charCodeAt(i), 0x01000193)
        // The space alone is in every text.
        if (i > start || padded[i] !== ' ') met.push(hash)
      }
    }
  }
  const sorted = Int32Array.from(met).sort()
  const counts = new Uint16Array(sorted.length)
  let size = 0
  for (const [i, hash] of sorted.entries()) {
    if (i === 0 || hash !== sorted[size - 1]) sorted[size++] = hash
    counts[size - 1]!++
  }
  return { hashes: sorted.slice(0, size), counts: counts.slice(0, size) }
}

/** Weights of a text's known runs: term frequency in logarithm times inverse document frequency, of length 1. */
function weigh(
  { hashes, counts }: Runs,
  places: ReadonlyMap<number, number>,
  rarity: Float64Array,
): { places: number[]; weights: number[] } {
  const found = { places: [] as number[], weights: [] as number[] }
  let squares = 0
  for (let i = 0; i < hashes.length; i++) {
    const place = places.get(hashes[i]!)
    if (place === undefined) continue
    const weight = (1 + Math.log(counts[i]!)) * rarity[place]!
    found.places.push(place)
    found.weights.push(weight)
    squares += weight * weight
  }
  const length = Math.sqrt(squares) || 1
  for (let i = 0; i < found.weights.length; i++) found.weights[i]! /= length
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
    for (const run of row.hashes) {
      const place = places.get(run) ?? places.size
      places.set(run, place)
      seenIn[place] = (seenIn[place] ?? 0) + 1
    }
  const rarity = Float64Array.from(seenIn, (count) => Math.log((1 + rows.length) / (1 + count)) + 1)

  // Mass of each run in each label that has it, one label after the other, so that a plain array holds it meanwhile.
  const rowsOf = Array.from({ length: labels }, (): number[] => [])
  for (const [row, label] of labelOf.entries()) rowsOf[label]!.push(row)
  const mass = new Float64Array(places.size)
  const total = new Float64Array(labels)
  const postings = rowsOf.map((own, label) => {
    const met: number[] = []
    for (const row of own) {
      const weighed = weigh(rows[row]!, places, rarity)
      for (const [i, place] of weighed.places.entries()) {
        if (mass[place] === 0) met.push(place)
        mass[place]! += weighed.weights[i]!
        total[label]! += weighed.weights[i]!
      }
    }
    const found = met.map((place) => Math.log(1 + mass[place]! / prior))
    for (const place of met) mass[place] = 0
    return { met, found }
  })
  const begins = new Int32Array(places.size + 1)
  for (const { met } of postings) for (const place of met) begins[place + 1]!++
  for (let place = 0; place < places.size; place++) begins[place + 1]! += begins[place]!
  const count = begins[places.size]!
  const owners = new Int32Array(count)
  const says = new Float32Array(count)
  const next = begins.slice()
  for (const [label, { met, found }] of postings.entries())
    for (const [i, place] of met.entries()) {
      const at = next[place]!++
      owners[at] = label
      says[at] = found[i]!
    }
  const taught = new Set(labelOf)
  const size = Float64Array.from(total, (own) => Math.log(own + prior * places.size))

  return {
    bytes: places.size * bytesOfRun + count * bytesOfPosting,
    of(text) {
      const scores = new Float64Array(labels)
      let weights = 0
      const weighed = weigh(runsOf(text), places, rarity)
      for (const [i, place] of weighed.places.entries()) {
        const weight = weighed.weights[i]!
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
