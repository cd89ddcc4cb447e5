import * as tf from '@tensorflow/tfjs-core'
import { ownKernels } from '../trace/kernels/own.ts'
import { runOwn } from './kernel.ts'

/** The normal distribution function, through erf. */
const cumulative = (x: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5)

/** Far below what float32 adds to any x that counts. */
const tiny = 1e-30

/** The exact Gaussian error linear unit, x * Phi(x) (Hendrycks & Gimpel 2016). Its slope is Phi(x) + x * phi(x). */
export function gelu(x: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, save] = given as [tf.Tensor, tf.GradSaveFunc]
    const value = runOwn(ownKernels.gelu, { x: input }, {}, () => [tf.mul(input, cumulative(input))])[0]!
    save([input, value])
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [x0, y0] = saved as [tf.Tensor, tf.Tensor]
      // Phi(x) = y / x spares a second erf; at zero, where that says nothing, the two small terms leave one half.
      const below = tf.div(tf.add(y0, tiny / 2), tf.add(x0, tiny))
      const density = tf.mul(tf.exp(tf.mul(tf.square(x0), -0.5)), 1 / Math.sqrt(2 * Math.PI))
      return tf.mul(dy, tf.add(below, tf.mul(x0, density)))
    }
    return { value, gradFunc }
  })
  return withGradient(x)
}
