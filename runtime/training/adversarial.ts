import * as tf from '@tensorflow/tfjs-core'
import type { Seen } from './task.ts'

/** A pass and how its loss rises with the states that went in, float32 [batch, length, hidden]. */
export interface Sloped {
  seen: Seen
  slope: tf.Tensor
}

/**
 * Runs a pass once and takes the slope of its loss at `states`. Inside another gradient the pass stands on that one's tape, so that
 * it is computed once for both.
 */
export function passWithSlope(
  states: tf.Tensor,
  pass: (states: tf.Tensor) => Seen,
  lossOf: (seen: Seen) => tf.Tensor,
): Sloped {
  // A gradient function hands out its scalar alone and disposes of the rest: copies are carried past it.
  const carried: tf.Tensor[] = []
  let mask: tf.Tensor | undefined
  const slope = tf.grad((given: tf.Tensor) => {
    const seen = pass(given)
    carried.push(tf.keep(tf.clone(seen.hidden)), tf.keep(tf.clone(seen.vectors)))
    mask = seen.mask
    return tf.reshape(lossOf(seen), [])
  })(states)
  const [hidden, vectors] = carried.map((t) => tf.clone(t))
  for (const t of carried) t.dispose()
  return { seen: { hidden: hidden!, vectors: vectors!, mask: mask! }, slope }
}

/**
 * The step that would raise a text's loss most, `size` long over all its entries: size * g / |g| (Miyato et al. 2017, equation 5, with
 * the loss of the right label). A constant to the gradient around it; nothing where a text has no slope (a padding row).
 */
export function adversarialShift(slope: tf.Tensor, size: number): tf.Tensor {
  const length = tf.sqrt(tf.maximum(tf.sum(tf.square(slope), [1, 2], true), 1e-24))
  return constant(tf.mul(tf.div(slope, length), size))
}

/** The same values with nothing behind them: no gradient flows through. */
function constant(x: tf.Tensor): tf.Tensor {
  return tf.customGrad(() => ({ value: tf.clone(x), gradFunc: () => [] }))()
}
