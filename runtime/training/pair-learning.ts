import * as tf from '@tensorflow/tfjs-core'
import { modelTextOf } from '#kit'
import { extractFeatures } from '#runtime/language/features.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { applied } from './apply-weights.ts'
import { rowWeightsOf } from './class-weights.ts'
import { classification, headWeights } from './classification.ts'
import type { Lesson } from './fine-tuning.ts'
import { dealByLabel } from './label-batches.ts'
import { createLogistic } from './logistic.ts'
import { toUnitLength } from './nearest.ts'
import type { Seen, Task } from './task.ts'
import type { Beginning, TrainOptions } from './train-head.ts'
import type { TrainingRow } from './training-set.ts'

/** An encoder that learns by pairs of rows, and the head for what it has learned. */
export interface PairLearning {
  task: Task
  deal: Lesson['deal']
  /** The logistic regression of rows on the encoder with these weights, under the names that the task's scores ask for. */
  head(weights: HostTensors, rows: readonly TrainingRow[]): Promise<HostTensors>
}

/**
 * SetFit (Tunstall et al. 2022): the encoder learns which rows belong together, and the head is the logistic regression on its new
 * vectors. In place of single pairs and their cosine it is all pairs of a batch and the supervised contrastive loss (docs/training.md).
 */
export function pairLearning(
  rows: readonly TrainingRow[],
  warm: Beginning,
  { executor, encoder, set, classWeights, signal }: TrainOptions,
): PairLearning {
  const { width, labels } = warm.head
  const nothing = ({ vectors }: Seen): tf.Tensor => tf.zeros([vectors.shape[0]!, 1])
  return {
    task: {
      weights: {},
      contrast: 1,
      targets: () => ({}),
      rowLoss: (_, seen) => nothing(seen),
      evenLoss: (_, seen) => nothing(seen),
      divergence: (_, seen) => nothing(seen),
      scores: classification(warm.head, rows, set.multi).scores,
    },
    deal: dealByLabel(rows.map((row) => row.truth[0]!)),
    async head(weights, learned) {
      const texts = learned.map(modelTextOf)
      const { vectors } = await extractFeatures(applied(encoder, weights), texts, { executor, signal })
      const problem = await createLogistic(executor, {
        rows: learned.length,
        width,
        vectors: toUnitLength(vectors, width),
        labels,
        truth: learned.map((row) => row.truth),
        multi: set.multi,
      })
      // The weight of the data is that which was chosen on the encoder as it was.
      const rowWeights = rowWeightsOf(learned, labels, classWeights)
      return headWeights(
        await problem.fit({ c: warm.c, start: warm.head, rowWeights, signal }).finally(() => problem.dispose()),
      )
    },
  }
}
