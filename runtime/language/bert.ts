import * as tf from '@tensorflow/tfjs-core'
import { embed } from '#runtime/tensor/ops/embed.ts'
import { layerNorm } from '#runtime/tensor/ops/layer-norm.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import { positions } from '#runtime/tensor/ops/positions.ts'
import type { RandomSource } from '#runtime/tensor/ops/random.ts'
import { activate } from './activation.ts'
import type { EncoderConfig } from './encoder-config.ts'
import { relativeBuckets } from './relative-positions.ts'
import type { Pooling } from './sentence-modules.ts'

export interface BertInputs {
  /** int32 [batch, length] */
  ids: tf.Tensor
  /** int32 [batch, length], 1 for tokens */
  mask: tf.Tensor
  /** int32 [batch, length], token types; without them all are 0. */
  types?: tf.Tensor
}

/** Dropout of one training step. */
export interface BertDropout {
  random: RandomSource
  hidden: number
  attention: number
}

/** What a training adds to the result of a matrix: `name` is the matrix (without `.weight`), `x` goes in and `y` came out. */
export type Adapt = (name: string, x: tf.Tensor, y: tf.Tensor) => tf.Tensor

/** What a training step does on the way. Without it the forward pass is exact. */
export interface BertExtras {
  dropout?: BertDropout
  adapt?: Adapt
}

/**
 * The forward pass of BERT (Devlin et al. 2019) and its relatives: hidden states of the last layer, float32 [batch,
 * length, hidden]. `weights` are named as in an `Encoder`; the same code is traced for training, for features and for
 * deployed models. A layer that is applied several times is one set of weights, whose gradients add up.
 */
export function bertHidden(
  weights: Record<string, tf.Tensor>,
  config: EncoderConfig,
  { ids, mask, types }: BertInputs,
  extras: BertExtras = {},
): tf.Tensor {
  const embedded = bertEmbeddings(weights, config, { ids, types }, extras)
  return bertLayers(weights, config, embedded, mask, { from: 0, to: config.layer_order.length }, extras)
}

/** What goes into the first layer, float32 [batch, length, hidden]. Types are for encoders that have a table of them. */
export function bertEmbeddings(
  weights: Record<string, tf.Tensor>,
  config: EncoderConfig,
  { ids, types }: Pick<BertInputs, 'ids' | 'types'>,
  extras: BertExtras = {},
): tf.Tensor {
  const { weight, dense, norm, drop } = partsOf(weights, config, extras)
  const words = embed(weight('embeddings.word_embeddings.weight'), ids)
  const order = embed(
    weight('embeddings.position_embeddings.weight'),
    tf.add(positions(ids), tf.scalar(config.first_position, 'int32')),
  )
  let x = tf.add(words, order)
  if (config.type_vocab_size > 0) {
    const table = weight('embeddings.token_type_embeddings.weight')
    x = tf.add(x, types ? embed(table, types) : tf.slice(table, [0, 0], [1, config.embedding_size]))
  }
  x = drop(norm(x, 'embeddings.LayerNorm'))
  return config.projects_embeddings ? dense(x, 'embeddings.projection') : x
}

/**
 * Some of the layers, in the order in which they are applied: those from `from` up to, not including, `to`. Takes what goes into
 * the first of them and gives the hidden states behind the last, float32 [batch, length, hidden]; `mask` is int32 [batch, length].
 */
