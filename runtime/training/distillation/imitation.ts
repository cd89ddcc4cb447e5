import * as tf from '@tensorflow/tfjs-core'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { binaryCrossEntropy } from '../classification.ts'
import type { Task } from '../task.ts'

/** What a teacher says of one text. */
export interface Answer {
  /** Of each label, before softmax or sigmoid. */
  scores: Float32Array
  /** Unit-length sentence vector. */
  vector: Float32Array
  /** Where it finds entities: the first tokens of the words, and their scores [words, tags]. */
  words?: { tokens: readonly number[]; scores: Float32Array }
}

/**
 * How much a teacher is listened to. Scores are divided by `temperature`, so that what it finds nearly as likely counts too (Hinton
 * et al. 2015, section 2); `truth` is the share of the loss that the rows' own labels keep, low as there.
 */
export const distilling = { temperature: 2, truth: 0.2 } as const

/**
 * Learns from a teacher's answers to the rows, and a little from their own labels, which is what `truth` learns. The loss of a row is
 * T^2 times the Kullback-Leibler divergence of its softened probabilities from the teacher's, so that its slope does not shrink
 * with T; with several labels a row that of each yes or no; of words as `tagging` counts them, but of all rows. That its vector
 * comes near the teacher's is for the recipe's anchor: the lesson's `anchors` are the teacher's vectors.
 */
export function imitation(truth: Task, answers: readonly Answer[], multi: boolean): Task {
  const labels = answers[0]!.scores.length
  const words = answers.reduce((sum, answer) => sum + (answer.words?.tokens.length ?? 0), 0)
  const usual = Math.max(1, words / answers.length)
  return {
    ...truth,
    contrast: 0,
    targets(rows, size, length) {
      const scores = floats([size, labels])
      for (const [i, row] of rows.entries()) scores.data.set(answers[row]!.scores, i * labels)
      return { ...truth.targets(rows, size, length), 'truth.teacher': scores, ...wordTargets(rows, size, length) }
    },
    rowLoss(weights, seen, inputs) {
      const said = truth.scores(weights, seen)
      const apart = multi ? sigmoidsFrom : softmaxFrom
      let taught = apart(inputs['truth.teacher']!, said.scores!)
      const tags = inputs['truth.teacherTags']
      if (tags) {
        const sees = tf.expandDims(tf.cast(seen.mask, 'float32'), 2)
        const each = tf.mul(softmaxFrom(tags, said.tagScores!), tf.mul(inputs['truth.teacherAsks']!, sees))
        taught = tf.add(taught, tf.sum(each, 1))
      }
      const own = truth.rowLoss(weights, seen, inputs)
      return tf.add(tf.mul(taught, 1 - distilling.truth), tf.mul(own, distilling.truth))
    },
  }

  /** The teacher's scores of the tokens that are asked, and what each of those weighs. */
  function wordTargets(rows: readonly number[], size: number, length: number): HostTensors {
    if (words === 0) return {}
    const { tokens: some, scores } = answers.find((answer) => (answer.words?.tokens.length ?? 0) > 0)!.words!
    const tags = scores.length / some.length
    const told = floats([size, length, tags])
    const asks = floats([size, length, 1])
    for (const [i, row] of rows.entries())
      for (const [word, token] of (answers[row]!.words?.tokens ?? []).entries()) {
        if (token >= length) continue
        const own = answers[row]!.words!.scores.subarray(word * tags, (word + 1) * tags)
        told.data.set(own, (i * length + token) * tags)
        asks.data[i * length + token] = 1 / usual
      }
    return { 'truth.teacherTags': told, 'truth.teacherAsks': asks }
  }
}

const { temperature } = distilling

/** T^2 KL(teacher, student) over the last axis, which is kept as one entry. */
function softmaxFrom(teacher: tf.Tensor, student: tf.Tensor): tf.Tensor {
  const [soft, own] = [tf.div(teacher, temperature), tf.div(student, temperature)]
  const gap = tf.sub(tf.logSoftmax(soft), tf.logSoftmax(own))
  return tf.mul(tf.sum(tf.mul(tf.softmax(soft), gap), -1, true), temperature ** 2)
}

/** The same of Bernoulli distributions, one a score, added up. */
function sigmoidsFrom(teacher: tf.Tensor, student: tf.Tensor): tf.Tensor {
  const [soft, own] = [tf.div(teacher, temperature), tf.div(student, temperature)]
  const share = tf.sigmoid(soft)
  return tf.mul(tf.sub(binaryCrossEntropy(own, share), binaryCrossEntropy(soft, share)), temperature ** 2)
}
