import * as tf from '@tensorflow/tfjs-core'
import type { Program, TensorSpec } from '#runtime/tensor/executor.ts'
import { positions } from '#runtime/tensor/ops/positions.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { causalWithPast, decoderHidden, nextTokenScores } from './gpt2.ts'

/** Names of the deployed graph's inputs and outputs for one layer. */
export const cacheNames = (layer: number) => ({
  pastKey: `past.${layer}.key`,
  pastValue: `past.${layer}.value`,
  key: `present.${layer}.key`,
  value: `present.${layer}.value`,
})

/**
 * The deployed graph: `ids` int32 [1, length] that follow on `first` int32 [] tokens, whose keys and values stand in a room [1, heads, room, depth] of
 * which `seen` float32 [room] says what is filled. Gives `scores` [1, vocabulary] of the token behind the last one, and each layer's
 * new keys and values [1, heads, length, depth].
 */
export function nextTokenProgram(config: DecoderConfig): Program {
  return (inputs) => {
    const ids = inputs.ids!
    const [, length] = ids.shape as [number, number]
    const layers = Array.from({ length: config.n_layer }, (_, layer) => cacheNames(layer))
    const results: Record<string, tf.Tensor> = {}
    const past = {
      keys: layers.map(({ pastKey }) => inputs[pastKey]!),
      values: layers.map(({ pastValue }) => inputs[pastValue]!),
      seen: inputs.seen!,
    }
    const attend = causalWithPast(ids, past, (layer, key, value) => {
      results[layers[layer]!.key] = key
      results[layers[layer]!.value] = value
    })
    const hidden = decoderHidden(inputs, config, ids, tf.add(positions(ids), inputs.first!), attend)
    // The last row of the states, by a product: its place is a named dimension in the graph.
    const last = tf.cast(tf.equal(positions(ids), tf.max(positions(ids))), 'float32')
    const state = tf.matMul(tf.reshape(last, [1, length]), tf.reshape(hidden, [length, config.n_embd]))
    return { scores: nextTokenScores(inputs, config, state), ...results }
  }
}

export function nextTokenSpecs({ n_layer, n_head, n_embd }: DecoderConfig): Record<string, TensorSpec> {
  const cached: TensorSpec = { shape: [1, n_head, 'room', n_embd / n_head], dtype: 'float32' }
  return {
    ids: { shape: [1, 'length'], dtype: 'int32' },
    first: { shape: [], dtype: 'int32' },
    seen: { shape: ['room'], dtype: 'float32' },
    ...Object.fromEntries(
      Array.from({ length: n_layer }, (_, layer) => cacheNames(layer)).flatMap(({ pastKey, pastValue }) => [
        [pastKey, cached],
        [pastValue, cached],
      ]),
    ),
  }
}
