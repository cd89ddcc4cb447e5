import { type ConfigOf, definePlanner, defineRunner } from '#kit'
import type { MethodChoice } from '#runtime/language/card.ts'
import { type Checkpoint, writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { tryInt8 } from '#runtime/serving/int8-trial.ts'
import { chooseDevice } from '#runtime/training/choose-device.ts'
import { chooseMethod, measureEncoder } from '#runtime/training/choose-method.ts'
import { trainShorter } from '#runtime/training/distillation/train-shorter.ts'
import { encoderLearningRate, epochsFor, membersFor } from '#runtime/training/recipe.ts'
import { trainEncoder } from '#runtime/training/train-encoder.ts'
import { type TrainOptions, trainHead } from '#runtime/training/train-head.ts'
import { createTrainingKeeper } from '#runtime/training/training-keeper.ts'
import { planFor } from '#runtime/training/tuning-plan.ts'
import { fineTune } from './node.ts'
import { openStart } from './open-start.ts'
import { saveModel } from './save-model.ts'
import { chooseModel, planTrials } from './search.ts'
import { teachAnswers } from './teach-answers.ts'
import { teachRetrieval } from './teach-retrieval.ts'

const training = defineRunner(fineTune, async ({ config, inputs, ctx }) => {
  if (config.learns === 'answers') return { model: await teachAnswers({ config, inputs, ctx }) }
  if (config.learns === 'retrieval') return { model: await teachRetrieval({ config, inputs, ctx }) }
  const { method: wanted } = config
  if (wanted === 'search') return { model: await chooseModel(ctx) }
  ctx.progress({ phase: 'loading', share: 0 })
  const { set, encoder, earlier, model } = await openStart({ config, inputs, ctx })
  const executor = await chooseDevice(ctx)
  ctx.signal.throwIfAborted()
  const options = {
    executor,
    encoder,
    set,
    earlier,
    seed: config.seed,
    classWeights: config.classWeights,
    cacheFolder: ctx.cacheFolder,
    signal: ctx.signal,
    onProgress: ctx.progress,
  }
  const { epochs, learningRate, batchSize, weightDecay, clipNorm, warmup, patience, stopBy } = config
  const { dropout, labelSmoothing, rDrop, adversarial } = config
  const { method, layers, members, chosen } = await methodOf({ ...config, method: wanted }, options)
  const keeper = createTrainingKeeper(ctx.trainingFolder)
  // The model with all layers is kept while it teaches a shorter one.
  const shorterKeeper = createTrainingKeeper(ctx.trainingFolder)
  const tuning = {
    settings: {
      epochs,
      members,
      learningRate: learningRate ?? encoderLearningRate,
      batchSize,
      weightDecay,
      clipNorm,
      warmup,
      dropout,
      labelSmoothing,
      rDrop,
      adversarial,
      patience,
      stopBy,
    },
    rowsAtOnce: Math.max(1, batchSize >> ctx.shrink),
    note: ctx.note,
    finish: ctx.finish,
  }
  type Own = Pick<TrainOptions, 'set' | 'onProgress'>
  const teach = (own: Own): Promise<Checkpoint> =>
    method === 'head'
      ? trainHead({ ...options, ...own })
      : trainEncoder({
          ...options,
          ...tuning,
          ...own,
          plan: planFor(method, encoder, { layers, rank: config.rank }),
          keeper,
        })
  const { keptLayers } = config
  const checkpoint =
    keptLayers === null
      ? await teach(options)
      : await trainShorter({ ...options, ...tuning, keptLayers, teach, keeper: shorterKeeper })
  checkpoint.card.training.chosen = chosen
  if (earlier) checkpoint.card.training.continuedFrom = { model, dataHash: earlier.dataHash }
  const save = async (folder: string): Promise<void> => {
    const card = await writeCheckpoint(folder, checkpoint)
    if (set.validation.length > 0)
      await tryInt8(folder, card, checkpoint, set.validation, { threads: ctx.threads, signal: ctx.signal })
  }
  const validationAccuracy = checkpoint.card.heldOut.accuracy
  const artifact = await saveModel(ctx, save, [keeper, shorterKeeper], { validationAccuracy, device: executor.device })
  return {
    model: {
      artifact,
      encoder: encoder.name,
      method,
      labels: set.labels,
      validationAccuracy,
      ...(set.pairs ? { pairs: true } : {}),
    },
  }
})

export default definePlanner(training, planTrials)

type Config = ConfigOf<typeof fineTune>

/** The method with its layers (`partial`) and how many trainings are averaged; `chosen` says why where the person leaves it to us. */
async function methodOf(
  { method, layers, epochs, members, minutes }: Config & { method: Exclude<Config['method'], 'search'> },
  { executor, encoder, set, signal }: TrainOptions,
): Promise<{
  method: Exclude<typeof method, 'automatic'>
  layers: number
  members: number | null
  chosen?: MethodChoice
}> {
  if (method !== 'automatic') return { method, layers, members }
  const answer = chooseMethod({
    ...(await measureEncoder(executor, encoder, set, signal)),
    rows: set.train.length,
    labels: set.labels.length,
    epochs: epochs ?? epochsFor(set.train.length),
    members: members ?? membersFor(set.train.length),
    minutes,
  })
  return { layers, ...answer }
}
