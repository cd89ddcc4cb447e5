import { modelTextOf, type Progress } from '#kit'
import type { Checkpoint, LinearHead } from '#runtime/language/checkpoint.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import { createFeatureExtractor } from '#runtime/language/features.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { assessHeldOut, type HeldOut } from './assess.ts'
import { choosePenalty, createPenaltyPath, mostTrials, type Trial } from './choose-penalty.ts'
import { type ClassWeights, countRows, rowWeightsOf } from './class-weights.ts'
import { type EarlierModel, earlierHead } from './earlier-model.ts'
import { createEntityLearning } from './entity-learning.ts'
import { dealHeldOut } from './folds.ts'
import { holdOut } from './hold-out.ts'
import { nameRows } from './label-names.ts'
import { createLogistic, type FitOptions, type FittedHead, headScores } from './logistic.ts'
import { askNeighbours, joined, takeRows, toUnitLength } from './nearest.ts'
import { trainTagHead } from './tag-head.ts'
import { storedRowOf, type TrainingRow, type TrainingSet } from './training-set.ts'

export interface TrainOptions {
  executor: Executor
  encoder: Encoder
  set: TrainingSet
  seed: number
  /** A model that training goes on from; `encoder` is its own. */
  earlier?: EarlierModel
  /** Default `off`. */
  classWeights?: ClassWeights
  /** Where sentence vectors are kept between runs. */
  cacheFolder?: string
  signal?: AbortSignal
  /** Shares are of the whole training; calls may be frequent. */
  onProgress?: (progress: Progress) => void
}

/** Rows are dealt into this many folds; few rows use all, more rows three, and large sets hold one fold out once. */
const folds = 5
const rowsForAllFolds = 1000
const rowsForThreeFolds = 4000

/** What a training of the encoder begins with. */
export interface Beginning {
  head: LinearHead
  c: number
  /** Unit-length vectors of train and of validation, row-major. */
  vectors: Float32Array
  checks: Float32Array
  /** Names of labels that were learned as rows, with their vectors; none where held-out rows do not gain by them. */
  names: TrainingRow[]
  nameVectors: Float32Array
}

/** A head as trained, with what the full method starts from. */
export interface TrainedHead extends Beginning {
  heldOut: HeldOut
}

/** Trains a linear head on the frozen encoder and packs it for saving. Throws the signal's reason when stopped. */
export async function trainHead(options: TrainOptions): Promise<Checkpoint> {
  const start = performance.now()
  const { encoder, set, executor } = options
  const trained = await fitHead(options)
  const found = set.entityTypes.length > 0 ? await fitEntities(options) : undefined
  return {
    encoder,
    frozen: true,
    head: trained.head,
    tagHead: found?.tagHead,
    rows: set.train.map(storedRowOf),
    vectors: trained.vectors,
    card: {
      format: 1,
      encoder: { name: encoder.name, hash: encoder.hash, width: encoder.config.hidden_size },
      method: 'head',
      multi: set.multi,
      pairs: set.pairs,
      labels: countLabels(set),
      ...(await assessHeldOut(trained.heldOut, { ...options, labels: set.labels.length, multi: set.multi })),
      ...(found ? { entities: found.entities } : {}),
      training: {
        dataHash: set.hash,
        rows: set.train.length,
        madeRows: set.train.filter((row) => row.made).length,
        validationRows: set.validation.length,
        settings: {
          seed: options.seed,
          c: trained.c,
          names: trained.names.length,
          classWeights: options.classWeights ?? 'off',
        },
        epochs: 0,
        device: executor.device,
        seconds: (performance.now() - start) / 1000,
      },
    },
  }
}

function fitEntities(options: TrainOptions) {
  const { encoder, set, seed } = options
  const learning = createEntityLearning(encoder.tokenizer, set.entityTypes)
  return trainTagHead(options, learning, set.validation.length > 0 ? set : holdOut(set, seed), set.train)
}

export function countLabels(set: TrainingSet): { id: string; name: string; rows: number }[] {
  const rows = countRows(set.train, set.labels.length)
  return set.labels.map((label, i) => ({ ...label, rows: rows[i]! }))
}

/**
 * Logistic regression on unit-length sentence vectors. The penalty is chosen on validation, or inside train by cross
 * validation (one hold-out for large sets); the head is then fitted on all of train. Where training goes on from an earlier model,
 * the penalty draws to what that knew of labels by the same id. Class weights count in fits alone: what is held out is judged as it
 * comes.
 */
