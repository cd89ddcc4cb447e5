import * as tf from '@tensorflow/tfjs-core'
import type { Executor } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'

/** Mahalanobis distances to labels, ready to be asked for. */
export interface LabelDistance {
  /** Squared distance of each query to the mean of the nearest label; queries are row-major [count, width]. */
  of(queries: Float32Array): Promise<Float32Array>
  dispose(): Promise<void>
}

/**
 * Prepares distances to the means of labels under one covariance that all share (Lee et al. 2018, section 2.1), shrunk towards a
 * multiple of the identity (Ledoit & Wolf 2004, section 3.3). `vectors` are row-major [rows, width], at least one; `labelOf` is each row's label.
 */
export async function createLabelDistance(
  executor: Executor,
  vectors: Float32Array,
  width: number,
  labelOf: readonly number[],
): Promise<LabelDistance> {
  const { means, residuals } = centre(vectors, width, labelOf)
  const count = labelOf.length
  const product = await executor.compile(
    ({ residual }) => ({
      covariance: tf.div(tf.matMul(residual as tf.Tensor2D, residual as tf.Tensor2D, true), count),
    }),
    { residual: { shape: [count, width], dtype: 'float32' } },
  )
  const { covariance } = await product.run({ residual: floats([count, width], residuals) })
  await product.dispose()
  const whiten = whitening(shrunk(covariance!.data as Float32Array, residuals, width), width)
  const labels = means.length / width
  const compiled = await executor.compile(
    ({ query, mean, matrix }) => {
      const here = tf.matMul(query as tf.Tensor2D, matrix as tf.Tensor2D)
      const there = tf.matMul(mean as tf.Tensor2D, matrix as tf.Tensor2D)
      const squares = tf.add(tf.sum(tf.square(here), 1, true), tf.reshape(tf.sum(tf.square(there), 1), [1, labels]))
      return { distance: tf.min(tf.sub(squares, tf.mul(tf.matMul(here, there, false, true), 2)), 1) }
    },
    { query: { shape: ['queries', width], dtype: 'float32' } },
    { constants: { mean: floats([labels, width], means), matrix: floats([width, width], whiten) } },
  )
  return {
    async of(queries) {
      if (queries.length === 0) return new Float32Array()
      const out = await compiled.run({ query: floats([queries.length / width, width], queries) })
      return out.distance!.data as Float32Array
    },
    dispose: () => compiled.dispose(),
  }
}

/** The mean of each label that has rows, [labels, width], and what is left of each row, [rows, width]. */
function centre(vectors: Float32Array, width: number, labelOf: readonly number[]) {
  const places = new Map([...new Set(labelOf)].map((label, place) => [label, place]))
  const means = new Float32Array(places.size * width)
  const rows = new Array<number>(places.size).fill(0)
  for (const [row, label] of labelOf.entries()) {
    const place = places.get(label)!
    rows[place]!++
    for (let i = 0; i < width; i++) means[place * width + i]! += vectors[row * width + i]!
  }
  for (let i = 0; i < means.length; i++) means[i]! /= rows[Math.floor(i / width)]!
  const residuals = vectors.slice()
  for (const [row, label] of labelOf.entries()) {
    const place = places.get(label)!
    for (let i = 0; i < width; i++) residuals[row * width + i]! -= means[place * width + i]!
  }
  return { means, residuals }
}

/** Below this share of the mean variance a direction counts as noise: where each label has one row nothing varies at all. */
const smallestVariance = 1e-3

function shrunk(covariance: Float32Array, residuals: Float32Array, width: number): Float64Array {
  const rows = residuals.length / width
  let trace = 0
  for (let i = 0; i < width; i++) trace += covariance[i * width + i]!
  const variance = Math.max(trace / width, 1e-9)
  let norm = 0
  for (const entry of covariance) norm += entry * entry
  let fourth = 0
  for (let row = 0; row < rows; row++) {
    let squares = 0
    for (let i = 0; i < width; i++) squares += residuals[row * width + i]! ** 2
    fourth += squares * squares
  }
  const spread = Math.max(norm - width * variance ** 2, 1e-12)
  const noise = Math.max(0, (fourth / rows - norm) / rows)
  const share = Math.min(1, noise / spread)
  const result = Float64Array.from(covariance, (entry) => (1 - share) * entry)
  for (let i = 0; i < width; i++) result[i * width + i]! += Math.max(share, smallestVariance) * variance
  return result
}

/** The matrix W with |x W|^2 = x' covariance^-1 x: the transposed inverse of the Cholesky factor. */
function whitening(covariance: Float64Array, width: number): Float32Array {
  const lower = new Float64Array(width * width)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i * width + j]!
      for (let k = 0; k < j; k++) sum -= lower[i * width + k]! * lower[j * width + k]!
      lower[i * width + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[j * width + j]!
    }
  }
  const result = new Float32Array(width * width)
  const column = new Float64Array(width)
  for (let j = 0; j < width; j++) {
    for (let i = j; i < width; i++) {
      let sum = i === j ? 1 : 0
      for (let k = j; k < i; k++) sum -= lower[i * width + k]! * column[k]!
      column[i] = sum / lower[i * width + i]!
      result[j * width + i] = column[i]!
    }
  }
  return result
}
