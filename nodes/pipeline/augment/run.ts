import { defineRunner } from '#kit'
import { augmentRows } from '#runtime/training/augmentation/augment-rows.ts'
import { augment } from './node.ts'

export default defineRunner(augment, async ({ config, inputs, ctx }) => {
  ctx.progress({ phase: 'augmenting', share: 0 })
  const rows = await ctx.datasets.read(inputs.train)
  ctx.signal.throwIfAborted()
  const { amount, factor, target, seed, table } = config
  const shares = {
    synonyms: config.synonyms / 100,
    swap: config.swap / 100,
    delete: config.delete / 100,
    keyboard: config.keyboard / 100,
    pinyin: config.pinyin / 100,
  }
  const all = augmentRows(rows, { amount, factor, target, shares, synonyms: table, seed })
  ctx.signal.throwIfAborted()
  const train = await ctx.datasets.write(
    all,
    inputs.train.labels.map(({ id, name }) => ({ id, name })),
  )
  ctx.progress({ phase: 'augmenting', share: 1 })
  return { train }
})
