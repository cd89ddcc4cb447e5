import { hashOf } from '#runtime/graph/canonical.ts'
import type { AnswersCard, AnswersJudged } from '#runtime/language/decoder/answers-card.ts'
import { type Decoder, decoderConstants } from '#runtime/language/decoder/decoder.ts'
import type { AnswersCheckpoint } from '#runtime/language/decoder/write-answers.ts'
import type { Executor, HostTensors } from '#runtime/tensor/executor.ts'
import { createTrainer } from '#runtime/tensor/train-step.ts'
import { type CourseHooks, type CourseOptions, pickUp, runEpochs } from '../course.ts'
import { dealBatches, paddedRows } from '../length-batches.ts'
import { epochsFor } from '../recipe.ts'
import type { Judged } from '../training-keeper.ts'
import { createTuningLoop, type Lessons } from '../tuning-loop.ts'
import { answerInputs, answerParts, rowsThatFit } from './answer-batches.ts'
import { createAnswerJudge } from './answer-judge.ts'
import { answerLoss } from './answer-loss.ts'
import { type AnswerSet, type AnswerTokens, holdOutAnswers, toAnswerTokens } from './answer-rows.ts'
import { longestAnswers } from './longest-answers.ts'

/** What was used for GPT (Radford et al. 2018, section 4.1). */
export const decoderLearningRate = 6.25e-5

export interface DecoderSettings {
  /** Set by the number of rows where it is null. */
  epochs: number | null
  /** Highest learning rate; `decoderLearningRate` where it is null. */
  learningRate: number | null
  batchSize: number
  weightDecay: number
  /** Largest length of a step's gradient; 0: whatever it is. */
  clipNorm: number
  warmup: number
  dropout: number
  patience: number
}

export interface DecoderTraining extends CourseHooks {
  executor: Executor
  decoder: Decoder
  set: AnswerSet
  settings: DecoderSettings
  seed: number
  /** How often the rows that are computed at once are halved, where memory is known to be short; what is learned stays the same. */
  halvings?: number
}

/** The word and place tables stay: few answers would move few of their rows. */
const trains = (name: string): boolean => !/^(?:wte|wpe|lm_head)\./.test(name)

/** Share of the whole that is done when the first step begins. */
const begins = 0.02

/**
 * Fine-tunes a decoder to answer: the loss is on the answers alone. With rows held out (validation, else a tenth of train) the epoch that
 * finds them likeliest is kept, else the last one. Throws `training-diverged`, `out-of-memory`, or the signal's reason.
 */
export async function trainDecoder(options: DecoderTraining): Promise<AnswersCheckpoint> {
  const start = performance.now()
  const { executor, decoder, set: given, seed, signal } = options
  const set = holdOutAnswers(given, seed)
  const settings = {
    ...options.settings,
    epochs: options.settings.epochs ?? epochsFor(set.train.length),
    learningRate: options.settings.learningRate ?? decoderLearningRate,
  }
  const constants = decoderConstants(decoder.weights)
  const select = (wanted: boolean): HostTensors =>
    Object.fromEntries(Object.entries(constants).filter(([name]) => trains(name) === wanted))
  const trainer = await createTrainer(executor, {
    trainable: select(true),
    frozen: select(false),
    loss: (weights, inputs, random) => ({
      loss: answerLoss(weights, decoder.config, inputs, { random, rate: settings.dropout }),
    }),
    optimizer: { weightDecay: settings.weightDecay, clipNorm: settings.clipNorm },
    maxChunkMs: 400,
  })
  const rows = toAnswerTokens(decoder, set.train, longestAnswers(decoder.config))
  const fitting = Math.min(settings.batchSize, rowsThatFit(decoder.config, rows, executor.name))
  const rowsAtOnce = Math.max(1, fitting >> (options.halvings ?? 0))
  const loop = createTuningLoop(
    trainer,
    answerLessons(decoder, rows, settings.batchSize),
    { ...settings, seed },
    rowsAtOnce,
  )
  const judge =
    set.validation.length > 0
      ? createAnswerJudge(executor, decoder, select(false), set.validation, settings.batchSize)
      : null
  const judged = async (epoch: number): Promise<Judged> => {
    const weights = await trainer.weights()
    const { loss, accuracy } = await judge!.judge(weights, signal)
    return { weights, scores: new Float32Array(0), right: accuracy, merit: -loss, loss, epoch }
  }
  const ways: CourseOptions = {
    ...options,
    epochs: settings.epochs,
    patience: settings.patience,
    batchSize: settings.batchSize,
    key: trainingKey(options, settings),
    begins,
  }
  try {
    const before = judge && (await judge.judge(select(true), signal))
    const course = await pickUp(loop, ways)
    if (rowsAtOnce < Math.min(fitting, course.rowsAtOnce))
      course.note({ code: 'memory-ran-out', params: { rows: rowsAtOnce } })
    await runEpochs(loop, course, ways, judge && judged)
    const { best } = course
    const weights = new Map(decoder.weights)
    for (const [name, { shape, data }] of Object.entries(best?.weights ?? (await trainer.weights())))
      weights.set(name, { shape, data: data as Float32Array })
    const heldOut: AnswersCard['heldOut'] = judge &&
      best && {
        from: set === given ? 'validation' : 'train',
        rows: judge.rows,
        tokens: judge.tokens,
        loss: best.loss,
        accuracy: best.right,
        before: before as AnswersJudged,
      }
    return {
      decoder: { ...decoder, weights },
      card: {
        format: 1,
        kind: 'answers',
        decoder: { name: decoder.name, hash: decoder.hash, width: decoder.config.n_embd },
        heldOut,
        training: {
          dataHash: set.hash,
          rows: set.train.length,
          madeRows: set.train.filter((row) => row.made).length,
          settings: { seed, ...settings },
          epochs: best?.epoch ?? course.finished,
          device: executor.device,
          seconds: course.seconds + (performance.now() - start) / 1000,
          ...(course.notes.length > 0 ? { notes: course.notes } : {}),
        },
      },
    }
  } finally {
    await judge?.dispose()
    await trainer.dispose()
  }
}

function answerLessons({ config, tokens }: Decoder, rows: readonly AnswerTokens[], batchSize: number): Lessons {
  const lengths = rows.map(({ ids }) => ids.length)
  const longest = longestAnswers(config)
  const of = (places: readonly number[]): AnswerTokens[] => places.map((row) => rows[row]!)
  return {
    rowsIn: () => rows.length,
    deal: (_, random) => dealBatches(lengths, batchSize, longest, random),
    whole: async (batch) => answerInputs(of(batch.rows), paddedRows(batch, batchSize), batch.length, tokens.endId),
    parts: async (batch, _, each) => answerParts(of(batch.rows), each, batch.length, tokens.endId),
  }
}

/** Two trainings of one key are the same from the first step to the last, but for what they run on. */
function trainingKey({ set, decoder, seed }: DecoderTraining, settings: object): string {
  return hashOf({
    format: 1,
    answers: set.hash,
    decoder: decoder.hash,
    settings: { ...settings, seed },
  })
}
