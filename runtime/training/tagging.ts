import * as tf from '@tensorflow/tfjs-core'
import type { LinearHead } from '#runtime/language/checkpoint.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import { softmaxDivergence } from './divergence.ts'
import type { Seen, Task } from './task.ts'

/** What a row says of its words: `tokens[i]` is the token that is asked for the tag `tags[i]`. */
export interface TaggedRow {
  tokens: ArrayLike<number>
  tags: ArrayLike<number>
}

/**
 * A tag for each word by cross-entropy, from the hidden states. Rows of which nobody said where entities are (null) teach nothing, nor
 * do tokens that a step does not see. A row's loss is summed over its words and divided by the words that rows have on average, so that
 * in a batch each word counts alike. Scores are `tagScores` [batch, length, tags].
 */
export function tagging(head: LinearHead, rows: readonly (TaggedRow | null)[]): Task {
  const { width, labels: tags } = head
  const taught = rows.flatMap((row) => (row ? [row.tags.length] : []))
  const usual = Math.max(1, taught.reduce((sum, words) => sum + words, 0) / Math.max(1, taught.length))
  const scores: Task['scores'] = (weights, { hidden }) => ({
    tagScores: linear(hidden, weights['head.tags.weight']!, weights['head.tags.bias']!),
  })
  /** What each token weighs that is asked for a tag and seen, [batch, length, 1]. */
  const asked = (seen: Seen, inputs: Record<string, tf.Tensor>): tf.Tensor =>
    tf.mul(tf.sum(inputs['truth.tags']!, 2, true), tf.expandDims(tf.cast(seen.mask, 'float32'), 2))
  return {
    weights: {
      'head.tags.weight': floats([width, tags], head.weight),
      'head.tags.bias': floats([tags], head.bias),
    },
    targets(chosen, size, length) {
      const truth = floats([size, length, tags])
      for (const [i, row] of chosen.entries()) {
        const own = rows[row]
        if (!own) continue
        for (let word = 0; word < own.tags.length; word++) {
          const token = own.tokens[word]!
          if (token < length) truth.data[(i * length + token) * tags + own.tags[word]!] = 1 / usual
        }
      }
      return { 'truth.tags': truth }
    },
    scores,
    rowLoss(weights, seen, inputs) {
      const [size, length] = seen.mask.shape as [number, number]
      const truth = inputs['truth.tags']!
      const sees = tf.reshape(tf.cast(seen.mask, 'float32'), [size, length, 1])
      const each = tf.mul(tf.mul(truth, sees), tf.logSoftmax(scores(weights, seen).tagScores!))
      return tf.neg(tf.sum(tf.reshape(each, [size, length * tags]), 1, true))
    },
    evenLoss(weights, seen, inputs) {
      const even = tf.mean(tf.logSoftmax(scores(weights, seen).tagScores!), 2, true)
      return tf.neg(tf.sum(tf.mul(asked(seen, inputs), even), 1))
    },
    divergence(weights, one, other, inputs) {
      const between = softmaxDivergence(scores(weights, one).tagScores!, scores(weights, other).tagScores!)
      return tf.sum(tf.mul(asked(one, inputs), between), 1)
    },
  }
}

/** Two tasks learned in one pass: their losses are added. */
export function jointly(first: Task, second: Task): Task {
  return {
    weights: { ...first.weights, ...second.weights },
    contrast: first.contrast,
    targets: (rows, size, length) => ({
      ...first.targets(rows, size, length),
      ...second.targets(rows, size, length),
    }),
    scores: (weights, seen) => ({ ...first.scores(weights, seen), ...second.scores(weights, seen) }),
    rowLoss: (weights, seen, inputs) =>
      tf.add(first.rowLoss(weights, seen, inputs), second.rowLoss(weights, seen, inputs)),
    evenLoss: (weights, seen, inputs) =>
      tf.add(first.evenLoss(weights, seen, inputs), second.evenLoss(weights, seen, inputs)),
    divergence: (weights, one, other, inputs) =>
      tf.add(first.divergence(weights, one, other, inputs), second.divergence(weights, one, other, inputs)),
  }
}

/** The tag head among trained weights; undefined where none was trained. */
export function tagHeadOf(trained: HostTensors): LinearHead | undefined {
  const weight = trained['head.tags.weight']
  if (!weight) return undefined
  return {
    width: weight.shape[0]!,
    labels: weight.shape[1]!,
    weight: weight.data as Float32Array,
    bias: trained['head.tags.bias']!.data as Float32Array,
  }
}
