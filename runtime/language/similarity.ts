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

/** The places of the `count` largest similarities, largest first; of equals the earlier one. */
export function nearestOf(similarities: Float32Array, count: number): { index: number; similarity: number }[] {
  const best: { index: number; similarity: number }[] = []
  for (let index = 0; index < similarities.length; index++) {
    const similarity = similarities[index]!
    if (best.length === count && similarity <= best[count - 1]!.similarity) continue
    let place = best.length
    while (place > 0 && best[place - 1]!.similarity < similarity) place--
    best.splice(place, 0, { index, similarity })
    if (best.length > count) best.pop()
  }
  return best
}
