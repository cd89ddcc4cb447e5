import type { Checkpoint, LinearHead } from '#runtime/language/checkpoint.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import { extractFeatures } from '#runtime/language/features.ts'
import type { HostTensors } from '#runtime/tensor/executor.ts'
import { assessHeldOut } from './assess.ts'
import { meanLoss } from './calibration.ts'
import { createFineTuning, type FineTuningSettings } from './fine-tuning.ts'
import { dealFolds } from './folds.ts'
import { nearestSimilarity, toUnitLength } from './nearest.ts'
import { shareRight } from './predict.ts'
import { countLabels, fitHead, type TrainOptions } from './train-head.ts'
import type { TrainingRow, TrainingSet } from './training-set.ts'

export interface FullOptions extends TrainOptions {
  /** `epochs` is the most; training stops when validation has not improved for `patience` epochs. */
  settings: Omit<FineTuningSettings, 'seed'> & { patience: number }
}

/** Without validation one tenth of train is held out to find the number of epochs. */
const heldOutFolds = 10

interface Tuned {
  weights: HostTensors
  epochs: number
  /** Scores of the checked rows by these weights. */
  scores: Float32Array
}

/**
 * Fine-tunes encoder and head together. The head starts as the logistic regression on the frozen encoder; the epoch that
 * is best on validation is kept. Where validation is empty, the number of epochs is found on rows held out of train and
 * a second training learns all of train for as long. Throws `training-diverged`, or the signal's reason.
 */
export async function trainFull(options: FullOptions): Promise<Checkpoint> {
  const start = performance.now()
  const { encoder, set, executor, settings, signal, onProgress } = options
  const split = set.validation.length > 0 ? set : holdOut(set, options.seed)
  const refits = split !== set
  const stages = refits ? [0.45, 0.95] : [0.95]
  const first = await tune({ ...options, set: split }, split.validation, settings.epochs, [0, stages[0]!], start)
  const tuned = refits ? await tune({ ...options, set }, [], first.epochs, [stages[0]!, stages[1]!], start) : first

  onProgress?.({ phase: 'calibrating', share: 0.95 })
  const judge = applied(encoder, first.weights)
  const width = encoder.config.hidden_size
  const texts = (rows: readonly TrainingRow[]): string[] => rows.map((row) => row.text)
  const unit = async (by: Encoder, rows: readonly TrainingRow[]): Promise<Float32Array> =>
    toUnitLength((await extractFeatures(by, texts(rows), { executor, signal })).vectors, width)
  const known = await unit(judge, split.train)
  const similarity = await nearestSimilarity(executor, await unit(judge, split.validation), known, width)
  const final = refits ? applied(encoder, tuned.weights) : judge
  const vectors = refits ? await unit(final, set.train) : known
  return {
    encoder: final,
    frozen: false,
    head: headOf(tuned.weights),
    rows: set.train.map((row) => ({ row: row.id, text: row.text, labels: [...row.truth] })),
    vectors,
    card: {
      format: 1,
      encoder: { name: encoder.name, hash: encoder.hash, width },
      method: 'full',
      multi: set.multi,
      labels: countLabels(set),
      ...assessHeldOut(
        { from: refits ? 'train' : 'validation', rows: split.validation, scores: first.scores, similarity },
        set.labels.length,
        set.multi,
      ),
      training: {
        dataHash: set.hash,
        rows: set.train.length,
        validationRows: set.validation.length,
        settings: { seed: options.seed, ...settings },
        epochs: tuned.epochs,
        device: executor.device,
        seconds: (performance.now() - start) / 1000,
      },
    },
  }
}

function holdOut(set: TrainingSet, seed: number): TrainingSet {
  const dealt = dealFolds(
    set.train.map((row) => ({ label: row.truth[0]!, group: row.group })),
    heldOutFolds,
    seed,
  )
  return {
    ...set,
    train: set.train.filter((_, i) => dealt[i] !== 0),
    validation: set.train.filter((_, i) => dealt[i] === 0),
  }
}

/** Share of a stage that the warm start takes. */
const warmShare = 0.1

async function tune(
  options: FullOptions,
  checked: readonly TrainingRow[],
  epochs: number,
  [from, to]: readonly number[],
  start: number,
): Promise<Tuned> {
  const { encoder, set, executor, settings, seed, signal, onProgress } = options
  const share = (done: number): number => from! + (to! - from!) * done
  const warm = await fitHead({
    ...options,
    onProgress: (progress) => onProgress?.({ ...progress, share: share(progress.share * warmShare) }),
  })
  const tuning = await createFineTuning(executor, encoder, warm.head, set.train, set.multi, { ...settings, seed })
  const begun = performance.now()
  try {
    let best: (Tuned & { right: number; loss: number }) | undefined
    for (let epoch = 1; epoch <= epochs; epoch++) {
      await tuning.epoch(epoch, signal, ({ step, loss }) => {
        const planned = epochs * tuning.stepsPerEpoch
        const elapsed = (performance.now() - begun) / 1000
        onProgress?.({
          phase: 'training',
          share: share(warmShare + ((1 - warmShare) * step) / planned),
          step,
          steps: planned,
          epoch,
          loss,
          validationAccuracy: best?.right,
          validationLoss: best?.loss,
          secondsLeft: (elapsed / step) * (planned - step) + (to! < 0.9 ? (performance.now() - start) / 1000 : 0),
          device: executor.device,
        })
      })
      if (checked.length === 0) continue
      const scores = await tuning.score(checked, signal)
      const judged = judge(scores, checked, set)
      if (!best || judged.right > best.right || (judged.right === best.right && judged.loss < best.loss)) {
        best = { ...judged, weights: await tuning.snapshot(), epochs: epoch, scores }
      } else if (epoch - best.epochs >= settings.patience) break
    }
    return best ?? { weights: await tuning.snapshot(), epochs, scores: new Float32Array() }
  } finally {
    await tuning.dispose()
  }
}

/** Share of rows whose labels are right, and the mean loss. */
function judge(scores: Float32Array, rows: readonly TrainingRow[], set: TrainingSet): { right: number; loss: number } {
  const labels = set.labels.length
  const truth = rows.map((row) => row.truth)
  const table = { rows: rows.length, labels, values: scores }
  return { right: shareRight(table, truth, 1, set.multi), loss: meanLoss(table, truth, 1, set.multi) }
}

/** The encoder with trained weights in place of its own. */
function applied(encoder: Encoder, trained: HostTensors): Encoder {
  const weights = new Map(encoder.weights)
  for (const [name, tensor] of Object.entries(trained)) {
    if (weights.has(name)) weights.set(name, { shape: tensor.shape, data: tensor.data as Float32Array })
  }
  return { ...encoder, weights }
}

function headOf(trained: HostTensors): LinearHead {
  const weight = trained['head.weight']!
  return {
    width: weight.shape[0]!,
    labels: weight.shape[1]!,
    weight: weight.data as Float32Array,
    bias: trained['head.bias']!.data as Float32Array,
  }
}
