import * as tf from '@tensorflow/tfjs-core'
import { ownKernels } from '../trace/kernels/own.ts'
import { columnSums } from './column-sums.ts'
import { runOwn } from './kernel.ts'

function composed(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor[] {
  const mean = tf.mean(x, -1, true)
  const centred = tf.sub(x, mean)
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon))
  return [tf.add(tf.mul(tf.mul(centred, inverse), gamma), beta), mean, inverse]
}

/**
 * Layer normalisation over the last axis (Ba et al. 2016): (x - mean) / sqrt(variance + epsilon) * gamma + beta.
 * x [..., n], gamma and beta [n]. The backward pass uses the saved means and inverse deviations.
 */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor {
  const withGradient = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, scale, shift] = given.slice(0, 3) as [tf.Tensor, tf.Tensor, tf.Tensor]
    const save = given[3] as tf.GradSaveFunc
    const inputs = { x: input, gamma: scale, beta: shift }
    const [value, mean, inverse] = runOwn(ownKernels.layerNorm, inputs, { epsilon }, () =>
      composed(input, scale, shift, epsilon),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor]
    save([input, scale, mean, inverse])
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x0, g, m, inv] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
      const normal = tf.mul(tf.sub(x0, m), inv)
      const scaled = tf.mul(dy, g)
      const along = tf.mean(tf.mul(scaled, normal), -1, true)
      const dx = tf.mul(inv, tf.sub(tf.sub(scaled, tf.mean(scaled, -1, true)), tf.mul(normal, along)))
      return [dx, columnSums(tf.mul(dy, normal)), columnSums(dy)]
    }
    return { value, gradFunc }
  })
  return withGradient(x, gamma, beta)
}
