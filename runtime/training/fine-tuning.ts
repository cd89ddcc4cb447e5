import { BotloomError, type RunNote } from '#kit'
import type { Encoder } from '#runtime/language/encoder.ts'
import { encoderConstants } from '#runtime/language/features.ts'
import type { Executor, HostTensors } from '#runtime/tensor/executor.ts'
import { isOutOfMemory } from '#runtime/tensor/out-of-memory.ts'
import {
  type BatchInParts,
  createTrainer,
  type TrainBatch,
  type Trainer,
  type TrainerState,
} from '#runtime/tensor/train-step.ts'
import { freshAdapters, mergeAdapters } from './adapters.ts'
import { dealBatches, type LengthBatch, paddedRows } from './length-batches.ts'
import { createLessonBatches, joinParts } from './lesson-batches.ts'
import { lookProgram, lossProgram, type Regularisers } from './loss.ts'
import { createLowerLayers } from './lower-layers.ts'
import { rateOf } from './recipe.ts'
import { scheduleAt } from './schedule.ts'
import { createScoring, type TakeScores } from './scoring.ts'
import { seededRandom } from './seeded.ts'
import type { Task } from './task.ts'
import type { TrainingRow } from './training-set.ts'
import { type TuningPlan, wholeEncoder } from './tuning-plan.ts'

export interface FineTuningSettings extends Regularisers {
  epochs: number
  /** Highest learning rate of the encoder. */
  learningRate: number
  batchSize: number
  weightDecay: number
  /** Largest length of a step's gradient; 0: whatever it is. Default 1. */
  clipNorm?: number
  /** Share of all steps in which the learning rate climbs; it then falls to zero in a straight line. */
  warmup: number
  seed: number
}

export interface StepReport {
  step: number
  steps: number
  epoch: number
  /** The task's loss alone, so that it compares with that of other rows. */
  loss: number
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

/** A point in a training from which it goes on to the end that it would have had. */
export interface TuningState {
  trainer: TrainerState
  /** The epoch that is gone through, from 1 on, the steps of it that are done, and the sum of their losses. */
  epoch: number
  done: number
  sum: number
  /** How often the loss ran away: each time halves the learning rate. */
  setbacks: number
  /** Rows that are computed at once; as many as a batch has where memory suffices. */
  rowsAtOnce: number
}

/** What an epoch may be told and may tell. */
export interface EpochHooks {
  /** Ends the training: `epoch` throws its reason. */
  signal?: AbortSignal
  onStep?: (report: StepReport) => void
  /** Between two calls into the executor: the time to keep a state. */
  onPause?: () => Promise<void>
  /** Leaves the epoch where it is when it says so. */
  leave?: () => boolean
  note?: (note: RunNote) => void
}

/** Encoder and head in training. Weights live in the executor until they are asked for. */
export interface FineTuning {
  /** Steps of all epochs; the learning rate has fallen to nothing when they are done. */
  readonly steps: number
  /** The epoch that is next, or in the midst of. */
  readonly next: number
  /**
   * Trains one epoch (from 1 on, in order; one that was begun is gone on with) and returns its mean loss. Where memory runs out it goes on with half as many
   * rows at once; where the loss runs away it goes back to the last state and halves the learning rate, at most three times. Throws
   * `training-diverged`, `out-of-memory`, or the signal's reason.
   */
  epoch(number: number, hooks?: EpochHooks): Promise<number>
  /** What the task says of texts by the weights of a snapshot. */
  score(
    texts: readonly string[],
    weights: HostTensors,
    signal: AbortSignal | undefined,
    take: TakeScores,
  ): Promise<void>
  /** A copy of what was trained, under the encoder's own names; adapters are merged. */
  snapshot(): Promise<HostTensors>
  /** A copy of all that it knows; it also goes back here when the loss runs away. */
  state(): Promise<TuningState>
  /** Goes on from a state of a training that was prepared alike. */
  restore(state: TuningState): Promise<void>
  dispose(): Promise<void>
}

/** Setbacks that a training survives. */
const mostSetbacks = 3

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
  const encoded = rows.map((row) => encoder.tokenizer.encode(row.text))
  const lengths = encoded.map((ids) => ids.length)
  const rowsIn = (epoch: number): number => rows.length - (late && epoch <= late.after ? late.rows : 0)
  const stepsIn = (epoch: number): number => Math.ceil(rowsIn(epoch) / settings.batchSize)
  const stepsBefore = (epoch: number): number =>
    Array.from({ length: epoch - 1 }, (_, i) => stepsIn(i + 1)).reduce((sum, steps) => sum + steps, 0)
  const steps = stepsBefore(settings.epochs + 1)
  const scoring = createScoring(executor, encoder, plan, task, lower, frozen)

