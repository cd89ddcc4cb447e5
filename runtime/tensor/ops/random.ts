import * as tf from '@tensorflow/tfjs-core'
import type { HostTensor } from '../executor.ts'
import { floats } from '../host-tensor.ts'
import { ownKernels, windowRow } from '../trace/kernels/own.ts'
import { runOwn } from './kernel.ts'

/** Draws that depend on the step's seed and on the order of the calls only. */
export interface RandomSource {
  /** Inverted dropout (Srivastava et al. 2014): zeroes a share `rate` of the entries and scales the others by 1 / (1 - rate). `rate` 0 returns x. */
  dropout(x: tf.Tensor, rate: number): tf.Tensor
}

/** Uniform numbers 0 <= u < 1 from SplitMix-style mixing of a counter (Steele et al. 2014, 32-bit finaliser of MurmurHash3). */
export function uniformPool(length: number, seed: number): HostTensor {
  const data = new Float32Array(length)
  for (let i = 0; i < length; i++) {
    let z = Math.imul(i + 1, 0x9e3779b9) + Math.imul(seed + 1, 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    data[i] = ((z ^ (z >>> 16)) >>> 8) / 2 ** 24
  }
  return floats([length], data)
}

/** Length of the pool that masks are cut from, and of the longest single cut. */
export const poolLength = 3 * 2 ** 20
const longestWindow = 2 ** 21

/** Cuts that one step may make. */
export const drawsPerStep = 256

/** The draws of one step: `drawsPerStep` uniform numbers that depend on the seed only. */
export const drawsOf = (seed: number): HostTensor => uniformPool(drawsPerStep, seed)

/**
 * Dropout masks as windows of one pool of uniform numbers. `starts` [drawsPerStep] float32 in 0..1 says where each call of the
 * program cuts; made outside from the step's seed, it gives the same masks on every device, and no generator state hides. Two masks
 * of one step may share numbers (at shifted places); windows over 2^21 entries are joined from several cuts.
 */
export function windowedRandom(pool: tf.Tensor, starts: tf.Tensor): RandomSource {
  let draws = 0
  const cut = (length: number): tf.Tensor => {
    if (draws >= drawsPerStep) throw new Error(`a step may draw at most ${drawsPerStep} dropout masks`)
    const draw = tf.slice(starts, [draws++], [1])
    const start = tf.cast(tf.floor(tf.mul(draw, poolLength - length - windowRow)), 'int32')
    return runOwn(ownKernels.window, { x: pool, start }, { length }, () => [
      tf.slice(pool, [start.dataSync()[0]!], [length]),
    ])[0]!
  }
  const uniform = (length: number): tf.Tensor => {
    const parts: tf.Tensor[] = []
    for (let left = length; left > 0; left -= longestWindow) parts.push(cut(Math.min(left, longestWindow)))
    return parts.length === 1 ? parts[0]! : tf.concat(parts)
  }
  return {
    dropout(x, rate) {
      if (rate <= 0) return x
      const keep = tf.greaterEqual(tf.reshape(uniform(x.size), x.shape), rate)
      return tf.mul(x, tf.mul(tf.cast(keep, 'float32'), 1 / (1 - rate)))
    },
  }
}
