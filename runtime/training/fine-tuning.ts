import * as tf from '@tensorflow/tfjs-core'
import { BotloomError } from '#kit'
import { type BertExtras, bertHidden, bertLayers, poolHidden, unitLength } from '#runtime/language/bert.ts'
import type { LinearHead } from '#runtime/language/checkpoint.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import { batchesByLength, encoderConstants } from '#runtime/language/features.ts'
import { padTokens, type TokenBatch } from '#runtime/language/tokenizer.ts'
import type { CompiledProgram, Executor, HostTensors, TensorSpec } from '#runtime/tensor/executor.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import { createTrainer, type LossProgram, type TrainBatch, type Trainer } from '#runtime/tensor/train-step.ts'
import { freshAdapters, mergeAdapters, withAdapters } from './adapters.ts'
import { contrastLoss, pairsOf } from './contrast.ts'
import { dealBatches, type LengthBatch } from './length-batches.ts'
import { createLowerLayers, type LowerLayers } from './lower-layers.ts'
import { rateOf, recipe } from './recipe.ts'
import { seededRandom } from './seeded.ts'
import type { TrainingRow } from './training-set.ts'
import { type TuningPlan, wholeEncoder } from './tuning-plan.ts'

export interface FineTuningSettings {
  epochs: number
  /** Highest learning rate of the encoder. */
  learningRate: number
  batchSize: number
  weightDecay: number
  /** Share of all steps in which the learning rate climbs; it then falls to zero in a straight line. */
  warmup: number
  dropout: number
  seed: number
}

export interface StepReport {
  step: number
  steps: number
  epoch: number
  /** Cross-entropy alone, so that it compares with that of other rows. */
  loss: number
}

/** What is learned from, and from where. */
export interface Lesson {
  rows: readonly TrainingRow[]
  /** Unit-length vectors of the rows by the encoder as it is before, row-major [rows, width]. */
  anchors: Float32Array
  /** The last rows join only after some epochs: until then they can be asked what was never seen. */
  late?: { rows: number; after: number }
  multi: boolean
}

/** Encoder and head in training. Weights live in the executor until they are asked for. */
export interface FineTuning {
  /** Steps of all epochs; the learning rate has fallen to nothing when they are done. */
  readonly steps: number
  /** Trains one epoch (from 1 on, in order) and returns its mean loss. Throws `training-diverged`, or the signal's reason. */
  epoch(number: number, signal?: AbortSignal, onStep?: (report: StepReport) => void): Promise<number>
  /** Scores of other rows [rows, labels] by the weights of a snapshot. */
  score(rows: readonly TrainingRow[], weights: HostTensors, signal?: AbortSignal): Promise<Float32Array>
  /** A copy of what was trained, under the encoder's own names; adapters are merged. */
  snapshot(): Promise<HostTensors>
  dispose(): Promise<void>
}

const tokensPerScoring = 1024

/**
 * Prepares fine-tuning: the head and what `plan` says of the encoder, by AdamW on cross-entropy (binary cross-entropy where
 * rows have several labels), with the parts that `recipe` names.
 */
