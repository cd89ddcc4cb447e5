import type { RunNote } from '#kit'
import { hashOf } from '#runtime/graph/canonical.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import { createFeatureExtractor, extractFeatures } from '#runtime/language/features.ts'
import type { RetrieverCard, StoredAnswer } from '#runtime/language/retrieval/retriever-card.ts'
import type { RetrieverCheckpoint } from '#runtime/language/retrieval/write-retriever.ts'
import type { Executor, HostTensors } from '#runtime/tensor/executor.ts'
import { type AnswerRow, type AnswerSet, holdOutAnswers } from '../answers/answer-rows.ts'
import { applied } from '../apply-weights.ts'
import { type CourseHooks, type CourseOptions, epochsEnd, pickUp, runEpochs } from '../course.ts'
import { createFineTuning, type FineTuning, type FineTuningSettings } from '../fine-tuning.ts'
import { toUnitLength } from '../nearest.ts'
import { epochsFor, recipe } from '../recipe.ts'
import type { Judged } from '../training-keeper.ts'
import type { TuningPlan } from '../tuning-plan.ts'
import { fitBar, measureRanks, type RankedQuestion, rankAnswers } from './rank-answers.ts'
import { dealWithAnswers, KnownAnswers, rankingScale, retrievalTask, toLessonRows } from './retrieval-task.ts'

export interface RetrieverTraining extends CourseHooks {
  executor: Executor
  /** Loaded `unprompted`: its roles stand ahead of questions and answers. */
  encoder: Encoder
  set: AnswerSet
  /** What learns of the encoder; null: nothing, it is taken as it is. */
  plan: TuningPlan | null
  /** `epochs` are set by the number of rows where they are null; `batchSize` counts questions, each with its answer beside it. */
  settings: Omit<FineTuningSettings, 'seed' | 'epochs'> & { epochs: number | null; patience: number }
  seed: number
  /** Where vectors of the encoder as it is are kept between runs. */
  cacheFolder?: string
  /** Questions that are computed at once where memory is known to be short; what is learned stays the same. */
  rowsAtOnce?: number
}

/** Share of the whole that is done when the first step begins. */
const begins = 0.1

/** All distinct answers of rows, each by the first row that has it. */
export function distinctAnswers(rows: readonly AnswerRow[]): StoredAnswer[] {
  return [
    ...new Map([...rows].reverse().map(({ id, answer }) => [answer, { row: id, text: answer }])).values(),
  ].reverse()
}

/**
 * Teaches an encoder which answer fits a question. Held-out questions (validation, else a tenth of train) look for theirs among all
 * distinct answers; the epoch with the best MRR@10 is kept, or the last one where nothing is held out. Throws `training-diverged`,
 * `out-of-memory`, or the signal's reason.
 */
export async function trainRetriever(options: RetrieverTraining): Promise<RetrieverCheckpoint> {
  const start = performance.now()
  const { encoder, executor, seed, signal, onProgress, plan } = options
  const set = holdOutAnswers(options.set, seed)
  const answers = distinctAnswers([...set.train, ...set.validation])
  const pool = createPool(encoder, executor, [...set.train, ...set.validation], answers, set.validation)
  const vectorsBefore = await frozenVectors(options, [...pool.questions, ...pool.texts], (share) =>
    onProgress?.({ phase: 'features', share: share * begins }),
  )
  const judgedBefore = await pool.rank(vectorsBefore)
  const before = measureRanks(judgedBefore.map(({ rank }) => rank))

  const trained = plan && (await tune({ ...options, set, plan }, pool))
  signal?.throwIfAborted()
  onProgress?.({ phase: 'calibrating', share: epochsEnd })
  const learned = trained ? applied(encoder, trained.weights) : encoder
  const width = encoder.config.hidden_size
  const all = trained
    ? toUnitLength(
        (await extractFeatures(learned, [...pool.questions, ...pool.texts], { executor, signal })).vectors,
        width,
      )
    : vectorsBefore
  const ranked = trained ? await pool.rank(all) : judgedBefore
  const heldOut: RetrieverCard['heldOut'] =
    ranked.length === 0
      ? null
      : {
          from: set === options.set ? 'validation' : 'train',
          rows: ranked.length,
          answers: answers.length,
          ...measureRanks(ranked.map(({ rank }) => rank)),
          loss: meanLoss(ranked),
          before,
        }
  return {
    encoder: learned,
    frozen: trained === null,
    answers,
    vectors: all.slice(pool.questions.length * width),
    card: {
      format: 1,
      kind: 'retrieval',
      encoder: { name: encoder.name, hash: encoder.hash, width },
      method: plan ? methodOf(plan) : 'head',
      heldOut,
      bar: fitBar(ranked),
      answers: answers.length,
      training: {
        dataHash: set.hash,
        rows: set.train.length,
        madeRows: set.train.filter((row) => row.made).length,
        settings: {
          seed,
          ...(plan && trained
            ? { ...options.settings, ...plan.settings, epochs: trained.epochs, scale: rankingScale }
            : {}),
        },
        epochs: trained?.learned ?? 0,
        device: executor.device,
        seconds: (trained?.earlierSeconds ?? 0) + (performance.now() - start) / 1000,
        ...(trained && trained.notes.length > 0 ? { notes: trained.notes } : {}),
      },
    },
  }
}

