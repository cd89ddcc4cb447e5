import * as tf from '@tensorflow/tfjs-core'
import type { Encoder } from '#runtime/language/encoder.ts'
import type { RandomSource } from '#runtime/tensor/ops/random.ts'
import type { LossProgram, TrainerOptions } from '#runtime/tensor/train-step.ts'
import { withAdapters } from './adapters.ts'
import { contrastLoss } from './contrast.ts'
import { encoderPass } from './encoder-pass.ts'
import { recipe } from './recipe.ts'
import type { Seen, Task } from './task.ts'
import type { TuningPlan } from './tuning-plan.ts'

/** What holds a training back from learning its rows by heart. */
export interface Regularisers {
  /** Share of hidden states and of attention that a step does not see. */
  dropout: number
}

/**
 * What a step minimises, and `taskLoss`, the task's own part of it. Inputs: those of `encoderPass` and of the task, `rowWeights`
 * [batch, 1] that sum to 1, `anchors` [batch, hidden] (unit-length vectors before training), and `pairsOf` the batch. Of a part of a
 * batch also what `joinParts` adds: its row weights sum to its share of 1, and its contrast is that of the whole batch.
 */
export function lossProgram(
  encoder: Encoder,
  plan: TuningPlan,
  task: Pick<Task, 'rowLoss' | 'contrast'>,
  { dropout }: Regularisers,
): LossProgram {
  return (weights, inputs, random) => {
    const { rowWeights, anchors, pairs, block, others, place } = inputs
    const seen = trainingPass(encoder, plan, weights, inputs, random, dropout)
    const rowLoss = tf.sum(tf.mul(task.rowLoss(weights, seen, inputs), rowWeights!))
    const moved = tf.sub(1, tf.sum(tf.mul(seen.vectors, anchors!), 1, true))
    const drift = tf.sum(tf.mul(moved, rowWeights!))
    const all = others ? tf.add(others, tf.matMul(place as tf.Tensor2D, seen.vectors as tf.Tensor2D)) : seen.vectors
    const contrast = contrastLoss(all, pairs!, block!, recipe.contrastTemperature)
    const weighed = tf.mul(contrast, task.contrast ?? recipe.contrast)
    const taskLoss = task.contrast === undefined ? rowLoss : tf.add(rowLoss, tf.mul(weighed, tf.sum(rowWeights!)))
    const loss = tf.add(tf.add(rowLoss, weighed), tf.mul(drift, recipe.anchor))
    return { loss, taskLoss }
  }
}

/** What a step's forward pass makes of a part of a batch: the `vectors` that its other parts are contrasted with. */
export function lookProgram(
  encoder: Encoder,
  plan: TuningPlan,
  { dropout }: Regularisers,
): NonNullable<TrainerOptions['look']> {
  return (weights, inputs, random) => ({
    vectors: trainingPass(encoder, plan, weights, inputs, random, dropout).vectors,
  })
}

const trainingPass = (
  encoder: Encoder,
  plan: TuningPlan,
  weights: Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  random: RandomSource,
  dropout: number,
): Seen =>
  encoderPass(encoder, plan, weights, inputs, {
    dropout: { random, hidden: dropout, attention: dropout },
    adapt: plan.rank > 0 ? withAdapters(weights, plan.rank) : undefined,
  })
