import * as tf from '@tensorflow/tfjs-core'
import { ownKernels } from '../trace/kernels/own.ts'
import { runOwn } from './kernel.ts'

/** int32 0, 1, ... length - 1 for ids [..., length]; the length may be a named dimension of a forward export. */
export const positions = (ids: tf.Tensor): tf.Tensor1D =>
  runOwn(ownKernels.positions, { like: ids }, {}, () => [tf.range(0, ids.shape.at(-1)!, 1, 'int32')])[0] as tf.Tensor1D
