import * as tf from '@tensorflow/tfjs-core'
import { modelTextOf } from '#kit'
import type { LinearHead } from '#runtime/language/checkpoint.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import type { Scores } from './calibration.ts'
import { sigmoidDivergence, softmaxDivergence } from './divergence.ts'
import type { FineTuning } from './fine-tuning.ts'
import type { TakeScores } from './scoring.ts'
import type { Task } from './task.ts'
import type { TrainingRow } from './training-set.ts'

/** One label a row by cross-entropy, or, `multi`, several by binary cross-entropy, from the sentence vector. Scores are `scores` [batch, labels]. */
export function classification(head: LinearHead, rows: readonly TrainingRow[], multi: boolean): Task {
  const scores: Task['scores'] = (weights, { vectors }) => ({
    scores: linear(vectors, weights['head.weight']!, weights['head.bias']!),
  })
  return {
    weights: headWeights(head),
    targets(chosen, size) {
      const labels = floats([size, head.labels])
      for (const [i, row] of chosen.entries())
        for (const label of rows[row]!.truth) labels.data[i * head.labels + label] = 1
      return { 'truth.labels': labels }
    },
    scores,
    rowLoss(weights, seen, inputs) {
      const found = scores(weights, seen).scores!
      const truth = inputs['truth.labels']!
      return multi ? binaryCrossEntropy(found, truth) : tf.neg(tf.sum(tf.mul(truth, tf.logSoftmax(found)), 1, true))
    },
    evenLoss(weights, seen) {
      const found = scores(weights, seen).scores!
      // Each of several labels is a yes or no of its own: even is one half.
      return multi
        ? binaryCrossEntropy(found, tf.fill(found.shape, 0.5))
        : tf.neg(tf.mean(tf.logSoftmax(found), 1, true))
    },
    divergence(weights, one, other) {
      const [a, b] = [scores(weights, one).scores!, scores(weights, other).scores!]
      return multi ? sigmoidDivergence(a, b) : softmaxDivergence(a, b)
    },
  }
}

/** A head under the names that it has among trained weights. */
export const headWeights = ({ width, labels, weight, bias }: LinearHead): HostTensors => ({
  'head.weight': floats([width, labels], weight),
  'head.bias': floats([labels], bias),
})

/** Summed over labels, [batch, 1], stable for large scores: max(s, 0) - t s + log(1 + exp(-|s|)). */
export function binaryCrossEntropy(scores: tf.Tensor, truth: tf.Tensor): tf.Tensor {
  const each = tf.add(tf.sub(tf.relu(scores), tf.mul(truth, scores)), tf.log(tf.add(tf.exp(tf.neg(tf.abs(scores))), 1)))
  return tf.sum(each, 1, true)
}

/** Scores of rows by the weights of a snapshot. `also` is shown all that comes of each batch. */
export async function scoreTable(
  tuning: Pick<FineTuning, 'score'>,
  rows: readonly TrainingRow[],
  labels: number,
  weights: HostTensors,
  signal?: AbortSignal,
  also?: TakeScores,
): Promise<Scores> {
  const values = new Float32Array(rows.length * labels)
  const texts = rows.map(modelTextOf)
  await tuning.score(texts, weights, signal, (places, found, batch) => {
    for (const [i, row] of places.entries())
      values.set(found.scores!.data.subarray(i * labels, (i + 1) * labels), row * labels)
    also?.(places, found, batch)
  })
  return { rows: rows.length, labels, values }
}

/** The head among trained weights. */
export function headOf(trained: HostTensors): LinearHead {
  const weight = trained['head.weight']!
  return {
    width: weight.shape[0]!,
    labels: weight.shape[1]!,
    weight: weight.data as Float32Array,
    bias: trained['head.bias']!.data as Float32Array,
  }
}
