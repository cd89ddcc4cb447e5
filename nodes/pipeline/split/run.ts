import { BotloomError, defineRunner } from '#kit'
import { dealRows } from './deal-rows.ts'
import { split } from './node.ts'

export default defineRunner(split, async ({ config, inputs, ctx }) => {
  ctx.progress({ phase: 'dealing', share: 0 })
  const rows = await ctx.datasets.read(inputs.data)
  const labelsWithRows = new Set(rows.flatMap((row) => (row.label === undefined ? [] : [row.label])))
  // Two texts teach without a label.
  if (labelsWithRows.size === 1 && !rows.some((row) => row.pair !== undefined))
    throw new BotloomError('data-one-label', {
      label: inputs.data.labels.find((label) => labelsWithRows.has(label.id))?.name ?? '',
    })
  ctx.signal.throwIfAborted()
  const dealt = dealRows(rows, config)
  if (dealt.leftOut.length > 0) ctx.note({ code: 'made-rows-left-out', params: { rows: dealt.leftOut.length } })
  if (dealt.train.length === 0) throw new BotloomError('data-nothing-left')
  const labels = inputs.data.labels.map(({ id, name }) => ({ id, name }))
  const write = (part: 'train' | 'validation' | 'test') =>
    ctx.datasets.write(
      dealt[part].map((row) => ({ ...row, split: part })),
      labels,
    )
  const train = await write('train')
  const validation = await write('validation')
  const test = await write('test')
  ctx.progress({ phase: 'dealing', share: 1 })
  return { train, validation, test }
})