export async function createFineTuning(
  executor: Executor,
  encoder: Encoder,
  head: LinearHead,
  { rows, anchors, late, multi }: Lesson,
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
    'head.weight': floats([head.width, head.labels], head.weight),
    'head.bias': floats([head.labels], head.bias),
  }
  const ordinary = async (trained: HostTensors): Promise<HostTensors> =>
    plan.rank > 0 ? mergeAdapters(encoder.config, constants, trained, plan.rank) : trained
  const lower = plan.from === null ? undefined : createLowerLayers(executor, encoder, plan.from)
  const layers = new Set(encoder.config.layer_order).size
  const trainer: Trainer = await createTrainer(executor, {
    trainable,
    frozen,
    loss: lossProgram(encoder, plan, multi, settings.dropout),
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
  const scoring = createScoring(executor, encoder, plan, lower, frozen)

  async function toBatch({ rows: chosen, length }: LengthBatch, step: number): Promise<TrainBatch> {
    const size = settings.batchSize
    const { width } = head
    const seed = (settings.seed * 1_000_003 + step) % 2_147_483_647
    const filled = Array.from({ length: size }, (_, i) => chosen[i] ?? chosen[0]!)
    const padded = padTokens(
      filled.map((row) => encoded[row]!),
      encoder.tokenizer.padId,
      length,
    )
    // The lower layers saw the whole text; what a step deletes is not attended to above them, and not pooled.
    const seen = await seenBy(
      lower,
      filled.map((row) => rows[row]!.text),
      padded,
    )
    deleteTokens(padded, recipe.tokenDeletion, seededRandom(seed))
    const targets = new Float32Array(size * head.labels)
    const weights = new Float32Array(size)
    const before = new Float32Array(size * width)
    for (const [i, row] of chosen.entries()) {
      weights[i] = 1 / chosen.length
      for (const label of rows[row]!.truth) targets[i * head.labels + label] = 1
      before.set(anchors.subarray(row * width, (row + 1) * width), i * width)
    }
    return {
      learningRate: settings.learningRate * scheduleAt(step, steps, settings.warmup),
      seed,
      inputs: {
        ...seen,
        mask: ints([size, length], padded.mask),
        targets: floats([size, head.labels], targets),
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
          const ownLoss = outputs.crossEntropy!.data[0]!
          sum += ownLoss
          onStep?.({ step: first + done, steps, epoch: number, loss: ownLoss })
        }
      }
      return sum / done
    },
    score: (others, weights, signal) => scoring.run(others, weights, signal),
    snapshot: async () => ordinary(await trainer.weights()),
    async dispose() {
      await scoring.dispose()
      await lower?.dispose()
      await trainer.dispose()
    },
  }
}

