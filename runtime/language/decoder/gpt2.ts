import * as tf from '@tensorflow/tfjs-core'
import { embed } from '#runtime/tensor/ops/embed.ts'
import { layerNorm } from '#runtime/tensor/ops/layer-norm.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import { positions } from '#runtime/tensor/ops/positions.ts'
import type { RandomSource } from '#runtime/tensor/ops/random.ts'
import { activate } from '../activation.ts'
import type { DecoderConfig } from './decoder-config.ts'

type Weights = Record<string, tf.Tensor>

/** Query, key and value of one layer, each [rows, heads, length, width of a head]; the query is scaled. */
export interface Heads {
  query: tf.Tensor
  key: tf.Tensor
  value: tf.Tensor
}

/** Mixes the values of one layer [rows, heads, length, width of a head]; what a token may see is its business. */
export type Attend = (heads: Heads, layer: number) => tf.Tensor

export interface DecoderDropout {
  random: RandomSource
  rate: number
}

/** Far below any score, so that softmax gives nothing for it. */
const never = -10_000

/**
 * GPT-2 (Radford et al. 2019): hidden states behind the last norm, float32 [rows, length, width], of token ids int32 [rows, length]
 * that stand at `places` int32 [length].
 */
export function decoderHidden(
  weights: Weights,
  config: DecoderConfig,
  ids: tf.Tensor,
  places: tf.Tensor,
  attend: Attend,
  dropout?: DecoderDropout,
): tf.Tensor {
  const [rows, length] = ids.shape as [number, number]
  const { n_embd: width, n_head: heads } = config
  const depth = width / heads
  const weight = (name: string): tf.Tensor => {
    const found = weights[name]
    if (!found) throw new Error(`the weight ${name} was not given`)
    return found
  }
  const dense = (x: tf.Tensor, name: string): tf.Tensor => linear(x, weight(`${name}.weight`), weight(`${name}.bias`))
  const norm = (x: tf.Tensor, name: string): tf.Tensor =>
    layerNorm(x, weight(`${name}.weight`), weight(`${name}.bias`), config.layer_norm_epsilon)
  const drop = (x: tf.Tensor): tf.Tensor => (dropout ? dropout.random.dropout(x, dropout.rate) : x)
  const split = (x: tf.Tensor): tf.Tensor => tf.transpose(tf.reshape(x, [rows, length, heads, depth]), [0, 2, 1, 3])

  let x = drop(tf.add(embed(weight('wte.weight'), ids), embed(weight('wpe.weight'), places)))
  for (let layer = 0; layer < config.n_layer; layer++) {
    const at = `h.${layer}`
    const all = tf.split(dense(norm(x, `${at}.ln_1`), `${at}.attn.c_attn`), 3, -1)
    const [query, key, value] = all as [tf.Tensor, tf.Tensor, tf.Tensor]
    const scaled = tf.mul(query, 1 / Math.sqrt(depth))
    const mixed = attend({ query: split(scaled), key: split(key), value: split(value) }, layer)
    const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [rows, length, width])
    x = tf.add(x, drop(dense(joined, `${at}.attn.c_proj`)))
    const inner = activate(dense(norm(x, `${at}.ln_2`), `${at}.mlp.c_fc`), config.activation_function)
    x = tf.add(x, drop(dense(inner, `${at}.mlp.c_proj`)))
  }
  return norm(x, 'ln_f')
}

/** Each token sees itself and those before it; `ids` [rows, length] tells the length. Padding stands behind, where nobody looks. */
export function causal(ids: tf.Tensor, dropout?: DecoderDropout): Attend {
  const hidden = laterTokens(ids)
  return ({ query, key, value }) => {
    const seen = tf.softmax(tf.add(tf.matMul(query, key, false, true), hidden))
    return tf.matMul(dropout ? dropout.random.dropout(seen, dropout.rate) : seen, value)
  }
}

/** `never` where the key comes behind the query, else 0: float32 [1, 1, length, length]. */
function laterTokens(ids: tf.Tensor): tf.Tensor {
  const place = positions(ids)
  const later = tf.greater(tf.expandDims(place, 0), tf.expandDims(place, 1))
  return tf.expandDims(tf.expandDims(tf.mul(tf.cast(later, 'float32'), never), 0), 0)
}

/** Keys and values of earlier tokens, one pair a layer, float32 [rows, heads, room, width of a head]; `seen` [room] is 1 where there is one. */
export interface Past {
  keys: readonly tf.Tensor[]
  values: readonly tf.Tensor[]
  seen: tf.Tensor
}

/**
 * `causal` for tokens that go on from a past: the softmax over both parts is taken apart, so that neither is copied behind the other. `fresh`
 * gets the keys and values of the new tokens. The room of the past must not be empty.
 */
export function causalWithPast(
  ids: tf.Tensor,
  { keys, values, seen }: Past,
  fresh: (layer: number, key: tf.Tensor, value: tf.Tensor) => void,
): Attend {
  const hidden = laterTokens(ids)
  const room = seen.shape[0]!
  const absent = tf.reshape(tf.mul(tf.sub(seen, 1), -never), [1, 1, 1, room])
  return ({ query, key, value }, layer) => {
    fresh(layer, key, value)
    const before = tf.add(tf.matMul(query, keys[layer]!, false, true), absent)
    const now = tf.add(tf.matMul(query, key, false, true), hidden)
    const most = tf.maximum(tf.max(before, -1, true), tf.max(now, -1, true))
    const [old, own] = [tf.exp(tf.sub(before, most)), tf.exp(tf.sub(now, most))]
    const mass = tf.add(tf.sum(old, -1, true), tf.sum(own, -1, true))
    return tf.div(tf.add(tf.matMul(old, values[layer]!), tf.matMul(own, value)), mass)
  }
}

/** Scores of each word of the vocabulary as the next token, [n, vocabulary], of hidden states [n, width]. */
export function nextTokenScores(weights: Weights, config: DecoderConfig, hidden: tf.Tensor): tf.Tensor {
  const table = weights[config.tie_word_embeddings ? 'wte.weight' : 'lm_head.weight']!
  return linear(hidden, table, undefined, { transposed: true })
}
