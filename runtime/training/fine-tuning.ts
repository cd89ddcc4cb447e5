import { BotloomError } from '#kit'
import type { Encoder } from '#runtime/language/encoder.ts'
import { encoderConstants } from '#runtime/language/features.ts'
import { padTokens } from '#runtime/language/tokenizer.ts'
import type { Executor, HostTensors } from '#runtime/tensor/executor.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { createTrainer, type TrainBatch, type Trainer } from '#runtime/tensor/train-step.ts'
import { freshAdapters, mergeAdapters } from './adapters.ts'
import { pairsOf } from './contrast.ts'
import { passInputs } from './encoder-pass.ts'
import { dealBatches, type LengthBatch, paddedRows } from './length-batches.ts'
import { lossProgram, type Regularisers } from './loss.ts'
import { createLowerLayers } from './lower-layers.ts'
import { rateOf, recipe } from './recipe.ts'
import { scheduleAt } from './schedule.ts'
import { createScoring, type TakeScores } from './scoring.ts'
import { seededRandom } from './seeded.ts'
import type { Task } from './task.ts'
import { deleteTokens } from './token-deletion.ts'
import type { TrainingRow } from './training-set.ts'
import { type TuningPlan, wholeEncoder } from './tuning-plan.ts'

export interface FineTuningSettings extends Regularisers {
  epochs: number
  /** Highest learning rate of the encoder. */
  learningRate: number
  batchSize: number
  weightDecay: number
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
  /** The last rows join only after some epochs: until then they can be asked what was never seen. */
  late?: { rows: number; after: number }
}

/** Encoder and head in training. Weights live in the executor until they are asked for. */
export interface FineTuning {
  /** Steps of all epochs; the learning rate has fallen to nothing when they are done. */
  readonly steps: number
  /** Trains one epoch (from 1 on, in order) and returns its mean loss. Throws `training-diverged`, or the signal's reason. */
  epoch(number: number, signal?: AbortSignal, onStep?: (report: StepReport) => void): Promise<number>
  /** What the task says of texts by the weights of a snapshot. */
  score(
    texts: readonly string[],
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
  { rows, anchors, late }: Lesson,
  settings: FineTuningSettings,
  plan: TuningPlan = wholeEncoder,
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
    optimizer: {
      weightDecay: settings.weightDecay,
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

  async function toBatch(batch: LengthBatch, step: number): Promise<TrainBatch> {
    const { rows: chosen, length } = batch
    const size = paddedRows(batch, settings.batchSize)
    const width = encoder.config.hidden_size
    const seed = (settings.seed * 1_000_003 + step) % 2_147_483_647
    const filled = Array.from({ length: size }, (_, i) => chosen[i] ?? chosen[0]!)
    const padded = padTokens(
      filled.map((row) => encoded[row]!),
      encoder.tokenizer.padId,
      length,
    )
    // The lower layers saw the whole text; what a step deletes is not attended to above them, and not pooled.
    const seen = await passInputs(
      lower,
      filled.map((row) => rows[row]!.text),
      padded,
    )
    deleteTokens(padded, recipe.tokenDeletion, seededRandom(seed))
    const weights = new Float32Array(size)
    const before = new Float32Array(size * width)
    for (const [i, row] of chosen.entries()) {
      weights[i] = 1 / chosen.length
      before.set(anchors.subarray(row * width, (row + 1) * width), i * width)
    }
    return {
      learningRate: settings.learningRate * scheduleAt(step, steps, settings.warmup),
      seed,
      inputs: {
        ...seen,
        mask: ints([size, length], padded.mask),
        ...task.targets(chosen, size, length),
        rowWeights: floats([size, 1], weights),
        anchors: floats([size, width], before),
        ...pairsOf(
          chosen.map((row) => rows[row]!.truth),
          size,
        ),
      },
    }
  }

  return {
    steps,
    async epoch(number, signal, onStep) {
      const random = seededRandom(settings.seed * 7919 + number)
      const own = lengths.slice(0, rowsIn(number))
      const batches = dealBatches(own, settings.batchSize, encoder.tokenizer.maxLength, random)
      const first = stepsBefore(number)
      let sum = 0
      let done = 0
      // The trainer cuts by time; these groups bound how long a report may keep a person waiting.
      for (const group of sameShape(batches)) {
        const lessons: TrainBatch[] = []
        for (const [i, batch] of group.entries()) {
          signal?.throwIfAborted()
          lessons.push(await toBatch(batch, first + done + i))
        }
        const results = await trainer.step(lessons, { signal })
        for (const { loss, outputs } of results) {
          done++
          if (!Number.isFinite(loss)) throw new BotloomError('training-diverged', { step: first + done })
          const ownLoss = outputs.taskLoss!.data[0]!
          sum += ownLoss
          onStep?.({ step: first + done, steps, epoch: number, loss: ownLoss })
        }
      }
      return sum / done
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

/** Consecutive batches of one length. */
function sameShape(batches: readonly LengthBatch[]): LengthBatch[][] {
  const groups: LengthBatch[][] = []
  for (const batch of batches) {
    const last = groups.at(-1)
    if (last && last[0]!.length === batch.length && last.length < mostAhead) last.push(batch)
    else groups.push([batch])
  }
  return groups
}