/** Linear warm-up, then linear decay to zero; `step` counts from 0. */
export function scheduleAt(step: number, steps: number, warmup: number): number {
  const rising = Math.round(steps * warmup)
  if (step < rising) return (step + 1) / (rising + 1)
  return Math.max(0, (steps - step) / (steps - rising))
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

/** Hides a share of the tokens in place, but never a text's first or last one, which mark where it begins and ends. */
export function deleteTokens({ rows, length, mask }: TokenBatch, share: number, random: () => number): void {
  for (let row = 0; row < rows; row++) {
    const start = row * length
    let end = start + length
    while (end > start && mask[end - 1] === 0) end--
    for (let at = start + 1; at < end - 1; at++) if (random() < share) mask[at] = 0
  }
}

/** What a step is given of a batch beside its mask: token ids, or what the lower layers made of them. */
async function seenBy(
  lower: LowerLayers | undefined,
  texts: readonly string[],
  batch: TokenBatch,
): Promise<HostTensors> {
  return lower ? { hidden: await lower.hidden(texts, batch) } : { ids: ints([batch.rows, batch.length], batch.ids) }
}

/** Unit-length vectors of a batch by the weights of now, from where `plan` begins. */
function vectorsOf(
  { config, pooling }: Encoder,
  plan: TuningPlan,
  weights: Record<string, tf.Tensor>,
  { ids, hidden, mask }: Record<string, tf.Tensor>,
  extras: BertExtras,
): tf.Tensor {
  const last =
    plan.from === null
      ? bertHidden(weights, config, { ids: ids!, mask: mask! }, extras)
      : bertLayers(weights, config, hidden!, mask!, { from: plan.from, to: config.layer_order.length }, extras)
  return unitLength(poolHidden(last, mask!, pooling))
}

/** What a step minimises, and its `crossEntropy` alone. Inputs: what `seenBy` gives, mask, targets, rowWeights, anchors, pairs, block. */
export function lossProgram(encoder: Encoder, plan: TuningPlan, multi: boolean, dropout: number): LossProgram {
  return (weights, inputs, random) => {
    const { targets, rowWeights, anchors, pairs, block } = inputs as Record<string, tf.Tensor>
    const vectors = vectorsOf(encoder, plan, weights, inputs, {
      dropout: { random, hidden: dropout, attention: dropout },
      adapt: plan.rank > 0 ? withAdapters(weights, plan.rank) : undefined,
    })
    const scores = linear(vectors, weights['head.weight']!, weights['head.bias']!)
    const rowLoss = multi
      ? tf.sum(
          tf.add(tf.sub(tf.relu(scores), tf.mul(targets!, scores)), tf.log(tf.add(tf.exp(tf.neg(tf.abs(scores))), 1))),
          1,
          true,
        )
      : tf.neg(tf.sum(tf.mul(targets!, tf.logSoftmax(scores)), 1, true))
    const crossEntropy = tf.sum(tf.mul(rowLoss, rowWeights!))
    const moved = tf.sub(1, tf.sum(tf.mul(vectors, anchors!), 1, true))
    const drift = tf.sum(tf.mul(moved, rowWeights!))
    const contrast = contrastLoss(vectors, pairs!, block!, recipe.contrastTemperature)
    const loss = tf.add(crossEntropy, tf.add(tf.mul(drift, recipe.anchor), tf.mul(contrast, recipe.contrast)))
    return { loss, crossEntropy }
  }
}

/** The forward pass with the trained weights as inputs, for scores between epochs. Compiled at first need. */
function createScoring(
  executor: Executor,
  encoder: Encoder,
  plan: TuningPlan,
  lower: LowerLayers | undefined,
  frozen: HostTensors,
): {
  run(rows: readonly TrainingRow[], weights: HostTensors, signal?: AbortSignal): Promise<Float32Array>
  dispose(): Promise<void>
} {
  const dimensions: TensorSpec = { shape: ['batch', 'length'], dtype: 'int32' }
  const start: Record<string, TensorSpec> = lower
    ? { hidden: { shape: ['batch', 'length', encoder.config.hidden_size], dtype: 'float32' } }
    : { ids: dimensions }
  let compiled: CompiledProgram | undefined
  return {
    async run(rows, weights, signal) {
      const specs = Object.fromEntries(
        Object.entries(weights).map(([name, t]) => [name, { shape: t.shape, dtype: t.dtype } as TensorSpec]),
      )
      compiled ??= await executor.compile(
        (inputs) => {
          const vectors = vectorsOf(encoder, plan, inputs, inputs, {})
          return { scores: linear(vectors, inputs['head.weight']!, inputs['head.bias']!) }
        },
        { ...specs, ...start, mask: dimensions },
        { constants: Object.fromEntries(Object.entries(frozen).filter(([name]) => !(name in weights))) },
      )
      const labels = weights['head.bias']!.shape[0]!
      const encoded = rows.map((row) => encoder.tokenizer.encode(row.text))
      const scores = new Float32Array(rows.length * labels)
      for (const batch of batchesByLength(
        encoded.map((ids) => ids.length),
        tokensPerScoring,
      )) {
        signal?.throwIfAborted()
        const padded = padTokens(
          batch.map((row) => encoded[row]!),
          encoder.tokenizer.padId,
        )
        const seen = await seenBy(
          lower,
          batch.map((row) => rows[row]!.text),
          padded,
        )
        const mask = ints([padded.rows, padded.length], padded.mask)
        const out = await compiled.run({ ...weights, ...seen, mask })
        const found = out.scores!.data as Float32Array
        for (const [i, row] of batch.entries()) scores.set(found.subarray(i * labels, (i + 1) * labels), row * labels)
        await new Promise((resolve) => setImmediate(resolve))
      }
      return scores
    },
    async dispose() {
      await compiled?.dispose()
    },
  }
}
