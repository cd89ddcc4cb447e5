import * as tf from '@tensorflow/tfjs-core'
import type { DecoderConfig } from '#runtime/language/decoder/decoder-config.ts'
import { causal, type DecoderDropout, decoderHidden, nextTokenScores } from '#runtime/language/decoder/gpt2.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { embed } from '#runtime/tensor/ops/embed.ts'
import { positions } from '#runtime/tensor/ops/positions.ts'
import type { AnswerTokens } from './answer-rows.ts'

/** The number of learned places is rounded up to this, so that few shapes occur. */
const placesStep = 16

/**
 * Mean cross-entropy of the answers' tokens, nats (Radford et al. 2018, section 3.2), and each row's own where it is asked. Inputs: those of `answerInputs`.
 */
export function answerLoss(
  weights: Record<string, tf.Tensor>,
  config: DecoderConfig,
  { ids, at, next, share }: Record<string, tf.Tensor>,
  dropout?: DecoderDropout,
): tf.Tensor {
  const hidden = decoderHidden(weights, config, ids!, positions(ids!), causal(ids!, dropout), dropout)
  const states = embed(tf.reshape(hidden, [ids!.size, config.n_embd]), at!)
  const chances = tf.logSoftmax(nextTokenScores(weights, config, states))
  const right = tf.sum(tf.mul(tf.oneHot(next! as tf.Tensor1D, config.vocab_size), chances), -1)
  return tf.neg(tf.sum(tf.mul(right, share!)))
}

/**
 * A batch, padded to `size` rows of `length` tokens: `ids` int32 [size, length], the places in it that are learned `at` int32 [n], the tokens that follow
 * them `next` int32 [n], and `share` float32 [n], which sums to 1. Each answer's token counts the same.
 */
export function answerInputs(rows: readonly AnswerTokens[], size: number, length: number, padId: number): HostTensors {
  const ids = new Int32Array(size * length).fill(padId)
  const at: number[] = []
  const next: number[] = []
  for (const [row, own] of rows.entries()) {
    ids.set(own.ids, row * length)
    for (let place = own.from; place < own.ids.length - 1; place++) {
      at.push(row * length + place)
      next.push(own.ids[place + 1]!)
    }
  }
  const learned = at.length
  const padded = Math.ceil(learned / placesStep) * placesStep
  const share = Float32Array.from({ length: padded }, (_, i) => (i < learned ? 1 / learned : 0))
  while (at.length < padded) {
    at.push(0)
    next.push(padId)
  }
  return {
    ids: ints([size, length], ids),
    at: ints([padded], at),
    next: ints([padded], next),
    share: floats([padded], share),
  }
}
