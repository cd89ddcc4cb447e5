import { BotloomError, type Progress } from '#kit'
import { type Decoder, decoderConstants } from '#runtime/language/decoder/decoder.ts'
import type { Executor, HostTensors, TensorSpec } from '#runtime/tensor/executor.ts'
import { createTrainer } from '#runtime/tensor/train-step.ts'
import { dealBatches, type LengthBatch, paddedRows } from '../length-batches.ts'
import { scheduleAt } from '../schedule.ts'
import { seededRandom, shuffled } from '../seeded.ts'
import { answerInputs, answerLoss } from './answer-loss.ts'
import { type AnswerRow, type AnswerTokens, toAnswerTokens } from './answer-rows.ts'

export interface DecoderSettings {
  epochs: number
  /** Highest learning rate; it climbs for `warmup` of all steps and then falls to zero. */
  learningRate: number
  batchSize: number
  weightDecay: number
  warmup: number
  dropout: number
  /** Most tokens of question and answer together. */
  maxTokens: number
  seed: number
}

export interface TrainedDecoder {
  decoder: Decoder
  rows: number
  heldOutRows: number
  /** Mean cross-entropy of a held-out answer's token, nats, before and after; null without rows to hold out. */
  heldOutLoss: { before: number; after: number } | null
  /** Rounds of the weights that are kept: those with the least held-out loss. */
  epochs: number
  seconds: number
}

/** From so many rows on a tenth is held out. */
const rowsForHoldOut = 20

/** The word and place tables stay: few answers would move few of their rows. */
const trains = (name: string): boolean => !/^(?:wte|wpe|lm_head)\./.test(name)

/**
 * Fine-tunes a decoder to answer: the loss is on the answers alone. Throws `no-training-rows`, `training-diverged`, or the signal's
 * reason.
 */
export async function trainDecoder(
  decoder: Decoder,
  rows: readonly AnswerRow[],
  settings: DecoderSettings,
  {
    executor,
    signal,
    onProgress,
  }: { executor: Executor; signal?: AbortSignal; onProgress?: (progress: Progress) => void },
): Promise<TrainedDecoder> {
  const start = performance.now()
  const { config } = decoder
  const padId = decoder.tokens.endId
  const longest = Math.min(settings.maxTokens, config.n_positions)
  const all = shuffled(toAnswerTokens(decoder, rows, longest), seededRandom(settings.seed))
  const out = all.length < rowsForHoldOut ? [] : all.slice(0, Math.floor(all.length / 10))
  const learned = all.slice(out.length)
  const constants = decoderConstants(decoder.weights)
  const select = (wanted: boolean): HostTensors =>
    Object.fromEntries(Object.entries(constants).filter(([name]) => trains(name) === wanted))
  const frozen = select(false)
  const trainer = await createTrainer(executor, {
    trainable: select(true),
    frozen,
    loss: (weights, inputs, random) => ({
      loss: answerLoss(weights, config, inputs, { random, rate: settings.dropout }),
    }),
    optimizer: { weightDecay: settings.weightDecay },
    maxChunkMs: 400,
  })
  const judge = await createJudge(executor, decoder, frozen, out, settings.batchSize, longest)
  try {
    const steps = settings.epochs * Math.ceil(learned.length / settings.batchSize)
    const initial = select(true)
    const before = await judge.loss(initial, signal)
    let best = { weights: initial, loss: before, epochs: 0 }
    let step = 0
    for (let epoch = 1; epoch <= settings.epochs; epoch++) {
      const random = seededRandom(settings.seed * 7919 + epoch)
      for (const batch of dealBatches(lengthsOf(learned), settings.batchSize, longest, random)) {
        signal?.throwIfAborted()
        const [result] = await trainer.step([
          {
            learningRate: settings.learningRate * scheduleAt(step, steps, settings.warmup),
            seed: (settings.seed * 1_000_003 + step) % 2_147_483_647,
            inputs: inputsOf(learned, batch, settings.batchSize, padId),
          },
        ])
        step++
        if (!Number.isFinite(result!.loss)) throw new BotloomError('training-diverged', { step })
        const elapsed = (performance.now() - start) / 1000
        onProgress?.({
          phase: 'training',
          share: (0.95 * step) / steps,
          step,
          steps,
          epoch,
          loss: result!.loss,
          validationLoss: best.loss ?? undefined,
          secondsLeft: (elapsed / step) * (steps - step),
          device: executor.device,
        })
      }
      const weights = await trainer.weights()
      const loss = await judge.loss(weights, signal)
      // Without rows to judge by the last weights stand.
      if (loss === null || best.loss === null || loss < best.loss) best = { weights, loss, epochs: epoch }
    }
    const weights = new Map(decoder.weights)
    for (const [name, { shape, data }] of Object.entries(best.weights))
      weights.set(name, { shape, data: data as Float32Array })
    return {
      decoder: { ...decoder, weights },
      rows: learned.length,
      heldOutRows: out.length,
      heldOutLoss: before === null || best.loss === null ? null : { before, after: best.loss },
      epochs: best.epochs,
      seconds: (performance.now() - start) / 1000,
    }
  } finally {
    await judge.dispose()
    await trainer.dispose()
  }
}

const lengthsOf = (rows: readonly AnswerTokens[]): number[] => rows.map(({ ids }) => ids.length)

const inputsOf = (rows: readonly AnswerTokens[], batch: LengthBatch, batchSize: number, padId: number): HostTensors =>
  answerInputs(
    batch.rows.map((row) => rows[row]!),
    paddedRows(batch, batchSize),
    batch.length,
    padId,
  )

/** The loss of held-out rows by given weights; null where there are none. */
async function createJudge(
  executor: Executor,
  { config, tokens }: Decoder,
  frozen: HostTensors,
  rows: readonly AnswerTokens[],
  batchSize: number,
  longest: number,
) {
  let compiled: Awaited<ReturnType<Executor['compile']>> | undefined
  const batches = dealBatches(lengthsOf(rows), batchSize, longest, seededRandom(0))
  return {
    async loss(weights: HostTensors, signal?: AbortSignal): Promise<number | null> {
      if (rows.length === 0) return null
      const specs = Object.fromEntries(
        Object.entries(weights).map(([name, { shape, dtype }]): [string, TensorSpec] => [name, { shape, dtype }]),
      )
      compiled ??= await executor.compile(
        (inputs) => ({ loss: answerLoss(inputs, config, inputs) }),
        {
          ...specs,
          ids: { shape: ['rows', 'length'], dtype: 'int32' },
          at: { shape: ['places'], dtype: 'int32' },
          next: { shape: ['places'], dtype: 'int32' },
          share: { shape: ['places'], dtype: 'float32' },
        },
        { constants: frozen },
      )
      let sum = 0
      let places = 0
      for (const batch of batches) {
        signal?.throwIfAborted()
        const inputs = inputsOf(rows, batch, batchSize, tokens.endId)
        const own = inputs.share!.data.filter((share) => share > 0).length
        sum += (await compiled.run({ ...weights, ...inputs })).loss!.data[0]! * own
        places += own
        // Native calls block; the loop must turn so that stop and heartbeat are heard.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return sum / places
    },
    async dispose() {
      await compiled?.dispose()
    },
  }
}
