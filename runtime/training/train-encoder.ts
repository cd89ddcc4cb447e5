import { modelTextOf } from '#kit'
import { hashOf } from '#runtime/graph/canonical.ts'
import type { ModelCard } from '#runtime/language/card.ts'
import type { Checkpoint } from '#runtime/language/checkpoint.ts'
import { extractFeatures } from '#runtime/language/features.ts'
import type { HostTensor, HostTensors } from '#runtime/tensor/executor.ts'
import { applied } from './apply-weights.ts'
import { assessHeldOut, type HeldOut, wordsBeside } from './assess.ts'
import { meanLoss, type Scores } from './calibration.ts'
import { rowWeightsOf } from './class-weights.ts'
import { classification, headOf, scoreTable } from './classification.ts'
import { type CourseHooks, epochsEnd } from './course.ts'
import { distilling } from './distillation/imitation.ts'
import type { Teacher } from './distillation/teacher.ts'
import { createEntityLearning, type EntityLearning } from './entity-learning.ts'
import { createFineTuning, type FineTuning, type FineTuningSettings, type Lesson } from './fine-tuning.ts'
import { holdOut } from './hold-out.ts'
import { headScores } from './logistic.ts'
import { type Members, trainMembers } from './members.ts'
import { askNeighbours, joined, toUnitLength } from './nearest.ts'
import { pairLearning } from './pair-learning.ts'
import { shareRight } from './predict.ts'
import { epochsFor, membersFor, recipe } from './recipe.ts'
import { meritOf, metricFor, type StopBy } from './stopping.ts'
import type { TagScores } from './tag-decoding.ts'
import { fitTagHead } from './tag-head.ts'
import { jointly, tagHeadOf } from './tagging.ts'
import type { Task } from './task.ts'
import { type Beginning, countLabels, fitHead, type TrainOptions } from './train-head.ts'
import type { Judged } from './training-keeper.ts'
import { storedRowOf, type TrainingRow, type TrainingSet } from './training-set.ts'
import type { TuningPlan } from './tuning-plan.ts'

export interface TuneOptions extends TrainOptions, CourseHooks {
  plan: TuningPlan
  /** Whose answers are learned in place of the rows' labels alone; it is where training begins. */
  teacher?: Teacher
  /**
   * `epochs` are set by the number of rows where they are null. With validation, training stops when it has improved neither in
   * what `stopBy` names (default `automatic`; with entities: its mean with entity F1) nor in loss for `patience` epochs.
   */
  settings: Omit<FineTuningSettings, 'seed' | 'epochs'> & {
    epochs: number | null
    patience: number
    stopBy?: StopBy
    /** Trainings whose weights are averaged, see `membersOf`; default 1. */
    members?: number | null
  }
  /** Rows that are computed at once where memory is known to be short; what is learned stays the same. */
  rowsAtOnce?: number
}

/** How many trainings are averaged: as wanted, or by the number of rows. Adapters, pairs and who learns from a teacher have one. */
export function membersOf({
  plan,
  settings,
  set,
  teacher,
}: Pick<TuneOptions, 'plan' | 'settings' | 'set' | 'teacher'>): number {
  const { members = 1 } = settings
  const isPlain = !teacher && (plan.method === 'full' || plan.method === 'partial')
  return isPlain ? (members ?? membersFor(set.train.length)) : 1
}

/** Share of the epochs that those rows miss. */
const lateShare = 0.6