function methodOf({ method }: TuningPlan): RetrieverCard['method'] {
  if (method === 'setfit') throw new Error('pairs of labels are not answers')
  return method
}

const meanLoss = (ranked: readonly RankedQuestion[]): number =>
  ranked.reduce((sum, { loss }) => sum + loss, 0) / ranked.length

/** What held-out questions look among. */
interface Pool {
  /** Held-out questions and all answers, as the encoder reads them. */
  questions: string[]
  texts: string[]
  /** By the vectors of both, one behind the other, of unit length. */
  rank(vectors: Float32Array): Promise<RankedQuestion[]>
}

function createPool(
  { roles, config }: Encoder,
  executor: Executor,
  rows: readonly AnswerRow[],
  answers: readonly StoredAnswer[],
  asked: readonly AnswerRow[],
): Pool {
  const right = new KnownAnswers(rows).places(
    asked.map(({ question }) => question),
    answers,
  )
  const width = config.hidden_size
  return {
    questions: asked.map(({ question }) => roles.query + question),
    texts: answers.map(({ text }) => roles.passage + text),
    rank: (vectors) =>
      rankAnswers(
        executor,
        vectors.subarray(0, asked.length * width),
        vectors.subarray(asked.length * width),
        width,
        right,
      ),
  }
}

/** Unit-length vectors of texts by the encoder as it is. */
async function frozenVectors(
  { encoder, executor, cacheFolder, signal }: RetrieverTraining,
  texts: readonly string[],
  onProgress?: (share: number) => void,
): Promise<Float32Array> {
  const extractor = await createFeatureExtractor(encoder, executor, cacheFolder)
  try {
    const { vectors, width } = await extractor.extract(texts, { signal, onProgress })
    return toUnitLength(vectors, width)
  } finally {
    await extractor.dispose()
  }
}

interface Tuned {
  weights: HostTensors
  /** Epochs that were planned, and those that the weights have learned. */
  epochs: number
  learned: number
  notes: RunNote[]
  /** What attempts before this one took. */
  earlierSeconds: number
}

async function tune(options: RetrieverTraining & { plan: TuningPlan }, pool: Pool): Promise<Tuned> {
  const { executor, encoder, set, plan, seed, signal } = options
  const settings = { ...options.settings, epochs: options.settings.epochs ?? epochsFor(set.train.length) }
  const rows = toLessonRows(set.train, encoder.roles)
  const anchors = await frozenVectors(
    options,
    rows.map((row) => row.text),
  )
  // A question and its answer are two rows of the lesson.
  const batchSize = 2 * settings.batchSize
  const rowsAtOnce = Math.min(batchSize, 2 * (options.rowsAtOnce ?? settings.batchSize))
  const tuning = await createFineTuning(
    executor,
    encoder,
    retrievalTask(set.train),
    { rows, anchors, deal: dealWithAnswers },
    { ...settings, batchSize, seed },
    plan,
    { rowsAtOnce },
  )
  const given: CourseOptions = {
    ...options,
    epochs: settings.epochs,
    patience: settings.patience,
    batchSize,
    key: trainingKey(options, settings.epochs),
    begins,
  }
  try {
    const course = await pickUp(tuning, given)
    if (rowsAtOnce < course.rowsAtOnce) course.note({ code: 'memory-ran-out', params: { rows: rowsAtOnce } })
    const judge = pool.questions.length > 0 ? (epoch: number) => judgePool(tuning, pool, epoch, encoder, signal) : null
    await runEpochs(tuning, course, given, judge)
    const { best } = course
    return {
      weights: best?.weights ?? (await tuning.snapshot()),
      epochs: settings.epochs,
      learned: best?.epoch ?? course.finished,
      notes: course.notes,
      earlierSeconds: course.seconds,
    }
  } finally {
    await tuning.dispose()
  }
}

/** What held-out questions find by the weights of now. */
async function judgePool(
  tuning: FineTuning,
  pool: Pool,
  epoch: number,
  { config }: Encoder,
  signal: AbortSignal | undefined,
): Promise<Judged> {
  const width = config.hidden_size
  const texts = [...pool.questions, ...pool.texts]
  const weights = await tuning.snapshot()
  const vectors = new Float32Array(texts.length * width)
  await tuning.score(texts, weights, signal, (places, found) => {
    for (const [i, place] of places.entries())
      vectors.set((found.vectors!.data as Float32Array).subarray(i * width, (i + 1) * width), place * width)
  })
  const ranked = await pool.rank(vectors)
  const { recall1, mrr10 } = measureRanks(ranked.map(({ rank }) => rank))
  return { weights, scores: new Float32Array(0), right: recall1, merit: mrr10, loss: meanLoss(ranked), epoch }
}

/** Two trainings of one key are the same from the first step to the last, but for what they run on. */
function trainingKey({ set, encoder, plan, settings, seed }: RetrieverTraining, epochs: number): string {
  return hashOf({
    format: 1,
    task: 'retrieval',
    data: [set.hash, set.train.length],
    encoder: [encoder.hash, encoder.roles],
    method: [plan?.method, plan?.settings],
    settings: { ...settings, epochs, seed },
    recipe,
  })
}
