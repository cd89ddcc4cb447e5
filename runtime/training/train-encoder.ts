import type { Checkpoint } from '#runtime/language/checkpoint.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import { extractFeatures } from '#runtime/language/features.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { assessHeldOut } from './assess.ts'
import { meanLoss } from './calibration.ts'
import { classification, headOf, scoreTable } from './classification.ts'
import { createFineTuning, type FineTuning, type FineTuningSettings, type Lesson } from './fine-tuning.ts'
import { dealHeldOut } from './folds.ts'
import { askNeighbours, joined, toUnitLength } from './nearest.ts'
import { shareRight } from './predict.ts'
import { epochsFor, recipe } from './recipe.ts'
import { countLabels, fitHead, type TrainOptions } from './train-head.ts'
import type { TrainingRow, TrainingSet } from './training-set.ts'
import type { TuningPlan } from './tuning-plan.ts'

export interface TuneOptions extends TrainOptions {
  plan: TuningPlan
  /**
   * `epochs` are set by the number of rows where they are null. With validation, training stops when it has improved neither in
   * accuracy nor in loss for `patience` epochs.
   */
  settings: Omit<FineTuningSettings, 'seed' | 'epochs'> & { epochs: number | null; patience: number }
}

/** Without validation one tenth of train joins late. */
const heldOutFolds = 10
/** Share of the epochs that those rows miss. */
const lateShare = 0.6

/**
 * Fine-tunes the head and what `plan` says of the encoder. The head starts as the logistic regression on the frozen encoder. With validation the
 * best epoch is kept. Without, one tenth of train stays away for the first part: confidence is calibrated on those rows while
 * they are unseen, then they are learned too, so that one training does for both. Throws `training-diverged`, or the
 * signal's reason.
 */
export async function trainEncoder(options: TuneOptions): Promise<Checkpoint> {
  const start = performance.now()
  const { encoder, set, executor, plan, settings, seed, signal, onProgress } = options
  const epochs = settings.epochs ?? epochsFor(set.train.length)
  const lateAfter = Math.round(epochs * lateShare)
  const joinsLate = set.validation.length === 0 && lateAfter < epochs
  const split = set.validation.length === 0 ? holdOut(set, seed) : set
  const warm = await fitHead({
    ...options,
    set: split,
    onProgress: (progress) => onProgress?.({ ...progress, share: progress.share * warmShare }),
  })
  const lesson: Lesson = joinsLate
    ? {
        rows: [...split.train, ...warm.names, ...split.validation],
        anchors: joined(warm.vectors, warm.nameVectors, warm.checks),
        late: { rows: split.validation.length, after: lateAfter },
      }
    : { rows: [...split.train, ...warm.names], anchors: joined(warm.vectors, warm.nameVectors) }
  const task = classification(warm.head, lesson.rows, set.multi)
  const tuning = await createFineTuning(executor, encoder, task, lesson, { ...settings, epochs, seed }, plan)
  let judged: Judged
  let weights: HostTensors
  let learned = epochs
  try {
    const epoch = watchEpochs(tuning, options)
    if (joinsLate) {
      for (let number = 1; number <= lateAfter; number++) await epoch(number)
      judged = await judge(tuning, split, options)
      for (let number = lateAfter + 1; number <= epochs; number++) await epoch(number, judged)
      weights = await tuning.snapshot()
    } else {
      let best: (Judged & { epoch: number }) | undefined
      let lowest = Number.POSITIVE_INFINITY
      let idle = 0
      for (let number = 1; number <= epochs && idle < settings.patience; number++) {
        await epoch(number, best)
        const now = await judge(tuning, split, options)
        idle = !best || now.right > best.right || now.loss < lowest ? 0 : idle + 1
        lowest = Math.min(lowest, now.loss)
        if (!best || now.right > best.right || (now.right === best.right && now.loss < best.loss))
          best = { ...now, epoch: number }
      }
      judged = best!
      weights = judged.weights
      learned = best!.epoch
    }
  } finally {
    await tuning.dispose()
  }

  onProgress?.({ phase: 'calibrating', share: 0.95 })
  const width = encoder.config.hidden_size
  const unit = async (by: HostTensors, rows: readonly TrainingRow[]): Promise<Float32Array> => {
    const texts = rows.map((row) => row.text)
    return toUnitLength((await extractFeatures(applied(encoder, by), texts, { executor, signal })).vectors, width)
  }
  const known = await unit(judged.weights, split.train)
  const neighbours = await askNeighbours(
    executor,
    await unit(judged.weights, split.validation),
    { rows: split.train, vectors: known },
    set.labels.length,
  )
  const kept = split === set ? set.train : [...split.train, ...(joinsLate ? split.validation : [])]
  return {
    encoder: applied(encoder, weights),
    frozen: false,
    head: headOf(weights),
    rows: kept.map((row) => ({ row: row.id, text: row.text, labels: [...row.truth] })),
    vectors: weights === judged.weights ? known : await unit(weights, kept),
    card: {
      format: 1,
      encoder: { name: encoder.name, hash: encoder.hash, width },
      method: plan.method,
      multi: set.multi,
      labels: countLabels(set),
      ...assessHeldOut(
        { from: split === set ? 'validation' : 'train', rows: split.validation, scores: judged.scores, ...neighbours },
        set.labels.length,
        set.multi,
      ),
      training: {
        dataHash: set.hash,
        rows: kept.length,
        validationRows: set.validation.length,
        settings: { seed, ...settings, epochs, names: warm.names.length, ...plan.settings, ...recipe },
        epochs: learned,
        device: executor.device,
        seconds: (performance.now() - start) / 1000,
      },
    },
  }
}