export async function fitHead(options: TrainOptions): Promise<TrainedHead> {
  const { encoder, set, executor, signal, onProgress } = options
  const width = encoder.config.hidden_size
  const extractor = await createFeatureExtractor(encoder, executor, options.cacheFolder)
  const names = nameRows(set)
  const texts = [...set.train, ...set.validation, ...names, ...set.outside].map(modelTextOf)
  const all = await extractor
    .extract(texts, {
      signal,
      onProgress: (share) => onProgress?.({ phase: 'features', share: share * fitsFrom }),
    })
    .finally(() => extractor.dispose())
  toUnitLength(all.vectors, width)
  const vectors = all.vectors.slice(0, set.train.length * width)
  const checks = all.vectors.slice(set.train.length * width, (set.train.length + set.validation.length) * width)
  const restAt = set.train.length + set.validation.length
  const nameVectors = all.vectors.slice(restAt * width, (restAt + names.length) * width)
  const foreign = all.vectors.slice((restAt + names.length) * width)
  const known = { rows: set.train, vectors }
  const about = { labels: set.labels.length, words: !set.multi }
  const watch = watchFits(set, options)
  const prior = options.earlier && earlierHead(options.earlier, set)
  const weights = rowWeightsOf([...set.train, ...names], set.labels.length, options.classWeights)
  const teach: Material['teach'] = async (rows) => {
    const taught = rows.map((row) => set.train[row]!)
    const problem = await createLogistic(executor, {
      ...{ rows: rows.length + names.length, width, labels: set.labels.length, multi: set.multi, prior },
      vectors: joined(takeRows(vectors, width, rows), nameVectors),
      truth: [...taught, ...names].map((row) => row.truth),
    })
    const ofNames = weights.subarray(set.train.length)
    return {
      fit({ c, named }, { start, ...until }) {
        const rowWeights = Float32Array.from([
          ...rows.map((row) => weights[row]!),
          ...ofNames.map((own) => (named ? own : 0)),
        ])
        return problem.fit({ c, start, rowWeights, signal, ...until, onIteration: watch.fit() })
      },
      dispose: () => problem.dispose(),
    }
  }
  const lesson = await teach([...set.train.keys()])
  try {
    const material = { vectors, names, teach, watch }
    const chosen =
      set.validation.length > 0
        ? await chooseOnValidation(lesson, options, material, checks)
        : await chooseInsideTrain(options, material)
    const { c, named, head: start } = chosen
    const head = await lesson.fit(chosen, { start, ...thoroughly })
    const learned = named ? { names, nameVectors } : { names: [], nameVectors: new Float32Array() }
    const outside = {
      scores: await headScores(executor, head, foreign),
      ...(await askNeighbours(executor, { rows: set.outside, vectors: foreign }, known, about)),
    }
    // The encoder has learned nothing: all rows may be asked about once their labels are left out.
    const heldOut = { ...chosen.heldOut, outside, trial: { known, c } }
    return { head, c, heldOut, vectors, checks, ...learned }
  } finally {
    await lesson.dispose()
  }
}

/** Rows that heads are fitted to, with the names of labels where a trial wants them. */
interface Lesson {
  fit(trial: Trial, options: Pick<FitOptions, 'start' | 'tolerance' | 'maxIterations'>): Promise<FittedHead>
  dispose(): Promise<void>
}

interface Material {
  /** Of train, unit-length. */
  vectors: Float32Array
  names: readonly TrainingRow[]
  /** A lesson of these rows of train alone: what a fit leaves out costs it nothing. */
  teach(rows: readonly number[]): Promise<Lesson>
  watch: FitWatch
}

/** Turns what happens inside of the fits into progress: where the features end the fits begin, and each takes an equal part. */
interface FitWatch {
  /** A fit begins; call the answer with each of its iterations. */
  fit(): (iteration: number, loss: number) => void
  /** A candidate was judged on held-out rows. */
  judged(accuracy: number, loss: number): void
}

const fitsFrom = 0.7
const fitsTo = 0.95

function watchFits(set: TrainingSet, { executor, onProgress }: TrainOptions): FitWatch {
  const total = mostTrials * (set.validation.length > 0 ? 1 : foldsOf(set).length) + 1
  const begun = performance.now()
  let fits = 0
  let best: { validationAccuracy: number; validationLoss: number } | undefined
  return {
    fit() {
      const before = fits++
      return (iteration, loss) => {
        // Where a fit ends is not known; its first steps are its largest part.
        const done = (before + iteration / (iteration + 20)) / total
        const elapsed = (performance.now() - begun) / 1000
        onProgress?.({
          phase: 'training',
          share: fitsFrom + (fitsTo - fitsFrom) * done,
          secondsLeft: (elapsed / done) * (1 - done),
          loss,
          ...best,
          device: executor.device,
        })
      }
    },
    judged(validationAccuracy, validationLoss) {
      if (!best || validationLoss < best.validationLoss) best = { validationAccuracy, validationLoss }
    },
  }
}

