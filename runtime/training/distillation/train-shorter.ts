import { type ModelText, modelTextOf, type Progress, type RunNote } from '#kit'
import type { ShorterTrial } from '#runtime/language/card.ts'
import type { Checkpoint } from '#runtime/language/checkpoint.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import { createFeatureExtractor, extractFeatures } from '#runtime/language/features.ts'
import { keepLayers, layerChoices, layersLeft } from '#runtime/language/keep-layers.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { holdOut } from '../hold-out.ts'
import { toUnitLength } from '../nearest.ts'
import { epochsFor } from '../recipe.ts'
import { type TuneOptions, trainEncoder } from '../train-encoder.ts'
import type { TrainOptions } from '../train-head.ts'
import type { TrainingSet } from '../training-set.ts'
import { wholeEncoder } from '../tuning-plan.ts'
import { distilling } from './imitation.ts'
import { createTeacher } from './teacher.ts'

export interface ShorterOptions extends Omit<TuneOptions, 'plan' | 'teacher'> {
  /** Layers that stay; as many as the encoder has, or more, leave it as it is. */
  keptLayers: number
  /** Trains the whole encoder in the way that the person chose, on this set. */
  teach(given: Pick<TrainOptions, 'set' | 'onProgress'>): Promise<Checkpoint>
}

/** Shares of the whole where the teacher is done and where the student is. */
const taught = 0.6
const done = 0.98
/** Learning from a teacher takes fewer rounds: a text is answered in full, and the student begins close to it. */
const fewestEpochs = 3
/** Texts by which the layers are chosen and both encoders are timed. */
const mostTexts = 256
const timedTexts = 64
const timings = 5

/**
 * A model with fewer layers: the encoder is trained as usual and then teaches one that keeps some of its layers (Sanh et al. 2019).
 * Rows that neither of both has learned judge them, and calibrate the student. Without validation these are a tenth of train, which
 * the teacher never learns and the student only at the end. Throws what `teach` and `trainEncoder` throw.
 */
export async function trainShorter(options: ShorterOptions): Promise<Checkpoint> {
  const { encoder, set, executor, seed, signal, note, onProgress, teach } = options
  const of = encoder.config.num_hidden_layers
  const layers = layersLeft(encoder.config, options.keptLayers)
  if (layers === of) {
    note?.({ code: 'all-layers-kept', params: { layers: of } })
    return teach({ set, onProgress })
  }
  const split = set.validation.length > 0 ? set : holdOut(set, seed)
  const epochs = options.settings.epochs ?? epochsFor(split.train.length)
  const ownEpochs = Math.max(fewestEpochs, Math.ceil(epochs / 2))
  // A step of the student goes through fewer layers, forwards and backwards, and asks the teacher, which is a third of a step of its own.
  const afterwards = (ownEpochs / epochs) * (layers / of + 1 / 3)
  const given = await teach({ set: split, onProgress: within(0, taught, onProgress, afterwards) })
  const teacher = createTeacher(given, { executor, signal })
  onProgress?.({ phase: 'distilling', share: taught })
  const { chosen, student } = await chooseLayers(given.encoder, layers, split, { executor, signal })
  const learned = await trainEncoder({
    ...options,
    encoder: student,
    earlier: undefined,
    teacher,
    plan: wholeEncoder,
    settings: { ...options.settings, epochs: ownEpochs },
    onProgress: within(taught, done, onProgress, 0),
  })
  const { heldOut, entities, training } = learned.card
  const trial: ShorterTrial = {
    layers,
    of,
    chosen,
    rows: heldOut.rows,
    fullAccuracy: given.card.heldOut.accuracy,
    accuracy: heldOut.accuracy,
    ...(entities && given.card.entities
      ? { entities: { fullF1: given.card.entities.heldOut.f1, f1: entities.heldOut.f1 } }
      : {}),
    size: parametersOf(learned.encoder) / parametersOf(given.encoder),
    ...(await compareSpeed(given.encoder, learned.encoder, split, { executor, signal })),
  }
  const told: RunNote = {
    code: 'layers-kept',
    params: {
      layers,
      of,
      rows: trial.rows,
      full: (trial.fullAccuracy * 100).toFixed(1),
      own: (trial.accuracy * 100).toFixed(1),
      size: Math.round(trial.size * 100),
      share: Math.round(100 / trial.speedup),
    },
  }
  note?.(told)
  const { settings, notes = [], epochs: rounds, seconds } = given.card.training
  return {
    ...learned,
    card: {
      ...learned.card,
      encoder: given.card.encoder,
      method: given.card.method,
      shorter: trial,
      training: {
        ...training,
        settings: {
          ...settings,
          keptLayers: layers,
          distilledEpochs: training.epochs,
          distillingTemperature: distilling.temperature,
          distillingTruth: distilling.truth,
        },
        epochs: rounds,
        seconds: seconds + training.seconds,
        ...(notes.length + (training.notes?.length ?? 0) > 0 ? { notes: [...notes, ...(training.notes ?? [])] } : {}),
      },
    },
  }
}