/**
 * Fine-tunes the head and what `plan` says of the encoder; where rows have entities, their tags are learned in the same pass. The head
 * starts as the logistic regression on the frozen encoder, or as a teacher's. With validation the
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
  const { warm, toldWords } = await beginning(options, split)
  const lesson: Lesson = joinsLate
    ? {
        rows: [...split.train, ...warm.names, ...split.validation],
        anchors: joined(warm.vectors, warm.nameVectors, warm.checks),
        late: { rows: split.validation.length, after: lateAfter },
      }
    : { rows: [...split.train, ...warm.names], anchors: joined(warm.vectors, warm.nameVectors) }
  const pairs = plan.method === 'setfit' ? pairLearning(lesson.rows, warm, options) : undefined
  const entities = set.entityTypes.length > 0 ? createEntityLearning(encoder.tokenizer, set.entityTypes) : undefined
  const ownTask = async (): Promise<Task> => {
    const intents = pairs?.task ?? classification(warm.head, lesson.rows, set.multi)
    // Tags start, as labels do, at the head that suits the frozen encoder.
    if (!entities) return intents
    return jointly(intents, entities.task(lesson.rows, await fitTagHead(options, entities, split.train)))
  }
  const task = await (options.teacher?.task(lesson.rows, entities) ?? ownTask())
  const rowsAtOnce = Math.min(settings.batchSize, options.rowsAtOnce ?? settings.batchSize)
  const tuning = await createFineTuning(
    executor,
    encoder,
    task,
    { ...lesson, weights: rowWeightsOf(lesson.rows, set.labels.length, options.classWeights), deal: pairs?.deal },
    { ...settings, epochs, seed },
    plan,
    {
      rowsAtOnce,
    },
  )
  /** The weights of now; what is learned in pairs has no head until it is asked for one. */
  const withHead = async (rows: readonly TrainingRow[]): Promise<HostTensors> => {
    const weights = await tuning.snapshot()
    return pairs ? { ...weights, ...(await pairs.head(weights, rows)) } : weights
  }
  const judge = async (epoch: number, weights?: HostTensors): Promise<Judged> =>
    judgeHeldOut(tuning, split, weights ?? (await withHead([...split.train, ...warm.names])), epoch, options, entities)
  const course = {
    ...options,
    epochs,
    patience: settings.patience,
    batchSize: settings.batchSize,
    key: trainingKey(options, epochs),
    begins: warmShare,
  }
  let members: Members
  let found: ModelCard['entities']
  try {
    members = await trainMembers(tuning, {
      count: membersOf(options),
      seed,
      course,
      rowsAtOnce,
      judge,
      skips: (epoch, { best }) => joinsLate && (epoch !== lateAfter || best !== null),
      weightsOf: async ({ best }) => (joinsLate ? withHead(lesson.rows) : best!.weights),
    })
    if (entities) {
      const { tagScores } = await scoreHeldOut(tuning, split, members.judged.weights, signal, entities)
      found = entities.assess(split.validation, tagScores)
    }
  } finally {
    await tuning.dispose()
  }
  const { judged, weights, entered } = members
  const learned = joinsLate ? members.finished : judged.epoch

  onProgress?.({ phase: 'calibrating', share: epochsEnd })
  const width = encoder.config.hidden_size
  const unit = async (by: HostTensors, rows: readonly TrainingRow[]): Promise<Float32Array> => {
    const texts = rows.map(modelTextOf)
    return toUnitLength((await extractFeatures(applied(encoder, by), texts, { executor, signal })).vectors, width)
  }
  const known = await unit(judged.weights, split.train)
  const asked = await unit(judged.weights, split.validation)
  const foreign = await unit(judged.weights, set.outside)
  const taught = { rows: split.train, vectors: known }
  const about = { labels: set.labels.length, words: !set.multi }
  const heldOut: HeldOut = {
    from: split === set ? 'validation' : 'train',
    rows: split.validation,
    scores: judged.scores,
    ...(await askNeighbours(executor, { rows: split.validation, vectors: asked }, taught, about)),
    outside: {
      scores: await headScores(executor, headOf(judged.weights), foreign),
      ...(await askNeighbours(executor, { rows: set.outside, vectors: foreign }, taught, about)),
    },
    toldWords,
    trial: { known: taught, asked: { rows: split.validation, vectors: asked }, c: warm.c },
  }
  const kept =
    split === set ? set.train : [...split.train, ...(joinsLate && entered > lateAfter ? split.validation : [])]
  return {
    encoder: applied(encoder, weights),
    frozen: false,
    head: headOf(weights),
    tagHead: tagHeadOf(weights),
    rows: kept.map(storedRowOf),
    vectors: weights === judged.weights ? known : await unit(weights, kept),
    card: {
      format: 1,
      encoder: { name: encoder.name, hash: encoder.hash, width },
      method: plan.method,
      multi: set.multi,
      pairs: set.pairs,
      labels: countLabels(set),
      ...(await assessHeldOut(heldOut, { executor, seed, signal, labels: set.labels.length, multi: set.multi })),
      ...(found ? { entities: found } : {}),
      training: {
        dataHash: set.hash,
        rows: kept.length,
        madeRows: kept.filter((row) => row.made).length,
        validationRows: set.validation.length,
        settings: {
          seed,
          classWeights: options.classWeights ?? 'off',
          ...settings,
          epochs,
          members: members.averaged,
          names: warm.names.length,
          c: warm.c,
          ...plan.settings,
          ...recipe,
        },
        epochs: learned,
        device: executor.device,
        seconds: members.seconds + (performance.now() - start) / 1000,
        ...(members.notes.length > 0 ? { notes: members.notes } : {}),
      },
    },
  }
}

