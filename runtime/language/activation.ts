import * as tf from '@tensorflow/tfjs-core'
import { gelu } from '#runtime/tensor/ops/gelu.ts'

/** Names of `config.json`; the last two are one function under two names. */
export type Activation = 'gelu' | 'relu' | 'gelu_new' | 'gelu_pytorch_tanh'

export function activate(x: tf.Tensor, kind: Activation): tf.Tensor {
  if (kind === 'gelu') return gelu(x)
  if (kind === 'relu') return tf.relu(x)
  // The tanh approximation (Hendrycks & Gimpel 2016, section 2).
  const cubic = tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715))
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI))), 1))
}
