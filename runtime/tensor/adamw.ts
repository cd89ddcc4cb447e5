import * as tf from '@tensorflow/tfjs-core'
import type { HostTensors, Program } from './executor.ts'
import { floats, sizeOf } from './host-tensor.ts'
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

/** Names of the first and second moment of a tensor of the state. */
const momentNames = (name: string): [string, string] => [`moment1/${name}`, `moment2/${name}`]

/** Name of the sum of a tensor's gradients over the parts of a batch. */
const sumName = (name: string): string => `sum/${name}`

/** The state's tensor of all small weights. */
const packedName = 'adamw/packed'

/** Weights up to this size share one tensor: an operator costs some microseconds however little it computes. */
const largestPacked = 8192

/** Which weights are tensors of the state themselves, and where the small ones lie in the packed one. */
export interface StateLayout {
  own: string[]
  packed: { name: string; shape: readonly number[]; offset: number; size: number }[]
}

export function layoutOf(trainable: HostTensors): StateLayout {
  const layout: StateLayout = { own: [], packed: [] }
  let offset = 0
  for (const [name, { shape }] of Object.entries(trainable)) {
    const size = sizeOf(shape)
    if (size > largestPacked) layout.own.push(name)
    else {
      layout.packed.push({ name, shape, offset, size })
      offset += size
    }
  }
  return layout
}

/** Weights as the state holds them, without moments. */
export function toState(layout: StateLayout, weights: HostTensors): HostTensors {
  const state = Object.fromEntries(layout.own.map((name) => [name, weights[name]!]))
  if (layout.packed.length === 0) return state
  const packed = floats([layout.packed.reduce((sum, p) => sum + p.size, 0)])
  for (const { name, offset } of layout.packed) packed.data.set(weights[name]!.data, offset)
  return { ...state, [packedName]: packed }
}

/** The reverse of `toState`; moments are left out. The weights are copies. */
export function fromState(layout: StateLayout, state: HostTensors): HostTensors {
  const weights = Object.fromEntries(layout.own.map((name) => [name, state[name]!]))
  for (const { name, shape, offset, size } of layout.packed) {
    weights[name] = floats(shape, state[packedName]!.data.slice(offset, offset + size))
  }
  return weights
}

/** All moments at zero. */
export const zeroMoments = (state: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(state).flatMap(([name, t]) => momentNames(name).map((moment) => [moment, floats(t.shape)] as const)),
  )

/** No gradients summed yet. */
export const zeroSums = (state: HostTensors): HostTensors =>
  Object.fromEntries(Object.entries(state).map(([name, t]) => [sumName(name), floats(t.shape)] as const))

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

/** The scalars of one part of a batch: all but the last leave weights and moments exactly as they are. */
export function partScalars(options: AdamWOptions, learningRate: number, step: number, last: boolean): HostTensors {
  const { beta1, beta2 } = { ...defaults, ...options }
  const whole = adamWScalars(options, learningRate, step)
  return {
    ...whole,
    ...(last ? {} : { 'adamw/size': floats([], [0]), 'adamw/rate': floats([], [0]) }),
    'adamw/keep1': floats([], [last ? beta1 : 1]),
    'adamw/keep2': floats([], [last ? beta2 : 1]),
    'adamw/take': floats([], [last ? 1 : 0]),
  }
}

export interface AdamWProgram {
  layout: StateLayout
  /** Shapes of the trainable weights by name. */
  shapes: Record<string, readonly number[]>
  frozen: readonly string[]
  loss: (
    weights: Record<string, tf.Tensor>,
    inputs: Record<string, tf.Tensor>,
    random: RandomSource,
  ) => { loss: tf.Tensor } & Record<string, tf.Tensor>
  optimizer: AdamWOptions
  /** A batch comes in parts: gradients are summed, and the last part moves the weights by their sum. */
  inParts?: boolean
}

/** A factor for each entry of a tensor of the state, as a number where all are the same. */
type Factor = number | tf.Tensor

/**
 * One training step as a loop body: forward, backward, clipping, AdamW. State: `toState` and `zeroMoments`; captured: frozen weights
 * and `random/pool`; inputs: the batch, the scalars of `adamWScalars` and `random/draws`. `inParts`, the state has `zeroSums` too
 * and the scalars are those of `partScalars`.
 * Returns the new state, `loss`, `gradientNorm` and what else the loss program gave.
 */
