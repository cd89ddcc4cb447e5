import { type ModelText, modelTextOf } from '#kit'
import type { Encoder } from '#runtime/language/encoder.ts'
import { encoderConstants } from '#runtime/language/features.ts'
import type { Executor, HostTensors } from '#runtime/tensor/executor.ts'
import { createTrainer, type Trainer } from '#runtime/tensor/train-step.ts'
import { freshAdapters, mergeAdapters } from './adapters.ts'
import { dealBatches, paddedRows } from './length-batches.ts'
import { createLessonBatches, joinParts } from './lesson-batches.ts'
import { lookProgram, lossProgram, type Regularisers } from './loss.ts'
import { createLowerLayers } from './lower-layers.ts'
import { rateOf } from './recipe.ts'
import { createScoring, type TakeScores } from './scoring.ts'
import type { Task } from './task.ts'
import type { TrainingRow } from './training-set.ts'
import { createTuningLoop, type LoopSettings, type TuningLoop } from './tuning-loop.ts'
import { type TuningPlan, wholeEncoder } from './tuning-plan.ts'

export interface FineTuningSettings extends Regularisers, LoopSettings {
  weightDecay: number
  /** Largest length of a step's gradient; 0: whatever it is. Default 1. */
  clipNorm?: number
}

/** What is learned from, and from where. */
export interface Lesson {
  rows: readonly TrainingRow[]
  /** Unit-length vectors of the rows by the encoder as it is before, row-major [rows, width]. */
  anchors: Float32Array
  /** What each row weighs in the loss, 1 on average (`rowWeightsOf`). Default: all the same. */
  weights?: Float32Array
  /** The last rows join only after some epochs: until then they can be asked what was never seen. */
  late?: { rows: number; after: number }
  /** How the rows of an epoch, by their lengths in tokens, become batches. Default: those of like length together. */
  deal?: typeof dealBatches
}

/** Encoder and head in training. */
export interface FineTuning extends TuningLoop {
  /** What the task says of texts by the weights of a snapshot. */
  score(
    texts: readonly ModelText[],
    weights: HostTensors,
    signal: AbortSignal | undefined,
    take: TakeScores,
  ): Promise<void>
  /** A copy of what was trained, under the encoder's own names; adapters are merged. */
  snapshot(): Promise<HostTensors>
  dispose(): Promise<void>
}

/** Prepares fine-tuning: the task's head and what `plan` says of the encoder, by AdamW on `lossProgram`. */
export async function createFineTuning(
  executor: Executor,
  encoder: Encoder,
  task: Task,
  { rows, anchors, weights, late, deal = dealBatches }: Lesson,
  settings: FineTuningSettings,
  plan: TuningPlan = wholeEncoder,
  { rowsAtOnce = settings.batchSize }: { rowsAtOnce?: number } = {},
): Promise<FineTuning> {
  const constants = encoderConstants(encoder)
  const select = (wanted: (name: string) => boolean): HostTensors =>
    Object.fromEntries(Object.entries(constants).filter(([name]) => wanted(name)))
  const below = /^(?:embeddings|encoder\.layer)\./
  const frozen = select((name) => !plan.trains(name) && (plan.from === null || !below.test(name)))
  const trainable: HostTensors = {
    ...select(plan.trains),
    ...(plan.rank > 0 ? freshAdapters(encoder.config, plan.rank, settings.seed) : {}),
    ...task.weights,
  }
  const ordinary = async (trained: HostTensors): Promise<HostTensors> =>
    plan.rank > 0 ? mergeAdapters(encoder.config, constants, trained, plan.rank) : trained
  const lower = plan.from === null ? undefined : createLowerLayers(executor, encoder, plan.from)
  const layers = new Set(encoder.config.layer_order).size
  const trainer: Trainer = await createTrainer(executor, {
    trainable,
    frozen,
    loss: lossProgram(encoder, plan, task, settings),
    look: lookProgram(encoder, plan, settings),
    optimizer: {
      weightDecay: settings.weightDecay,
      clipNorm: settings.clipNorm ?? 1,
      decays: (name, shape) => shape.length > 1 && !name.startsWith('head.'),
      rate: (name) => rateOf(name, layers),
    },
    maxChunkMs: 400,
  })
  const encoded = rows.map((row) => encoder.tokenizer.encode(modelTextOf(row)))
  const lengths = encoded.map(({ ids }) => ids.length)
  const scoring = createScoring(executor, encoder, plan, task, lower, frozen)

  const size = settings.batchSize
  const batches = createLessonBatches(encoder, task, { rows, anchors, weights, size }, encoded, lower)
  const rowsIn = (epoch: number): number => rows.length - (late && epoch <= late.after ? late.rows : 0)
  const loop = createTuningLoop(
    trainer,
    {
      rowsIn,
      deal: (epoch, random) => deal(lengths.slice(0, rowsIn(epoch)), size, encoder.tokenizer.maxLength, random),
      whole: batches.whole,
      async parts(batch, seed, most) {
        const parts = await batches.parts(batch, seed, most)
        const looks = await trainer.look(parts, seed)
        const vectors = looks.map((look) => look.vectors!)
        return joinParts(parts, vectors, paddedRows(batch, size))
      },
    },
    settings,
    rowsAtOnce,
  )

  return Object.assign(loop, {
    score: scoring.run,
    snapshot: async () => ordinary(await trainer.weights()),
    async dispose() {
      await scoring.dispose()
      await lower?.dispose()
      await trainer.dispose()
    },
  })
}
