import { modelTextOf } from '#kit'
import { createLabelDistance } from '#runtime/language/label-distance.ts'
import { nearestOf } from '#runtime/language/similarity.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { createNeighbours } from './neighbour-vote.ts'
import type { TrainingRow } from './training-set.ts'
import { createWordVote } from './word-vote.ts'

/** Bounds the matrices of one call: 2 MB a thousand known rows. */
const queriesPerCall = 256

/** Rows with their unit-length vectors, row-major [rows, width]. */
export interface Known {
  rows: readonly TrainingRow[]
  vectors: Float32Array
}

/** What learned rows say of rows that they are asked about. */
export interface Neighbourhood {
  /** Cosine similarity of each row with the nearest learned one. */
  similarity: Float32Array
  /** Each row's `NeighbourOpinion.vote`; of rows with several labels the first one counts. */
  votes: Float64Array[]
  /** Each row's `WordVote`, likewise; none where nobody wants to know. */
  words: Float64Array[]
  /** Each row's `LabelDistance`. */
  distance: Float32Array
}

/** Asks the known rows about each query; `words`: about what is written, too, which takes as long again. */
export async function askNeighbours(
  executor: Executor,
  queries: Known,
  { rows, vectors }: Known,
  { labels, words }: { labels: number; words: boolean },
): Promise<Neighbourhood> {
  const known = rows.length
  const width = vectors.length / Math.max(1, known)
  const count = known === 0 ? 0 : queries.rows.length
  const result: Neighbourhood = {
    similarity: new Float32Array(count),
    votes: [],
    words: [],
    distance: new Float32Array(count),
  }
  if (count === 0) return result
  const labelOf = rows.map((row) => row.truth[0]!)
  if (words) {
    const wordVote = createWordVote(rows.map(modelTextOf), labelOf, labels)
    result.words = queries.rows.map((row) => wordVote.of(modelTextOf(row)))
  }
  const distance = await createLabelDistance(executor, vectors, width, labelOf)
  const neighbours = await createNeighbours(executor, vectors, width, labelOf, labels)
  try {
    result.distance = await distance.of(queries.vectors)
    for (let start = 0; start < count; start += queriesPerCall) {
      const end = Math.min(count, start + queriesPerCall)
      const opinions = await neighbours.of(queries.vectors.subarray(start * width, end * width))
      for (const [i, { similarities, vote }] of opinions.entries()) {
        result.similarity[start + i] = nearestOf(similarities, 1)[0]!.similarity
        result.votes.push(vote)
      }
    }
  } finally {
    await distance.dispose()
    await neighbours.dispose()
  }
  return result
}

/** The chosen rows of a row-major matrix, in the order given. */
export function takeRows(matrix: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const taken = new Float32Array(rows.length * width)
  for (const [to, from] of rows.entries()) taken.set(matrix.subarray(from * width, (from + 1) * width), to * width)
  return taken
}

/** Row-major matrices of one width below each other. */
export function joined(...parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Scales each row to length 1 in place and returns the matrix. */
export function toUnitLength(matrix: Float32Array, width: number): Float32Array {
  for (let start = 0; start < matrix.length; start += width) {
    let squares = 0
    for (let i = start; i < start + width; i++) squares += matrix[i]! ** 2
    const scale = 1 / Math.max(Math.sqrt(squares), 1e-12)
    for (let i = start; i < start + width; i++) matrix[i]! *= scale
  }
  return matrix
}