/** What training starts with, and what words are worth beside that. */
async function beginning(
  options: TuneOptions,
  split: TrainingSet,
): Promise<{ warm: Beginning; toldWords: number | undefined }> {
  const { teacher, onProgress } = options
  if (teacher) return { warm: await teacher.begin(split), toldWords: split.multi ? undefined : teacher.words }
  const warm = await fitHead({
    ...options,
    set: { ...split, outside: [] },
    onProgress: (progress) => onProgress?.({ ...progress, share: progress.share * warmShare }),
  })
  return { warm, toldWords: wordsBeside(warm.heldOut, split.labels.length) }
}

/** Share of the whole that the warm start takes. */
const warmShare = 0.1

/** Two trainings of one key are the same from the first step to the last, but for what they run on. */
function trainingKey(options: TuneOptions, epochs: number): string {
  const { set, encoder, earlier, teacher, plan, settings, seed, classWeights = 'off' } = options
  return hashOf({
    format: 1,
    data: [set.hash, set.train.length, set.labels.map(({ id, name }) => [id, name]), set.entityTypes],
    encoder: [encoder.hash, earlier?.dataHash],
    ...(teacher ? { teacher: teacher.hash, distilling } : {}),
    method: [plan.method, plan.settings],
    settings: { ...settings, epochs, seed, classWeights, members: membersOf(options) },
    recipe,
  })
}

/** Scores of held-out rows by the weights of a snapshot; those of tags by row. */
async function scoreHeldOut(
  tuning: FineTuning,
  { labels, validation }: Pick<TrainingSet, 'labels' | 'validation'>,
  weights: HostTensors,
  signal: AbortSignal | undefined,
  entities: EntityLearning | undefined,
): Promise<{ table: Scores; tagScores: (TagScores | null)[] }> {
  const tagScores: (TagScores | null)[] = []
  const table = await scoreTable(tuning, validation, labels.length, weights, signal, (places, found) => {
    for (const [i, row] of places.entries())
      if (entities) tagScores[row] = entities.scoresOf(validation[row]!, rowOf(found.tagScores!, i))
  })
  return { table, tagScores }
}

/** What held-out rows say of weights. */
async function judgeHeldOut(
  tuning: FineTuning,
  { labels, multi, validation }: TrainingSet,
  weights: HostTensors,
  epoch: number,
  { signal, set, settings }: TuneOptions,
  entities: EntityLearning | undefined,
): Promise<Judged> {
  const { table, tagScores } = await scoreHeldOut(tuning, { labels, validation }, weights, signal, entities)
  const truth = validation.map((row) => row.truth)
  const right = shareRight(table, truth, 1, multi)
  const loss = meanLoss(table, truth, 1, multi)
  const judgement = entities?.judge(validation, tagScores)
  const metric = metricFor(settings.stopBy ?? 'automatic', set)
  const own = meritOf(metric, table, truth, multi)
  // A likelihood and a share of entities found have no mean.
  const merit = metric === 'loss' ? own - (judgement?.loss ?? 0) : judgement ? (own + judgement.f1) / 2 : own
  return {
    weights,
    scores: table.values,
    right,
    merit,
    loss: loss + (judgement?.loss ?? 0),
    epoch,
  }
}

/** One row of scores of a batch. */
function rowOf({ shape, data }: HostTensor, row: number): Float32Array {
  const size = shape.slice(1).reduce((a, b) => a * b, 1)
  return (data as Float32Array).subarray(row * size, (row + 1) * size)
}
