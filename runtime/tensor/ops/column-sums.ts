import * as tf from '@tensorflow/tfjs-core'
import { ownKernels } from '../trace/kernels/own.ts'
import { runOwn } from './kernel.ts'

/** Sums of the columns of x [..., n], shape [n]: a bias's gradient. It has no gradient of its own. */
export function columnSums(x: tf.Tensor): tf.Tensor {
  const width = x.shape.at(-1)!
  const flat = tf.reshape(x, [x.size / width, width])
  return runOwn(ownKernels.columnSums, { x: flat }, {}, () => [tf.sum(flat, 0)])[0]!
}
