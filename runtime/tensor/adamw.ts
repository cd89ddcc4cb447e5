import * as tf from '@tensorflow/tfjs-core'
import type { HostTensors, Program, TensorSpec } from './executor.ts'
import { floats } from './host-tensor.ts'
import { type RandomSource, windowedRandom } from './ops/random.ts'
import { sumOfSquares } from './ops/sum-of-squares.ts'

/** The settings of decoupled weight decay Adam (Loshchilov & Hutter 2019, algorithm 2) with global-norm clipping (Pascanu et al. 2013). */
export interface AdamWOptions {
  /** Default 0.9. */
  beta1?: number
  /** Default 0.999. */
  beta2?: number
  /** Added to the root of the bias-corrected second moment. Default 1e-8. */
  epsilon?: number
  /** Fraction of a weight removed a step, times the learning rate. Default 0.01. */
  weightDecay?: number
  /** Largest norm of all gradients together; 0 switches clipping off. Default 1. */
  clipNorm?: number
  /** Which weights decay. Default: those of rank 2 and more (neither biases nor norms). */
  decays?: (name: string, shape: readonly number[]) => boolean
  /** Factor on the learning rate of one weight (a faster head, slower low layers). Default 1. */
  rate?: (name: string) => number
}

const defaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 }

/** Names of a weight's first and second moment in the state. */
export const momentNames = (name: string): [string, string] => [`moment1/${name}`, `moment2/${name}`]

/**
 * The step's scalars, computed here in double precision. The moments are kept unscaled, m / (1 - beta1) and v / (1 - beta2), which
 * saves a pass over each; step size and epsilon make up for it:
 * lr / c1 * m / (sqrt(v / c2) + eps), c = 1 - beta^step, equals size * M / (sqrt(V) + floor).
 */
export function adamWScalars(options: AdamWOptions, learningRate: number, step: number): HostTensors {
  const { beta1, beta2, epsilon } = { ...defaults, ...options }
  const correction1 = 1 - beta1 ** step
  const correction2 = 1 - beta2 ** step
  const scale2 = Math.sqrt((1 - beta2) / correction2)
  return {
    'adamw/size': floats([], [(learningRate * (1 - beta1)) / correction1 / scale2]),
    'adamw/floor': floats([], [epsilon / scale2]),
    'adamw/rate': floats([], [learningRate]),
  }
}

export interface AdamWProgram {
  shapes: Record<string, TensorSpec>
  frozen: readonly string[]
  loss: (
    weights: Record<string, tf.Tensor>,
    inputs: Record<string, tf.Tensor>,
    random: RandomSource,
  ) => { loss: tf.Tensor } & Record<string, tf.Tensor>
  optimizer: AdamWOptions
}

/**
 * One training step as a loop body: forward, backward, clipping, AdamW. State: weights and moments; captured: frozen weights and
 * `random/pool`; inputs: the batch, the scalars of `adamWScalars` and `random/draws`.
 * Returns the new state, `loss`, `gradientNorm` and what else the loss program gave.
 */
export function adamWProgram({ shapes, frozen, loss, optimizer }: AdamWProgram): Program {
  const { beta1, beta2, weightDecay, clipNorm } = { ...defaults, ...optimizer }
  const decays = optimizer.decays ?? ((_name, shape) => shape.length >= 2)
  const names = Object.keys(shapes)
  const own = new Set([...names, ...frozen, ...names.flatMap(momentNames)])
  return (all) => {
    const kept: Record<string, tf.Tensor> = {}
    const fixed = Object.fromEntries(frozen.map((name) => [name, all[name]!]))
    const inputs = Object.fromEntries(Object.entries(all).filter(([name]) => !own.has(name)))
    const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
      const weights = Object.fromEntries(names.map((name, i) => [name, given[i]!]))
      const random = windowedRandom(all['random/pool']!, all['random/draws']!)
      const { loss: scalar, ...others } = loss({ ...weights, ...fixed }, inputs, random)
      for (const [name, t] of Object.entries(others)) kept[name] = tf.keep(tf.clone(t))
      return tf.reshape(scalar, [])
    })(names.map((name) => all[name]!))

    const results: Record<string, tf.Tensor> = { loss: value }
    for (const [name, t] of Object.entries(kept)) {
      results[name] = tf.clone(t)
      t.dispose()
    }
    const norm = tf.sqrt(tf.addN(grads.map(sumOfSquares)))
    results.gradientNorm = norm
    const clip = clipNorm > 0 ? tf.minimum(tf.div(clipNorm, tf.add(norm, 1e-6)), 1) : undefined
    const floor = all['adamw/floor']!
    names.forEach((name, i) => {
      const weight = all[name]!
      const [first, second] = momentNames(name)
      const factor = optimizer.rate?.(name) ?? 1
      const gradient = clip ? tf.mul(grads[i]!, clip) : grads[i]!
      const m = tf.add(tf.mul(all[first]!, beta1), gradient)
      const v = tf.add(tf.mul(all[second]!, beta2), tf.square(gradient))
      const update = tf.mul(tf.div(m, tf.add(tf.sqrt(v), floor)), tf.mul(all['adamw/size']!, factor))
      const decayed =
        weightDecay > 0 && decays(name, weight.shape)
          ? tf.mul(weight, tf.sub(1, tf.mul(all['adamw/rate']!, weightDecay * factor)))
          : weight
      results[name] = tf.sub(decayed, update)
      results[first] = m
      results[second] = v
    })
    return results
  }
}