  const size = settings.batchSize
  const batches = createLessonBatches(encoder, task, { rows, anchors, weights, size }, encoded, lower)
  const at: Omit<TuningState, 'trainer'> = { epoch: 1, done: 0, sum: 0, setbacks: 0, rowsAtOnce }
  let kept: TuningState | undefined
  const isKept = (): boolean => kept?.epoch === at.epoch && kept.done === at.done

  async function toBatch(batch: LengthBatch, step: number): Promise<TrainBatch | BatchInParts> {
    const seed = (settings.seed * 1_000_003 + step) % 2_147_483_647
    const learningRate = (settings.learningRate * scheduleAt(step, steps, settings.warmup)) / 2 ** at.setbacks
    const padded = paddedRows(batch, size)
    if (at.rowsAtOnce >= padded) return { learningRate, seed, inputs: await batches.whole(batch, seed) }
    const parts = await batches.parts(batch, seed, at.rowsAtOnce)
    const looks = await trainer.look(parts, seed)
    const vectors = looks.map((look) => look.vectors!)
    return { learningRate, seed, parts: joinParts(parts, vectors, padded) }
  }

  async function state(): Promise<TuningState> {
    kept = { ...at, trainer: await trainer.state() }
    return kept
  }

  /** The rest of the epoch; returns its mean loss. Throws `LossRanAway`. */
  async function pass(dealt: readonly LengthBatch[], first: number, hooks: EpochHooks): Promise<number> {
    const { signal, onStep, onPause, leave, note } = hooks
    while (at.done < dealt.length) {
      const group = sameShape(dealt.slice(at.done), at.rowsAtOnce < size ? 1 : mostAhead)
      const lessons: (TrainBatch | BatchInParts)[] = []
      try {
        for (const [i, batch] of group.entries()) {
          signal?.throwIfAborted()
          lessons.push(await toBatch(batch, first + at.done + i))
        }
        // The trainer cuts by time; these groups bound how long a report may keep a person waiting.
        await trainer.step(lessons, {
          signal,
          onResult({ loss, gradientNorm, outputs }) {
            if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw new LossRanAway(first + at.done + 1)
            const ownLoss = outputs.taskLoss!.data[0]!
            at.done++
            at.sum += ownLoss
            onStep?.({ step: first + at.done, steps, epoch: at.epoch, loss: ownLoss })
          },
        })
      } catch (error) {
        if (!isOutOfMemory(error)) throw error
        if (at.rowsAtOnce <= 1) throw new BotloomError('out-of-memory', {}, { cause: error })
        at.rowsAtOnce = Math.ceil(at.rowsAtOnce / 2)
        note?.({ code: 'memory-ran-out', params: { rows: at.rowsAtOnce } })
      }
      if (leave?.()) break
      await onPause?.()
    }
    const mean = at.sum / at.done
    if (at.done === dealt.length) Object.assign(at, { epoch: at.epoch + 1, done: 0, sum: 0 })
    return mean
  }

  async function goBack(to: TuningState): Promise<void> {
    const { trainer: weights, ...place } = to
    await trainer.restore(weights)
    Object.assign(at, place)
  }

  return {
    steps,
    get next() {
      return at.epoch
    },
    async epoch(number, hooks = {}) {
      if (at.epoch !== number) throw new Error(`epoch ${at.epoch} is next, not ${number}`)
      const random = seededRandom(settings.seed * 7919 + number)
      const own = lengths.slice(0, rowsIn(number))
      const dealt = deal(own, size, encoder.tokenizer.maxLength, random)
      if (!isKept()) await state()
      for (;;) {
        try {
          return await pass(dealt, stepsBefore(number), hooks)
        } catch (error) {
          if (!(error instanceof LossRanAway)) throw error
          const setbacks = at.setbacks + 1
          if (setbacks > mostSetbacks) throw new BotloomError('training-diverged', { step: error.step })
          const { rowsAtOnce } = at
          await goBack(kept!)
          Object.assign(at, { setbacks, rowsAtOnce })
          hooks.note?.({ code: 'loss-ran-away', params: { epoch: number } })
        }
      }
    },
    state,
    async restore(given) {
      await goBack(given)
      at.rowsAtOnce = Math.min(given.rowsAtOnce, rowsAtOnce)
      kept = given
    },
    score: scoring.run,
    snapshot: async () => ordinary(await trainer.weights()),
    async dispose() {
      await scoring.dispose()
      await lower?.dispose()
      await trainer.dispose()
    },
  }
}

/** Most batches that are made ahead of the step: with hidden states in them they are large. */
const mostAhead = 16

/** The first batches as long as they are of one length, `most` at most. */
function sameShape(batches: readonly LengthBatch[], most: number): LengthBatch[] {
  const other = batches.findIndex(({ length }) => length !== batches[0]!.length)
  return batches.slice(0, Math.min(other < 0 ? batches.length : other, most))
}

/** The loss or its gradient is no number any more. */
class LossRanAway extends Error {
  readonly step: number

  constructor(step: number) {
    super(`the loss ran away in step ${step}`)
    this.step = step
  }
}
