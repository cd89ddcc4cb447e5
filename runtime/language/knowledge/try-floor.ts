import type { Similarity } from '../similarity.ts'
import type { FloorFacts } from './card.ts'
import { findFloor } from './find-floor.ts'
import { keysOf, type Passage } from './passage.ts'
import { confidence, rankPassages, startsOf } from './rank.ts'
import { createWordIndex, type WordIndex } from './word-index.ts'

/** Most questions that are made from the material. */
const mostTrials = 200
/** A heading of fewer characters, or a sentence, asks nothing. */
const shortest = 4

export interface FloorTrial {
  passages: readonly Passage[]
  /** Compares with the vectors of the passages' keys. */
  similarity: Similarity
  /** Unit-length vectors of questions, row-major. */
  embed(questions: readonly string[]): Promise<Float32Array>
  /** Questions that the material does not answer. */
  outside: readonly string[]
}

interface Probe {
  question: string
  place: number
  /** Keys of its passage that gave it the question, and do not count. */
  without: ReadonlySet<number>
  /** The passage's words without the question's. */
  rest: string
}

/**
 * Tries questions to find the floor. What is inside: a sentence or a heading taken out of its passage, which the rest of the passage must
 * be found by; a written question, by its answer and by other questions with that answer. What is outside: questions about anything else,
 * and the same probes where their passages, and those beside them under one heading, are not there.
 */
export async function tryFloor(trial: FloorTrial): Promise<FloorFacts> {
  const { passages, similarity, embed, outside } = trial
  const starts = startsOf(passages.map((passage) => keysOf(passage).length))
  const words = createWordIndex(passages.map((passage) => keysOf(passage).join('\n')))
  const probes = probesOf(passages)
  const questions = [...probes.map(({ question }) => question), ...outside]
  const table = await similarity.of(await embed(questions))
  const known = starts.at(-1)!
  const rowOf = (at: number): Float32Array => table.subarray(at * known, (at + 1) * known)
  const inside = probes.map((probe, at) => insideScore(probe, rowOf(at), starts, words, passages))
  const elsewhere = probes.flatMap((probe, at) => elsewhereScore(probe, rowOf(at), starts, words, passages))
  const away = outside.map((question, at) => best(rowOf(probes.length + at), starts, words, question))
  // Near misses are the harder half, and may not outnumber the rest.
  const nearMisses = spread(elsewhere, Math.max(away.length, 1))
  return findFloor(inside, [...away, ...nearMisses])
}

function probesOf(passages: readonly Passage[]): Probe[] {
  const all = passages.flatMap((passage, place): Probe[] => {
    const { text, question, sentences, headings } = passage
    if (question !== undefined) return [{ question, place, without: new Set([0]), rest: text }]
    const found: Probe[] = []
    const heading = headings.at(-1)
    if (heading && heading.length >= shortest)
      found.push({ question: heading, place, without: new Set([0]), rest: text })
    if (sentences.length > 1) {
      const at = place % sentences.length
      const [start, end] = sentences[at]!
      const own = text.slice(start, end)
      const rest = [...headings, text.slice(0, start), text.slice(end)].join('\n')
      if (own.length >= shortest) found.push({ question: own, place, without: new Set([0, at + 1]), rest })
    }
    return found
  })
  return spread(all, mostTrials)
}

function insideScore(
  { question, place, without, rest }: Probe,
  similarities: Float32Array,
  starts: Int32Array,
  words: WordIndex,
  passages: readonly Passage[],
): number {
  const own = passages[place]!
  let nearest = -1
  for (let at = starts[place]!; at < starts[place + 1]!; at++)
    if (!without.has(at - starts[place]!)) nearest = Math.max(nearest, similarities[at]!)
  let score = confidence(nearest, words.shareOf(question, rest))
  if (own.question === undefined) return score
  const shares = words.of(question)
  for (const [other, { text, question: asked }] of passages.entries())
    if (other !== place && asked !== undefined && asked !== own.question && text === own.text)
      score = Math.max(score, confidence(similarities[starts[other]!]!, shares.get(other) ?? 0))
  return score
}

/** How near the probe comes to what does not answer it. */
function elsewhereScore(
  { question, place }: Probe,
  similarities: Float32Array,
  starts: Int32Array,
  words: WordIndex,
  passages: readonly Passage[],
): number[] {
  const own = passages[place]!
  const section = (of: Passage): string => `${of.document} ${of.headings.join(' › ')}`
  const others = Float32Array.from(similarities)
  let left = 0
  for (const [other, passage] of passages.entries()) {
    const same =
      own.question === undefined ? section(passage) === section(own) : other === place || passage.text === own.text
    if (same) others.fill(-1, starts[other]!, starts[other + 1]!)
    else left++
  }
  if (left === 0) return []
  const [first] = rankPassages(others, starts, words.of(question), 1)
  return first && first.similarity > -1 ? [first.score] : []
}

function best(similarities: Float32Array, starts: Int32Array, words: WordIndex, question: string): number {
  return rankPassages(similarities, starts, words.of(question), 1)[0]?.score ?? 0
}

/** So many of them, spread evenly; all where they are no more. */
function spread<T>(values: readonly T[], most: number): T[] {
  if (values.length <= most) return [...values]
  return Array.from({ length: most }, (_, at) => values[Math.floor((at * values.length) / most)]!)
}
