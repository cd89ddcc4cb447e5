import { BotloomError, type ModelRef } from '#kit'
import type { MethodChoice } from '#runtime/language/card.ts'
import { type Encoder, loadEncoder } from '#runtime/language/encoder.ts'
import { readAnyCard } from '#runtime/language/read-card.ts'
import { writeRetriever } from '#runtime/language/retrieval/write-retriever.ts'
import type { Executor } from '#runtime/tensor/executor.ts'
import { toAnswerSet } from '#runtime/training/answers/answer-rows.ts'
import { chooseDevice } from '#runtime/training/choose-device.ts'
import { chooseMethod, measureEncoder } from '#runtime/training/choose-method.ts'
import { encoderLearningRate, epochsFor } from '#runtime/training/recipe.ts'
import { toLessonRows } from '#runtime/training/retrieval/retrieval-task.ts'
import { distinctAnswers, trainRetriever } from '#runtime/training/retrieval/train-retriever.ts'
import { createTrainingKeeper } from '#runtime/training/training-keeper.ts'
import type { TrainingRow } from '#runtime/training/training-set.ts'
import { planFor, type TuningPlan } from '#runtime/training/tuning-plan.ts'
import type { Given } from './open-start.ts'
import { saveModel } from './save-model.ts'

/** Teaches an encoder which answer fits a question; where a model is connected, training goes on from that one. */
export async function teachRetrieval({ config, inputs, ctx }: Given): Promise<ModelRef> {
  ctx.progress({ phase: 'loading', share: 0 })
  const train = await ctx.datasets.read(inputs.train)
  const set = toAnswerSet(train, inputs.validation ? await ctx.datasets.read(inputs.validation) : [])
  if (distinctAnswers([...set.train, ...set.validation]).length < 2) throw new BotloomError('one-answer')
  const { start } = inputs
  const folder = start ? await ctx.artifacts.open(start.artifact) : await ctx.encoders.folder(config.encoder)
  const earlier = start && (await readAnyCard(folder))
  const encoder = await loadEncoder(folder, start?.encoder ?? config.encoder, { unprompted: true })
  const executor = await chooseDevice(ctx)
  ctx.signal.throwIfAborted()
  const lesson = { train: toLessonRows(set.train, encoder.roles) }
  const { plan, chosen } = await planOf(config, { encoder, executor, set: lesson, signal: ctx.signal })
  const { epochs, learningRate, batchSize, weightDecay, clipNorm, warmup, dropout, patience, seed } = config
  const keeper = createTrainingKeeper(ctx.trainingFolder)
  const checkpoint = await trainRetriever({
    executor,
    encoder,
    set,
    plan,
    settings: {
      epochs,
      learningRate: learningRate ?? encoderLearningRate,
      batchSize,
      weightDecay,
      clipNorm,
      warmup,
      dropout,
      patience,
    },
    seed,
    cacheFolder: ctx.cacheFolder,
    rowsAtOnce: Math.max(1, batchSize >> ctx.shrink),
    keeper,
    note: ctx.note,
    onProgress: ctx.progress,
    signal: ctx.signal,
    finish: ctx.finish,
  })
  const { card } = checkpoint
  if (chosen) card.training.chosen = chosen
  if (start && earlier) card.training.continuedFrom = { model: start.artifact, dataHash: earlier.training.dataHash }
  const { heldOut } = card
  const artifact = await saveModel(ctx, (at) => writeRetriever(at, checkpoint), [keeper], {
    ...(heldOut ? { validationAccuracy: heldOut.recall1, validationLoss: heldOut.loss } : {}),
    device: executor.device,
  })
  return {
    artifact,
    kind: 'retrieval',
    encoder: encoder.name,
    method: card.method,
    labels: [],
    validationAccuracy: heldOut?.recall1 ?? null,
    pairs: true,
  }
}

/** What of the encoder learns, and why where the person leaves it to us. Throws `method-for-labels`. */
async function planOf(
  { method, layers, rank, epochs, minutes }: Given['config'],
  {
    executor,
    encoder,
    set,
    signal,
  }: { executor: Executor; encoder: Encoder; set: { train: TrainingRow[] }; signal: AbortSignal },
): Promise<{ plan: TuningPlan | null; chosen?: MethodChoice }> {
  const plan = (own: 'head' | 'partial' | 'lora' | 'full', top = layers): TuningPlan | null =>
    own === 'head' ? null : planFor(own, encoder, { layers: top, rank })
  if (method === 'search' || method === 'setfit') throw new BotloomError('method-for-labels')
  if (method !== 'automatic') return { plan: plan(method) }
  const rows = set.train.length / 2
  const answer = chooseMethod({
    ...(await measureEncoder(executor, encoder, set, signal)),
    rows,
    // Answers are no labels: a question or two for each is what to expect.
    labels: 1,
    epochs: epochs ?? epochsFor(rows),
    members: 1,
    minutes,
  })
  return { plan: plan(answer.method, answer.layers), chosen: answer.chosen }
}
