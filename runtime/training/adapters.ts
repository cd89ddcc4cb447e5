import * as tf from '@tensorflow/tfjs-core'
import type { Adapt } from '#runtime/language/bert.ts'
import { type EncoderConfig, encoderShapes } from '#runtime/language/encoder-config.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import { seededRandom } from './seeded.ts'

/**
 * Low-rank adapters (Hu et al. 2021, section 4.1): beside a matrix W [out, in] stand A [rank, in] and B [out, rank], and
 * y = W x + alpha / rank * B A x. W stays as it is. They are merged by adding alpha / rank * B A to W.
 */
export const adapterAlpha = 16

/** Query, key, value and output of attention and both feed-forward matrices, once for each stored layer. */
const adapted = /^(encoder\.layer\.\d+\..*)\.weight$/

const partsOf = (matrix: string): [string, string] => [`${matrix}.lora_a`, `${matrix}.lora_b`]

/** Names and shapes [out, in] of the matrices that get adapters. */
function adaptedMatrices(config: EncoderConfig): [string, [number, number]][] {
  return [...encoderShapes(config)].flatMap(([name, [out, inner]]): [string, [number, number]][] => {
    const matrix = adapted.exec(name)?.[1]
    return matrix === undefined || inner === undefined ? [] : [[matrix, [out!, inner]]]
  })
}

/** Adapters that change nothing yet: A is random normal (deviation 1 / sqrt(in)), B is zero. The same seed gives the same ones. */
export function freshAdapters(config: EncoderConfig, rank: number, seed: number): HostTensors {
  const random = seededRandom(seed)
  // Box & Muller 1958; 1 - x keeps the logarithm finite.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const adapters: HostTensors = {}
  for (const [matrix, [out, inner]] of adaptedMatrices(config)) {
    const [a, b] = partsOf(matrix)
    adapters[a] = floats(
      [rank, inner],
      Float32Array.from({ length: rank * inner }, () => normal() / Math.sqrt(inner)),
    )
    adapters[b] = floats([out, rank])
  }
  return adapters
}

/** The forward pass with the adapters that stand among `weights`. */
export function withAdapters(weights: Record<string, tf.Tensor>, rank: number): Adapt {
  return (matrix, x, y) => {
    const [a, b] = partsOf(matrix).map((part) => weights[part])
    if (!a || !b) return y
    const low = tf.mul(linear(x, a, undefined, { transposed: true }), adapterAlpha / rank)
    return tf.add(y, linear(low, b, undefined, { transposed: true }))
  }
}

/**
 * `trained` with the adapters merged: under the matrix's own name stands the sum, other weights are handed on. The result is
 * what any other training gives.
 */
export async function mergeAdapters(
  config: EncoderConfig,
  encoder: HostTensors,
  trained: HostTensors,
  rank: number,
): Promise<HostTensors> {
  const merged = { ...trained }
  for (const [matrix, [out, inner]] of adaptedMatrices(config)) {
    const [a, b] = partsOf(matrix)
    const down = trained[a]!.data
    const up = trained[b]!.data
    const sum = Float32Array.from(encoder[`${matrix}.weight`]!.data)
    for (let row = 0; row < out; row++)
      for (let r = 0; r < rank; r++) {
        const share = (up[row * rank + r]! * adapterAlpha) / rank
        for (let column = 0; column < inner; column++) sum[row * inner + column]! += share * down[r * inner + column]!
      }
    merged[`${matrix}.weight`] = floats([out, inner], sum)
    delete merged[a]
    delete merged[b]
    // A large encoder takes seconds; the loop must turn so that stop and heartbeat are heard.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return merged
}