interface Choice extends Trial {
  /** A head of the chosen candidate, of train or of a part: the last fit begins there. */
  head: LinearHead
  heldOut: Omit<HeldOut, 'outside' | 'trial'>
}

/** Enough to compare candidates by; the final fit goes on. */
const roughly = { tolerance: 2e-3, maxIterations: 200 }
const thoroughly = { tolerance: 1e-3 }

async function chooseOnValidation(
  lesson: Lesson,
  { executor, set }: TrainOptions,
  { vectors, names, watch }: Material,
  checks: Float32Array,
): Promise<Choice> {
  const path = createPenaltyPath()
  const judging = { set, rows: set.validation, named: names.length > 0, onJudged: watch.judged }
  const best = await choosePenalty(judging, async (trial) => {
    const head = await lesson.fit(trial, { start: path.startOf(trial.c), ...roughly })
    path.add(trial.c, head)
    return { head, scores: await headScores(executor, head, checks) }
  })
  const asked = { rows: set.validation, vectors: checks }
  const neighbours = await askNeighbours(
    executor,
    asked,
    { rows: set.train, vectors },
    { labels: set.labels.length, words: !set.multi },
  )
  return { ...best, heldOut: { from: 'validation', rows: set.validation, scores: best.scores, ...neighbours } }
}

async function chooseInsideTrain(
  { executor, encoder, set, seed }: TrainOptions,
  { vectors, names, teach, watch }: Material,
): Promise<Choice> {
  const width = encoder.config.hidden_size
  const labels = set.labels.length
  const dealt = dealHeldOut(set.train, folds, seed)
  const wanted = foldsOf(set).filter((fold) => dealt.includes(fold))
  const rows = set.train.map((_, i) => i).filter((i) => wanted.includes(dealt[i]!) && !set.train[i]!.made)
  const place = new Map(rows.map((row, i) => [row, i]))
  const similarity = new Float32Array(rows.length)
  const votes = new Array<Float64Array>(rows.length)
  const words = new Array<Float64Array>(rows.length)
  const distance = new Float32Array(rows.length)
  const parts = wanted.map((fold) => {
    const out = rows.filter((row) => dealt[row] === fold)
    const others = [...set.train.keys()].filter((row) => dealt[row] !== fold)
    return { out, others, vectors: takeRows(vectors, width, out), path: createPenaltyPath() }
  })
  for (const { out, others, vectors: own } of parts) {
    const known = { rows: others.map((i) => set.train[i]!), vectors: takeRows(vectors, width, others) }
    const asked = { rows: out.map((row) => set.train[row]!), vectors: own }
    const neighbours = await askNeighbours(executor, asked, known, { labels, words: !set.multi })
    for (const [i, row] of out.entries()) {
      similarity[place.get(row)!] = neighbours.similarity[i]!
      votes[place.get(row)!] = neighbours.votes[i]!
      words[place.get(row)!] = neighbours.words[i]!
      distance[place.get(row)!] = neighbours.distance[i]!
    }
  }
  const heldRows = rows.map((row) => set.train[row]!)
  const judging = { set, rows: heldRows, named: names.length > 0, onJudged: watch.judged }
  const lessons: Lesson[] = []
  try {
    for (const { others } of parts) lessons.push(await teach(others))
    const best = await choosePenalty(judging, async (trial) => {
      const scores = new Float32Array(rows.length * labels)
      for (const [part, { out, path, vectors: own }] of parts.entries()) {
        const head = await lessons[part]!.fit(trial, { start: path.startOf(trial.c), ...roughly })
        path.add(trial.c, head)
        const found = await headScores(executor, head, own)
        for (const [i, row] of out.entries())
          scores.set(found.subarray(i * labels, (i + 1) * labels), place.get(row)! * labels)
      }
      return { head: parts[0]!.path.startOf(trial.c)!, scores }
    })
    return {
      ...best,
      heldOut: { from: 'train', rows: heldRows, scores: best.scores, similarity, votes, words, distance },
    }
  } finally {
    for (const lesson of lessons) await lesson.dispose()
  }
}

function foldsOf(set: TrainingSet): number[] {
  const rows = set.train.length
  const used = rows <= rowsForAllFolds ? folds : rows <= rowsForThreeFolds ? 3 : 1
  return Array.from({ length: used }, (_, fold) => fold)
}
