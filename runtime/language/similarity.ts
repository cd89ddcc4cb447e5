import * as tf from '@tensorflow/tfjs-core'
import type { Executor } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'

/** Known unit-length vectors, ready to be compared with. */
export interface Similarity {
  /** Cosine similarity of each query with each known vector, row-major [queries, known]; queries are row-major [count, width]. */
  of(queries: Float32Array): Promise<Float32Array>
  dispose(): Promise<void>
}

/** Compiles the comparison with these unit-length vectors, row-major [known, width]: one matrix product a call. */
export async function createSimilarity(executor: Executor, vectors: Float32Array, width: number): Promise<Similarity> {
  const known = vectors.length / width
  if (known === 0) return { of: async () => new Float32Array(), dispose: async () => {} }
  const compiled = await executor.compile(
    ({ query, row }) => ({ similarity: tf.matMul(query as tf.Tensor2D, row as tf.Tensor2D, false, true) }),
    { query: { shape: ['queries', width], dtype: 'float32' } },
    { constants: { row: floats([known, width], vectors) } },
  )
  return {
    async of(queries) {
      const out = await compiled.run({ query: floats([queries.length / width, width], queries) })
      return out.similarity!.data as Float32Array
    },
    dispose: () => compiled.dispose(),
  }
}