/** Reports a part of the work as the part of the whole that it is; what comes after it takes `afterwards` times as long. */
function within(from: number, to: number, onProgress: TrainOptions['onProgress'], afterwards: number) {
  const last = to === done
  const begun = performance.now()
  return ({ share, secondsLeft, phase, ...progress }: Progress): void => {
    const elapsed = (performance.now() - begun) / 1000
    onProgress?.({
      ...progress,
      phase: last && phase === 'training' ? 'distilling' : phase,
      share: from + (to - from) * share,
      ...(secondsLeft === undefined ? {} : { secondsLeft: secondsLeft + (elapsed + secondsLeft) * afterwards }),
    })
  }
}

/** The layers whose vectors of held-out texts are nearest to the teacher's before anything is learned. */
async function chooseLayers(
  teacher: Encoder,
  layers: number,
  split: TrainingSet,
  options: { executor: Executor; signal?: AbortSignal },
): Promise<{ chosen: ShorterTrial['chosen']; student: Encoder }> {
  const { spread, lower } = layerChoices(teacher.config, layers)
  const spreadOut = await keepLayers(teacher, spread)
  if (!lower) return { chosen: 'spread', student: spreadOut }
  const lowest = await keepLayers(teacher, lower)
  const texts = heldOutTexts(split, mostTexts)
  const unit = async (encoder: Encoder): Promise<Float32Array> =>
    toUnitLength((await extractFeatures(encoder, texts, options)).vectors, teacher.config.hidden_size)
  const full = await unit(teacher)
  const nearness = async (student: Encoder): Promise<number> =>
    (await unit(student)).reduce((sum, x, i) => sum + x * full[i]!, 0)
  return (await nearness(spreadOut)) >= (await nearness(lowest))
    ? { chosen: 'spread', student: spreadOut }
    : { chosen: 'lower', student: lowest }
}

/** Where no row could be held out, those of train will do: neither looks at labels. */
const heldOutTexts = ({ train, validation }: TrainingSet, most: number): ModelText[] =>
  (validation.length > 0 ? validation : train).slice(0, most).map(modelTextOf)

const parametersOf = ({ weights }: Encoder): number =>
  [...weights.values()].reduce((sum, { data }) => sum + data.length, 0)

/** How many times as fast the short encoder reads held-out texts: the median of a few turns, one after the other. */
async function compareSpeed(
  full: Encoder,
  short: Encoder,
  split: TrainingSet,
  { executor, signal }: { executor: Executor; signal?: AbortSignal },
): Promise<{ speedup: number }> {
  const texts = heldOutTexts(split, timedTexts)
  const [long, quick] = [await createFeatureExtractor(full, executor), await createFeatureExtractor(short, executor)]
  const timed = async (extractor: typeof long): Promise<number> => {
    const begun = performance.now()
    await extractor.extract(texts, { signal })
    return performance.now() - begun
  }
  try {
    const ratios: number[] = []
    // The first turn compiles.
    for (let turn = 0; turn <= timings; turn++) {
      const ratio = (await timed(long)) / (await timed(quick))
      if (turn > 0) ratios.push(ratio)
    }
    return { speedup: ratios.sort((a, b) => a - b)[Math.floor(timings / 2)]! }
  } finally {
    await long.dispose()
    await quick.dispose()
  }
}
