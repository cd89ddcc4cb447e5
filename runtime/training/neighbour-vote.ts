import * as tf from '@tensorflow/tfjs-core'
import type { Executor } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'

/** How fast a row's say falls with distance: cosines are divided by it before the softmax. */
const sharpness = 0.03

/** Learned rows, ready to be asked. */
export interface Neighbours {
  /** Asks about messages by their unit-length vectors, row-major [messages, width]. */
  of(messages: Float32Array): Promise<NeighbourOpinion[]>
  dispose(): Promise<void>
}

/** What the learned rows say of one message. */
export interface NeighbourOpinion {
  /** Cosine similarity with each of them. */
  similarities: Float32Array
  /**
   * Their vote, a share for each label, which sum to 1: a softmax of the similarities over `sharpness`, summed by label (a kernel
   * regression, Nadaraya 1964; as a classifier's second opinion: Khandelwal et al. 2020).
   */
  vote: Float64Array
}

/**
 * Makes rows with these unit-length vectors, row-major [rows, width], ready to be asked; `labelOf` is each row's label. Products and
 * exponentials of all rows are one call into the graph: in plain loops they take longer than the language model.
 */
export async function createNeighbours(
  executor: Executor,
  vectors: Float32Array,
  width: number,
  labelOf: readonly number[],
  labels: number,
): Promise<Neighbours> {
  const known = labelOf.length
  if (known === 0) {
    const nothing = () => ({ similarities: new Float32Array(), vote: new Float64Array(labels) })
    return { of: async (messages) => Array.from({ length: messages.length / width }, nothing), dispose: async () => {} }
  }
  const compiled = await executor.compile(
    ({ message, row }) => {
      const similarity = tf.matMul(message as tf.Tensor2D, row as tf.Tensor2D, false, true)
      return { similarity, say: tf.softmax(tf.div(similarity, sharpness)) }
    },
    { message: { shape: ['messages', width], dtype: 'float32' } },
    { constants: { row: floats([known, width], vectors) } },
  )
  return {
    async of(messages) {
      const count = messages.length / width
      if (count === 0) return []
      const out = await compiled.run({ message: floats([count, width], messages) })
      const table = out.similarity!.data as Float32Array
      const says = out.say!.data as Float32Array
      return Array.from({ length: count }, (_, message) => {
        const vote = new Float64Array(labels)
        let sum = 0
        for (let row = 0; row < known; row++) {
          const say = says[message * known + row]!
          vote[labelOf[row]!]! += say
          sum += say
        }
        for (let label = 0; label < labels; label++) vote[label]! /= sum
        return { similarities: table.subarray(message * known, (message + 1) * known), vote }
      })
    },
    dispose: () => compiled.dispose(),
  }
}
