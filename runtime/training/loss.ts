import * as tf from '@tensorflow/tfjs-core'
import type { Encoder } from '#runtime/language/encoder.ts'
import type { LossProgram } from '#runtime/tensor/train-step.ts'
import { withAdapters } from './adapters.ts'
import { contrastLoss } from './contrast.ts'
import { encoderPass } from './encoder-pass.ts'
import { recipe } from './recipe.ts'
import type { Task } from './task.ts'
import type { TuningPlan } from './tuning-plan.ts'

/** What holds a training back from learning its rows by heart. */
export interface Regularisers {
  /** Share of hidden states and of attention that a step does not see. */
  dropout: number
}

/**
 * What a step minimises, and `taskLoss`, the task's own part of it. Inputs: those of `encoderPass` and of the task, `rowWeights`
 * [batch, 1] that sum to 1, `anchors` [batch, hidden] (unit-length vectors before training), and `pairsOf` the batch.
 */
export function lossProgram(
  encoder: Encoder,
  plan: TuningPlan,
  task: Pick<Task, 'rowLoss'>,
  { dropout }: Regularisers,
): LossProgram {
  return (weights, inputs, random) => {
    const { rowWeights, anchors, pairs, block } = inputs as Record<string, tf.Tensor>
    const seen = encoderPass(encoder, plan, weights, inputs, {
      dropout: { random, hidden: dropout, attention: dropout },
      adapt: plan.rank > 0 ? withAdapters(weights, plan.rank) : undefined,
    })
    const taskLoss = tf.sum(tf.mul(task.rowLoss(weights, seen, inputs), rowWeights!))
    const moved = tf.sub(1, tf.sum(tf.mul(seen.vectors, anchors!), 1, true))
    const drift = tf.sum(tf.mul(moved, rowWeights!))
    const contrast = contrastLoss(seen.vectors, pairs!, block!, recipe.contrastTemperature)
    const loss = tf.add(taskLoss, tf.add(tf.mul(drift, recipe.anchor), tf.mul(contrast, recipe.contrast)))
    return { loss, taskLoss }
  }
}
