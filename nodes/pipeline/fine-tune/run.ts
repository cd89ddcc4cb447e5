import { defineRunner } from '#kit'
import { writeCheckpoint } from '#runtime/language/checkpoint.ts'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { chooseDevice } from '#runtime/training/choose-device.ts'
import { trainFull } from '#runtime/training/train-full.ts'
import { trainHead } from '#runtime/training/train-head.ts'
import { toTrainingSet } from '#runtime/training/training-set.ts'
import { fineTune } from './node.ts'

/** After a failure for want of memory the batch is halved, but never below this. */
const smallestBatch = 4

export default defineRunner(fineTune, async ({ config, inputs, ctx }) => {
  ctx.progress({ phase: 'loading', share: 0 })
  const train = await ctx.datasets.read(inputs.train)
  const validation = inputs.validation ? await ctx.datasets.read(inputs.validation) : []
  const set = toTrainingSet(train, validation, inputs.train.labels)
  const encoder = await loadEncoder(await ctx.encoders.folder(config.encoder), config.encoder)
  const executor = await chooseDevice(ctx.threads)
  ctx.signal.throwIfAborted()
  const options = {
    executor,
    encoder,
    set,
    seed: config.seed,
    cacheFolder: ctx.cacheFolder,
    signal: ctx.signal,
    onProgress: ctx.progress,
  }
  const { epochs, learningRate, weightDecay, warmup, dropout, patience } = config
  const batchSize = Math.max(smallestBatch, config.batchSize >> ctx.shrink)
  const checkpoint =
    config.method === 'head'
      ? await trainHead(options)
      : await trainFull({
          ...options,
          settings: { epochs, learningRate, batchSize, weightDecay, warmup, dropout, patience },
        })
  ctx.signal.throwIfAborted()
  ctx.progress({ phase: 'saving', share: 0.97 })
  const artifact = await ctx.artifacts.write(async (folder) => {
    await writeCheckpoint(folder, checkpoint)
  })
  ctx.progress({
    phase: 'saving',
    share: 1,
    validationAccuracy: checkpoint.card.heldOut.accuracy,
    device: executor.device,
  })
  return {
    model: {
      artifact,
      encoder: config.encoder,
      method: config.method,
      labels: set.labels,
      validationAccuracy: checkpoint.card.heldOut.accuracy,
    },
  }
})
