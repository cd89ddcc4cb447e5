import { type ConfigOf, definePlanner, defineRunner } from '#kit'
import type { MethodChoice } from '#runtime/language/card.ts'
import { type Checkpoint, writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { tryInt8 } from '#runtime/serving/int8-trial.ts'
import { chooseDevice } from '#runtime/training/choose-device.ts'
import { chooseMethod, measureForward } from '#runtime/training/choose-method.ts'
import { trainShorter } from '#runtime/training/distillation/train-shorter.ts'
import { encoderLearningRate, epochsFor } from '#runtime/training/recipe.ts'
import { trainEncoder } from '#runtime/training/train-encoder.ts'
import { type TrainOptions, trainHead } from '#runtime/training/train-head.ts'
import { createTrainingKeeper } from '#runtime/training/training-keeper.ts'
import { inPairs, lowRank, type TuningPlan, topLayers, wholeEncoder } from '#runtime/training/tuning-plan.ts'
import { fineTune } from './node.ts'
import { openStart } from './open-start.ts'
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
  const { method, layers, chosen } = await methodOf({ ...config, method: wanted }, options)
  const keepers = ['whole', 'shorter'].map(() => createTrainingKeeper(ctx.trainingFolder))
  const [keeper, shorterKeeper] = keepers
  const tuning = {
    settings: {
      epochs,
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
  const tune = (plan: TuningPlan, own: Own): Promise<Checkpoint> =>
    trainEncoder({ ...options, ...tuning, ...own, plan, keeper })
  const ways: Record<typeof method, (own: Own) => Promise<Checkpoint>> = {
    head: (own) => trainHead({ ...options, ...own }),
    setfit: (own) => tune(inPairs, own),
    partial: (own) => tune(topLayers(encoder, layers), own),
    lora: (own) => tune(lowRank(config.rank), own),
    full: (own) => tune(wholeEncoder, own),
  }
  const { keptLayers } = config
  const checkpoint =
    keptLayers === null
      ? await ways[method](options)
      : await trainShorter({ ...options, ...tuning, keptLayers, teach: ways[method], keeper: shorterKeeper })
  checkpoint.card.training.chosen = chosen
  if (earlier) checkpoint.card.training.continuedFrom = { model, dataHash: earlier.dataHash }
  ctx.signal.throwIfAborted()
  ctx.progress({ phase: 'saving', share: 0.97 })
  const artifact = await ctx.artifacts.write(async (folder) => {
    const card = await writeCheckpoint(folder, checkpoint)
    if (set.validation.length > 0)
      await tryInt8(folder, card, checkpoint, set.validation, { threads: ctx.threads, signal: ctx.signal })
  })
  for (const each of keepers) await each.forget()
  ctx.progress({
    phase: 'saving',
    share: 1,
    validationAccuracy: checkpoint.card.heldOut.accuracy,
    device: executor.device,
  })
  return {
    model: {
      artifact,
      encoder: encoder.name,
      method,
      labels: set.labels,
      validationAccuracy: checkpoint.card.heldOut.accuracy,
      ...(set.pairs ? { pairs: true } : {}),
    },
  }
})

export default definePlanner(training, planTrials)

type Config = ConfigOf<typeof fineTune>

/** The method and, with `partial`, its layers; `chosen` says why where the person leaves it to us. */
async function methodOf(
  { method, layers, epochs, minutes }: Config & { method: Exclude<Config['method'], 'search'> },
  { executor, encoder, set, signal }: TrainOptions,
): Promise<{ method: Exclude<typeof method, 'automatic'>; layers: number; chosen?: MethodChoice }> {
  if (method !== 'automatic') return { method, layers }
  const order = encoder.config.layer_order
  const answer = chooseMethod({
    rows: set.train.length,
    labels: set.labels.length,
    epochs: epochs ?? epochsFor(set.train.length),
    layers: order.length,
    sharesLayers: new Set(order).size < order.length,
    forwardSeconds: await measureForward(executor, encoder, set, signal),
    minutes,
  })
  return { layers, ...answer }
}
