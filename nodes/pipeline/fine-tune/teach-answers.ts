import type { ModelRef } from '#kit'
import { loadDecoder } from '#runtime/language/decoder/decoder.ts'
import { writeAnswers } from '#runtime/language/decoder/write-answers.ts'
import { readAnswersCard } from '#runtime/language/read-card.ts'
import { toAnswerSet } from '#runtime/training/answers/answer-rows.ts'
import { trainDecoder } from '#runtime/training/answers/train-decoder.ts'
import { chooseDevice } from '#runtime/training/choose-device.ts'
import { createTrainingKeeper } from '#runtime/training/training-keeper.ts'
import type { Given } from './open-start.ts'
import { saveModel } from './save-model.ts'

/** Teaches a decoder to write answers; where a model is connected, training goes on from that one. */
export async function teachAnswers({ config, inputs, ctx }: Given): Promise<ModelRef> {
  ctx.progress({ phase: 'loading', share: 0 })
  const train = await ctx.datasets.read(inputs.train)
  const set = toAnswerSet(train, inputs.validation ? await ctx.datasets.read(inputs.validation) : [])
  const { start } = inputs
  const folder = start ? await ctx.artifacts.open(start.artifact) : await ctx.encoders.folder(config.encoder, 'decoder')
  const earlier = start && (await readAnswersCard(folder))
  const decoder = await loadDecoder(folder, start?.encoder ?? config.encoder)
  const executor = await chooseDevice(ctx)
  ctx.signal.throwIfAborted()
  const { epochs, learningRate, batchSize, weightDecay, clipNorm, warmup, dropout, patience, seed } = config
  const keeper = createTrainingKeeper(ctx.trainingFolder)
  const checkpoint = await trainDecoder({
    executor,
    decoder,
    set,
    settings: { epochs, learningRate, batchSize, weightDecay, clipNorm, warmup, dropout, patience },
    seed,
    halvings: ctx.shrink,
    keeper,
    note: ctx.note,
    onProgress: ctx.progress,
    signal: ctx.signal,
    finish: ctx.finish,
  })
  if (start && earlier)
    checkpoint.card.training.continuedFrom = { model: start.artifact, dataHash: earlier.training.dataHash }
  const { heldOut } = checkpoint.card
  const artifact = await saveModel(ctx, (at) => writeAnswers(at, checkpoint), [keeper], {
    ...(heldOut ? { validationAccuracy: heldOut.accuracy, validationLoss: heldOut.loss } : {}),
    device: executor.device,
  })
  return {
    artifact,
    kind: 'answers',
    encoder: decoder.name,
    method: 'answers',
    labels: [],
    validationAccuracy: heldOut?.accuracy ?? null,
  }
}
