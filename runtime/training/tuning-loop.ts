import { BotloomError, type RunNote } from '#kit'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { isOutOfMemory } from '#runtime/tensor/out-of-memory.ts'
import type { BatchInParts, TrainBatch, Trainer, TrainerState } from '#runtime/tensor/train-step.ts'
import { type LengthBatch, paddedRows } from './length-batches.ts'
import { scheduleAt } from './schedule.ts'
import { seededRandom } from './seeded.ts'

export interface LoopSettings {
  epochs: number
  /** Highest learning rate. */
  learningRate: number
  batchSize: number
  /** Share of all steps in which the learning rate climbs; it then falls to zero in a straight line. */
  warmup: number
  seed: number
}

/** What is learned in steps, whatever it is. */
export interface Lessons {
  /** Rows that an epoch, from 1 on, goes through. */
  rowsIn(epoch: number): number
  /** The batches of an epoch: the same random numbers give the same. */
  deal(epoch: number, random: () => number): LengthBatch[]
  /** The inputs of a batch, padded to `paddedRows`; `seed` is the step's. */
  whole(batch: LengthBatch, seed: number): Promise<HostTensors>
  /** The same in parts of at most `rows` rows, all of one shape; their losses add up to that of the batch. */
  parts(batch: LengthBatch, seed: number, rows: number): Promise<HostTensors[]>
}

export interface StepReport {
  step: number
  steps: number
  epoch: number
  /** The task's loss alone (`taskLoss` of the loss program, where there is one), so that it compares with that of other rows. */
  loss: number
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

/** A training in steps. Weights live in the executor. */
export interface TuningLoop {
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
  /** A copy of all that it knows; it also goes back here when the loss runs away. */
  state(): Promise<TuningState>
  /** Goes on from a state of a training that was prepared alike, with another seed where one is given. */
  restore(state: TuningState, seed?: number): Promise<void>
}

/** Setbacks that a training survives. */
const mostSetbacks = 3
/** Most batches that are made ahead of the step: with hidden states in them they are large. */
const mostAhead = 16

/** Takes a trainer through lessons. `rowsAtOnce`: rows that are computed at once where memory is known to be short. */
export function createTuningLoop(
  trainer: Trainer,
  lessons: Lessons,
  settings: LoopSettings,
  rowsAtOnce: number = settings.batchSize,
): TuningLoop {
  const { batchSize: size } = settings
  const stepsBefore = (epoch: number): number =>
    Array.from({ length: epoch - 1 }, (_, i) => Math.ceil(lessons.rowsIn(i + 1) / size)).reduce((a, b) => a + b, 0)
  const steps = stepsBefore(settings.epochs + 1)
  const at: Omit<TuningState, 'trainer'> = { epoch: 1, done: 0, sum: 0, setbacks: 0, rowsAtOnce }
  let { seed: root } = settings
  let kept: TuningState | undefined
  const isKept = (): boolean => kept?.epoch === at.epoch && kept.done === at.done

  async function toBatch(batch: LengthBatch, step: number): Promise<TrainBatch | BatchInParts> {
    const seed = (root * 1_000_003 + step) % 2_147_483_647
    const learningRate = (settings.learningRate * scheduleAt(step, steps, settings.warmup)) / 2 ** at.setbacks
    if (at.rowsAtOnce >= paddedRows(batch, size))
      return { learningRate, seed, inputs: await lessons.whole(batch, seed) }
    return { learningRate, seed, parts: await lessons.parts(batch, seed, at.rowsAtOnce) }
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
      const batches: (TrainBatch | BatchInParts)[] = []
      try {
        for (const [i, batch] of group.entries()) {
          signal?.throwIfAborted()
          batches.push(await toBatch(batch, first + at.done + i))
        }
        // The trainer cuts by time; these groups bound how long a report may keep a person waiting.
        await trainer.step(batches, {
          signal,
          onResult({ loss, gradientNorm, outputs }) {
            if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw new LossRanAway(first + at.done + 1)
            const ownLoss = outputs.taskLoss?.data[0] ?? loss
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
      const dealt = lessons.deal(number, seededRandom(root * 7919 + number))
      if (!isKept()) await state()
      for (;;) {
        try {
          return await pass(dealt, stepsBefore(number), hooks)
        } catch (error) {
          if (!(error instanceof LossRanAway)) throw error
          const setbacks = at.setbacks + 1
          if (setbacks > mostSetbacks) throw new BotloomError('training-diverged', { step: error.step })
          const { rowsAtOnce: now } = at
          await goBack(kept!)
          Object.assign(at, { setbacks, rowsAtOnce: now })
          hooks.note?.({ code: 'loss-ran-away', params: { epoch: number } })
        }
      }
    },
    state,
    async restore(given, seed = root) {
      const now = at.rowsAtOnce
      await goBack(given)
      root = seed
      at.rowsAtOnce = Math.min(given.rowsAtOnce, now)
      kept = given
    },
  }
}

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
