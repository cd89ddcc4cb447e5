import * as tf from '@tensorflow/tfjs-core'
import type { BertExtras } from '#runtime/language/bert.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import type { RandomSource } from '#runtime/tensor/ops/random.ts'
import type { LossProgram, TrainerOptions } from '#runtime/tensor/train-step.ts'
import { withAdapters } from './adapters.ts'
import { adversarialShift, passWithSlope, type Sloped } from './adversarial.ts'
import { contrastLoss } from './contrast.ts'
import { encoderPass, firstStates } from './encoder-pass.ts'
import { recipe } from './recipe.ts'
import type { Seen, Task } from './task.ts'
import type { TuningPlan } from './tuning-plan.ts'

/** What holds a training back from learning its rows by heart. 0 switches each off, which is the default where one may be left out. */
export interface Regularisers {
  /** Share of hidden states and of attention that a step does not see. */
  dropout: number
  /** Share of the truth that is spread evenly over all answers (Szegedy et al. 2016, section 7). */
  labelSmoothing?: number
  /**
   * Weight of the divergence between two passes that differ in dropout alone (R-Drop, Liang et al. 2021; alpha there, with the mean of
   * both losses in place of their sum). A step takes about twice as long.
   */
  rDrop?: number
  /**
   * Length of the step against which the loss is minimised as well (FGM, Miyato et al. 2017): taken in what goes into the first layer
   * that learns, over all tokens of a text. A step takes more than twice as long.
   */
  adversarial?: number
}

/**
 * What a step minimises, and `taskLoss`, the task's own part of it before regularisers. Inputs: those of `encoderPass` and of the task,
 * `rowWeights` [batch, 1], about 1 together, `anchors` [batch, hidden] (unit-length vectors before training), and `pairsOf` the batch.
 * Of a part of a batch also what `joinParts` adds: its row weights sum to its share of 1, and its contrast is that of the whole batch.
 */
export function lossProgram(
  encoder: Encoder,
  plan: TuningPlan,
  task: Pick<Task, 'rowLoss' | 'evenLoss' | 'divergence' | 'contrast' | 'nearness'>,
  regularisers: Regularisers,
): LossProgram {
  // What learns by contrast alone has no answers that could be smoothed, compared or attacked; a teacher's are soft by themselves.
  const { labelSmoothing = 0, rDrop = 0, adversarial = 0 } = task.contrast === undefined ? regularisers : {}
  const { dropout } = regularisers
  return (weights, inputs, random) => {
    const { rowWeights, anchors, pairs, block, others, place } = inputs
    const extras = extrasOf(plan, weights, random, dropout)
    const begin = (): tf.Tensor => firstStates(encoder, plan, weights, inputs, extras)
    const pass = (states: tf.Tensor): Seen => encoderPass(encoder, plan, weights, inputs, extras, states)
    const overRows = (each: tf.Tensor): tf.Tensor => tf.sum(tf.mul(each, rowWeights!))
    const plainLoss = (seen: Seen): tf.Tensor => overRows(task.rowLoss(weights, seen, inputs))
    const smoothed = (plain: tf.Tensor, seen: Seen): tf.Tensor =>
      labelSmoothing === 0 ? plain : mix(plain, overRows(task.evenLoss(weights, seen, inputs)), labelSmoothing)
    const lossOf = (seen: Seen): tf.Tensor => smoothed(plainLoss(seen), seen)

    const states = begin()
    const { seen, slope }: Partial<Sloped> & Pick<Sloped, 'seen'> =
      adversarial > 0 ? passWithSlope(states, pass, lossOf) : { seen: pass(states) }
    const rowLoss = plainLoss(seen)
    const parts = [smoothed(rowLoss, seen)]
    if (rDrop > 0) {
      const other = pass(begin())
      parts[0] = mix(parts[0]!, lossOf(other), 0.5)
      parts.push(tf.mul(overRows(task.divergence(weights, seen, other, inputs)), rDrop))
    }
    if (slope) parts.push(lossOf(pass(tf.add(states, adversarialShift(slope, adversarial)))))
    const drift = overRows(tf.sub(1, tf.sum(tf.mul(seen.vectors, anchors!), 1, true)))
    const all = others ? tf.add(others, tf.matMul(place as tf.Tensor2D, seen.vectors as tf.Tensor2D)) : seen.vectors
    const contrast = contrastLoss(all, pairs!, block!, task.nearness?.temperature ?? recipe.contrastTemperature)
    const weighed = tf.mul(contrast, task.contrast ?? recipe.contrast)
    const taskLoss = task.contrast === undefined ? rowLoss : tf.add(rowLoss, tf.mul(weighed, tf.sum(rowWeights!)))
    parts.push(tf.mul(drift, recipe.anchor), weighed)
    return { loss: tf.addN(parts), taskLoss }
  }
}

/** What a step's forward pass makes of a part of a batch: the `vectors` that its other parts are contrasted with. */
export function lookProgram(
  encoder: Encoder,
  plan: TuningPlan,
  { dropout }: Regularisers,
): NonNullable<TrainerOptions['look']> {
  return (weights, inputs, random) => ({
    vectors: encoderPass(encoder, plan, weights, inputs, extrasOf(plan, weights, random, dropout)).vectors,
  })
}

const extrasOf = (
  { rank }: TuningPlan,
  weights: Record<string, tf.Tensor>,
  random: RandomSource,
  dropout: number,
): BertExtras => ({
  dropout: { random, hidden: dropout, attention: dropout },
  adapt: rank > 0 ? withAdapters(weights, rank) : undefined,
})

/** (1 - share) * a + share * b */
const mix = (a: tf.Tensor, b: tf.Tensor, share: number): tf.Tensor => tf.add(tf.mul(a, 1 - share), tf.mul(b, share))