export function bertLayers(
  weights: Record<string, tf.Tensor>,
  config: EncoderConfig,
  hidden: tf.Tensor,
  mask: tf.Tensor,
  { from, to }: { from: number; to: number },
  extras: BertExtras = {},
): tf.Tensor {
  const { weight, dense, norm, drop } = partsOf(weights, config, extras)
  const { dropout } = extras
  const [batch, length] = mask.shape as [number, number]
  const heads = config.num_attention_heads
  const width = config.hidden_size / heads
  const split = (x: tf.Tensor): tf.Tensor => tf.transpose(tf.reshape(x, [batch, length, heads, width]), [0, 2, 1, 3])

  // Padding gets a large negative score, so that softmax gives it nothing.
  let bias = tf.reshape(tf.mul(tf.sub(tf.cast(mask, 'float32'), 1), 10_000), [batch, 1, 1, length])
  if (config.relative_buckets > 0)
    bias = tf.add(bias, distanceBias(weight('encoder.relative_attention_bias.weight'), positions(mask), config))
  // Rows of tokens: a graph that knows no batch and length beforehand then holds no step between a matrix and what follows it.
  let x = tf.reshape(hidden, [batch * length, config.hidden_size])
  for (const layer of config.layer_order.slice(from, to)) {
    const at = `encoder.layer.${layer}`
    const query = split(dense(x, `${at}.attention.self.query`))
    const key = split(dense(x, `${at}.attention.self.key`))
    const value = split(dense(x, `${at}.attention.self.value`))
    // Scaled here, it is a factor of the product where there is no gradient.
    const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(width))
    let attention = tf.softmax(tf.add(scores, bias))
    if (dropout) attention = dropout.random.dropout(attention, dropout.attention)
    const mixed = tf.reshape(tf.transpose(tf.matMul(attention, value), [0, 2, 1, 3]), x.shape)
    x = norm(tf.add(x, drop(dense(mixed, `${at}.attention.output.dense`))), `${at}.attention.output.LayerNorm`)
    const inner = activate(dense(x, `${at}.intermediate.dense`), config.hidden_act)
    x = norm(tf.add(x, drop(dense(inner, `${at}.output.dense`))), `${at}.output.LayerNorm`)
  }
  return tf.reshape(x, [batch, length, config.hidden_size])
}

/** What all parts of the forward pass are made of. */
function partsOf(weights: Record<string, tf.Tensor>, config: EncoderConfig, { dropout, adapt }: BertExtras) {
  const weight = (name: string): tf.Tensor => {
    const found = weights[name]
    if (!found) throw new Error(`the weight ${name} was not given`)
    return found
  }
  return {
    weight,
    dense(x: tf.Tensor, name: string): tf.Tensor {
      const y = linear(x, weight(`${name}.weight`), weight(`${name}.bias`), { transposed: true })
      return adapt ? adapt(name, x, y) : y
    },
    norm: (x: tf.Tensor, name: string): tf.Tensor =>
      layerNorm(x, weight(`${name}.weight`), weight(`${name}.bias`), config.layer_norm_eps),
    drop: (x: tf.Tensor): tf.Tensor => (dropout ? dropout.random.dropout(x, dropout.hidden) : x),
  }
}

/** What attention scores gain by the distance of key and query, float32 [1, heads, length, length]. */
function distanceBias(table: tf.Tensor, place: tf.Tensor1D, config: EncoderConfig): tf.Tensor {
  const longest = config.max_position_embeddings
  const distance = tf.sub(tf.expandDims(place, 0), tf.expandDims(place, 1))
  const buckets = tf.tensor1d(relativeBuckets(longest, config.relative_buckets), 'int32')
  const bucket = embed(buckets, tf.add(distance, tf.scalar(longest - 1, 'int32')))
  return tf.expandDims(tf.transpose(embed(table, bucket), [2, 0, 1]), 0)
}

/** One vector a text from its hidden states, float32 [batch, hidden]: the mean over tokens or the first token. */
export function poolHidden(hidden: tf.Tensor, mask: tf.Tensor, pooling: Pooling): tf.Tensor {
  const [batch, length, width] = hidden.shape as [number, number, number]
  if (pooling === 'cls') return tf.reshape(tf.slice(hidden, [0, 0, 0], [batch, 1, width]), [batch, width])
  const weight = tf.reshape(tf.cast(mask, 'float32'), [batch, length, 1])
  return tf.div(tf.sum(tf.mul(hidden, weight), 1), tf.maximum(tf.sum(weight, 1), 1))
}

/** Scales each row of [batch, width] to length 1. */
export function unitLength(x: tf.Tensor): tf.Tensor {
  return tf.div(x, tf.sqrt(tf.maximum(tf.sum(tf.square(x), -1, true), 1e-24)))
}