export function adamWProgram({ layout, shapes, frozen, loss, optimizer, inParts = false }: AdamWProgram): Program {
  const { beta1, beta2, weightDecay, clipNorm } = { ...defaults, ...optimizer }
  const decays = optimizer.decays ?? ((_name, shape) => shape.length >= 2)
  const names = Object.keys(shapes)
  const stateNames = layout.packed.length > 0 ? [...layout.own, packedName] : layout.own
  const known = new Set([...stateNames, ...stateNames.flatMap(momentNames), ...stateNames.map(sumName), ...frozen])
  const rateOf = (name: string): number => optimizer.rate?.(name) ?? 1
  const decayOf = (name: string): number => (decays(name, shapes[name]!) ? weightDecay * rateOf(name) : 0)

  const factorOf = (stateName: string, value: (name: string) => number): Factor => {
    if (stateName !== packedName) return value(stateName)
    const values = layout.packed.map(({ name }) => value(name))
    if (values.every((v) => v === values[0])) return values[0]!
    return tf.concat(layout.packed.map(({ size }, i) => tf.fill([size], values[i]!)))
  }

  const unpack = (state: Record<string, tf.Tensor>): Record<string, tf.Tensor> => {
    const weights = Object.fromEntries(layout.own.map((name) => [name, state[name]!]))
    if (layout.packed.length === 0) return weights
    const sizes = layout.packed.map((p) => p.size)
    const parts = sizes.length === 1 ? [state[packedName]!] : tf.split(state[packedName]!, sizes)
    layout.packed.forEach(({ name, shape }, i) => {
      weights[name] = tf.reshape(parts[i]!, [...shape])
    })
    return weights
  }

  return (all) => {
    const kept: Record<string, tf.Tensor> = {}
    const fixed = Object.fromEntries(frozen.map((name) => [name, all[name]!]))
    const inputs = Object.fromEntries(Object.entries(all).filter(([name]) => !known.has(name)))
    const weights = unpack(all)
    const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
      const trained = Object.fromEntries(names.map((name, i) => [name, given[i]!]))
      const random = windowedRandom(all['random/pool']!, all['random/draws']!)
      const { loss: scalar, ...others } = loss({ ...trained, ...fixed }, inputs, random)
      for (const [name, t] of Object.entries(others)) kept[name] = tf.keep(tf.clone(t))
      return tf.reshape(scalar, [])
    })(names.map((name) => weights[name]!))

    const results: Record<string, tf.Tensor> = { loss: value }
    for (const [name, t] of Object.entries(kept)) {
      results[name] = tf.clone(t)
      t.dispose()
    }
    const byName = Object.fromEntries(names.map((name, i) => [name, grads[i]!]))
    const slopes = Object.fromEntries(layout.own.map((name) => [name, byName[name]!]))
    if (layout.packed.length > 0) {
      slopes[packedName] = tf.concat(layout.packed.map(({ name, size }) => tf.reshape(byName[name]!, [size])))
    }
    if (inParts) for (const name of stateNames) slopes[name] = tf.add(all[sumName(name)]!, slopes[name]!)
    const norm = tf.sqrt(tf.sum(tf.stack(Object.values(slopes).map(sumOfSquares))))
    results.gradientNorm = norm
    const clip = clipNorm > 0 ? tf.minimum(tf.div(clipNorm, tf.add(norm, 1e-6)), 1) : undefined
    for (const name of stateNames) {
      const weight = all[name]!
      const [first, second] = momentNames(name)
      const gradient = clip ? tf.mul(slopes[name]!, clip) : slopes[name]!
      const taken = (t: tf.Tensor): tf.Tensor => (inParts ? tf.mul(t, all['adamw/take']!) : t)
      const m = tf.add(tf.mul(all[first]!, inParts ? all['adamw/keep1']! : beta1), taken(gradient))
      const v = tf.add(tf.mul(all[second]!, inParts ? all['adamw/keep2']! : beta2), taken(tf.square(gradient)))
      if (inParts) results[sumName(name)] = tf.mul(slopes[name]!, tf.sub(1, all['adamw/take']!))
      const size = tf.mul(all['adamw/size']!, factorOf(name, rateOf))
      const decay = factorOf(name, decayOf)
      const update = tf.mul(tf.div(m, tf.add(tf.sqrt(v), all['adamw/floor']!)), size)
      const shrunk = decay === 0 ? weight : tf.mul(weight, tf.sub(1, tf.mul(all['adamw/rate']!, decay)))
      results[name] = tf.sub(shrunk, update)
      results[first] = m
      results[second] = v
    }
    return results
  }
}
