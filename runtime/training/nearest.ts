import { createSimilarity } from '#runtime/language/similarity.ts'
import type { Executor } from '#runtime/tensor/executor.ts'

/** Bounds the matrix of one call: 1 MB a thousand known rows. */
const queriesPerCall = 256

/** Cosine similarity of each query with the nearest of `rows`; both are unit-length vectors, row-major [count, width]. */
export async function nearestSimilarity(
  executor: Executor,
  queries: Float32Array,
  rows: Float32Array,
  width: number,
): Promise<Float32Array> {
  const count = queries.length / width
  const known = rows.length / width
  const result = new Float32Array(count)
  if (known === 0) return result
  const similarity = await createSimilarity(executor, rows, width)
  try {
    for (let start = 0; start < count; start += queriesPerCall) {
      const end = Math.min(count, start + queriesPerCall)
      const table = await similarity.of(queries.subarray(start * width, end * width))
      for (let query = start; query < end; query++) {
        let most = Number.NEGATIVE_INFINITY
        for (let at = (query - start) * known; at < (query - start + 1) * known; at++) most = Math.max(most, table[at]!)
        result[query] = most
      }
    }
  } finally {
    await similarity.dispose()
  }
  return result
}

/** The chosen rows of a row-major matrix, in the order given. */
export function takeRows(matrix: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const taken = new Float32Array(rows.length * width)
  for (const [to, from] of rows.entries()) taken.set(matrix.subarray(from * width, (from + 1) * width), to * width)
  return taken
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
