import * as tf from '@tensorflow/tfjs-core'
import type { Executor } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'

const queriesPerCall = 512

/** Cosine similarity of each query with the nearest of `rows`; both are unit-length vectors, row-major [count, width]. */
export async function nearestSimilarity(
  executor: Executor,
  queries: Float32Array,
  rows: Float32Array,
  width: number,
): Promise<Float32Array> {
  const count = queries.length / width
  const result = new Float32Array(count)
  if (count === 0 || rows.length === 0) return result
  const known = rows.length / width
  const compiled = await executor.compile(
    ({ query, row }) => ({ nearest: tf.max(tf.matMul(query as tf.Tensor2D, row as tf.Tensor2D, false, true), 1) }),
    { query: { shape: ['queries', width], dtype: 'float32' }, row: { shape: [known, width], dtype: 'float32' } },
  )
  try {
    for (let start = 0; start < count; start += queriesPerCall) {
      const end = Math.min(count, start + queriesPerCall)
      const query = floats([end - start, width], queries.subarray(start * width, end * width))
      const out = await compiled.run({ query, row: floats([known, width], rows) })
      result.set(out.nearest!.data as Float32Array, start)
    }
  } finally {
    await compiled.dispose()
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
