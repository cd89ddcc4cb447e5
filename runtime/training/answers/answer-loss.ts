import * as tf from '@tensorflow/tfjs-core'
import type { DecoderConfig } from '#runtime/language/decoder/decoder-config.ts'
import { causal, type DecoderDropout, decoderHidden, nextTokenScores } from '#runtime/language/decoder/gpt2.ts'
import { embed } from '#runtime/tensor/ops/embed.ts'
import { positions } from '#runtime/tensor/ops/positions.ts'

type Tensors = Record<string, tf.Tensor>

/** Mean cross-entropy of the answers' tokens, nats (Radford et al. 2018, section 3.2). Inputs: those of `answerInputs`. */
export function answerLoss(
  weights: Tensors,
  config: DecoderConfig,
  inputs: Tensors,
  dropout?: DecoderDropout,
): tf.Tensor {
  return lossOf(answerChances(weights, config, inputs, dropout), config, inputs).loss
}

/** The same beside the share of those tokens that the decoder finds likeliest, both scalars. */
export function answersJudgement(
  weights: Tensors,
  config: DecoderConfig,
  inputs: Tensors,
): { loss: tf.Tensor; accuracy: tf.Tensor } {
  const chances = answerChances(weights, config, inputs)
  const { loss, right } = lossOf(chances, config, inputs)
  const likeliest = tf.cast(tf.greaterEqual(right, tf.max(chances, -1)), 'float32')
  return { loss, accuracy: tf.sum(tf.mul(likeliest, inputs.share!)) }
}

/** Logarithms of the chances of each word at each learned place, [n, vocabulary]. */
function answerChances(weights: Tensors, config: DecoderConfig, { ids, at }: Tensors, dropout?: DecoderDropout) {
  const hidden = decoderHidden(weights, config, ids!, positions(ids!), causal(ids!, dropout), dropout)
  const states = embed(tf.reshape(hidden, [ids!.size, config.n_embd]), at!)
  return tf.logSoftmax(nextTokenScores(weights, config, states))
}

function lossOf(chances: tf.Tensor, config: DecoderConfig, { next, share }: Tensors) {
  const right = tf.sum(tf.mul(tf.oneHot(next! as tf.Tensor1D, config.vocab_size), chances), -1)
  return { right, loss: tf.neg(tf.sum(tf.mul(right, share!))) }
}
