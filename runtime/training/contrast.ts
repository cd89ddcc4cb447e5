import * as tf from '@tensorflow/tfjs-core'
import type { HostTensor } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'

/** A score that softmax gives nothing for. */
export const never = -10_000

/**
 * Which rows of a batch belong together, for `contrastLoss`: `pairs` [size, size] holds 1 / (positives of the row x rows that
 * have any), `block` [size, size] bars each row from itself and everybody from padding rows (those behind `truth`).
 */
export function pairsOf(truth: readonly (readonly number[])[], size: number): { pairs: HostTensor; block: HostTensor } {
  const pairs = floats([size, size])
  const block = floats([size, size])
  const positives = truth.map((own, row) =>
    truth.flatMap((others, other) => (other !== row && others.some((label) => own.includes(label)) ? [other] : [])),
  )
  const anchors = positives.filter((row) => row.length > 0).length
  for (let row = 0; row < size; row++)
    for (let other = 0; other < size; other++)
      if (other === row || other >= truth.length) block.data[row * size + other] = never
  for (const [row, others] of positives.entries())
    for (const other of others) pairs.data[row * size + other] = 1 / (others.length * anchors)
  return { pairs, block }
}

/**
 * The supervised contrastive loss (Khosla et al. 2020, equation 2, L_out) of unit-length vectors [size, width]: rows of one
 * label near each other, all others apart. Zero for a batch without a pair.
 */
export function contrastLoss(vectors: tf.Tensor, pairs: tf.Tensor, block: tf.Tensor, temperature: number): tf.Tensor {
  const near = tf.mul(tf.matMul(vectors as tf.Tensor2D, vectors as tf.Tensor2D, false, true), 1 / temperature)
  return tf.neg(tf.sum(tf.mul(pairs, tf.logSoftmax(tf.add(near, block)))))
}
