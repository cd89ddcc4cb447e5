import * as tf from '@tensorflow/tfjs-core'
import { ownKernels } from '../trace/kernels/own.ts'
import { runOwn } from './kernel.ts'

/** The squared Euclidean norm of all entries, a scalar. It has no gradient of its own. */
export const sumOfSquares = (x: tf.Tensor): tf.Tensor =>
  runOwn(ownKernels.sumOfSquares, { x }, {}, () => [tf.sum(tf.square(x))])[0]!