/** Moves one tenth of train to validation, but no label's only rows. */
export function holdOut(set: TrainingSet, seed: number): TrainingSet {
  const dealt = dealHeldOut(set.train, heldOutFolds, seed)
  const outOf = (fold: number): boolean[] => {
    const taught = new Set(set.train.flatMap((row, i) => (dealt[i] === fold ? [] : row.truth)))
    return set.train.map((row, i) => dealt[i] === fold && row.truth.every((label) => taught.has(label)))
  }
  const choices = Array.from({ length: heldOutFolds }, (_, fold) => outOf(fold))
  // Where each label has one row there is nothing else to judge by.
  const out = choices.find((choice) => choice.includes(true)) ?? [...dealt].map((fold) => fold === 0)
  return {
    ...set,
    train: set.train.filter((_, i) => !out[i]),
    validation: set.train.filter((_, i) => out[i]),
  }
}

/** Shares of the whole that the warm start takes and where the epochs end. */
const warmShare = 0.1
const epochsEnd = 0.95

/** Trains epochs and tells of each step, with what held-out rows last said. */
function watchEpochs(tuning: FineTuning, { executor, signal, onProgress }: TuneOptions) {
  const begun = performance.now()
  return (number: number, seen?: { right: number; loss: number }): Promise<number> =>
    tuning.epoch(number, signal, ({ step, steps, epoch, loss }) => {
      const elapsed = (performance.now() - begun) / 1000
      onProgress?.({
        phase: 'training',
        share: warmShare + ((epochsEnd - warmShare) * step) / steps,
        step,
        steps,
        epoch,
        loss,
        validationAccuracy: seen?.right,
        validationLoss: seen?.loss,
        secondsLeft: (elapsed / step) * (steps - step),
        device: executor.device,
      })
    })
}

/** What held-out rows say of the weights of now. */
interface Judged {
  weights: HostTensors
  /** Scores of the held-out rows [rows, labels]. */
  scores: Float32Array
  /** Share of rows whose labels are right, and their mean loss. */
  right: number
  loss: number
}

async function judge(
  tuning: FineTuning,
  { labels, multi, validation }: TrainingSet,
  { signal }: TuneOptions,
): Promise<Judged> {
  const weights = await tuning.snapshot()
  const table = await scoreTable(tuning, validation, labels.length, weights, signal)
  const truth = validation.map((row) => row.truth)
  return {
    weights,
    scores: table.values,
    right: shareRight(table, truth, 1, multi),
    loss: meanLoss(table, truth, 1, multi),
  }
}

/** The encoder with trained weights in place of its own. */
function applied(encoder: Encoder, trained: HostTensors): Encoder {
  const weights = new Map(encoder.weights)
  for (const [name, tensor] of Object.entries(trained)) {
    if (weights.has(name)) weights.set(name, { shape: tensor.shape, data: tensor.data as Float32Array })
  }
  return { ...encoder, weights }
}
