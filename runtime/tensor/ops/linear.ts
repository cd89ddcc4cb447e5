import * as tf from '@tensorflow/tfjs-core'
import { ownKernels } from '../trace/kernels/own.ts'
import { columnSums } from './column-sums.ts'
import { runOwn } from './kernel.ts'

/** Options of `linear`. `transposed`: the weight is [out, in], as PyTorch stores it, instead of [in, out]. */
export interface LinearOptions {
  transposed?: boolean
}

function withBias(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, transposed: boolean): tf.Tensor {
  const withGradient = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, w, b] = given.slice(0, 3) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D]
    const save = given[3] as tf.GradSaveFunc
    save([input, w])
    const inputs = { x: input, weight: w, bias: b }
    const value = runOwn(ownKernels.linear, inputs, { transposed }, () => [
      tf.add(tf.matMul(input, w, false, transposed), b),
    ])[0]!
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x0, w0] = saved as [tf.Tensor2D, tf.Tensor2D]
      const d = dy as tf.Tensor2D
      const dw = transposed ? tf.matMul(d, x0, true, false) : tf.matMul(x0, d, true, false)
      return [tf.matMul(d, w0, false, !transposed), dw, columnSums(d)]
    }
    return { value, gradFunc }
  })
  return withGradient(x, weight, bias)
}

/** An affine map of the last axis: x [..., in] to [..., out]. The bias [out] may be left out. */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor, options: LinearOptions = {}): tf.Tensor {
  const transposed = options.transposed ?? false
  const outer = x.shape.slice(0, -1)
  const rows = outer.reduce((a, b) => a * b, 1)
  const flat = tf.reshape(x, [rows, x.shape.at(-1)!]) as tf.Tensor2D
  const w = weight as tf.Tensor2D
  const y = bias ? withBias(flat, w, bias as tf.Tensor1D, transposed) : tf.matMul(flat, w, false, transposed)
  return tf.reshape(y, [...outer, y.shape.at(-1)!])
}
