import { BotloomError, type DatasetRow, defineRunner } from '#kit'
import { cleanText } from './clean-text.ts'
import { preprocess } from './node.ts'

export default defineRunner(preprocess, async ({ config, inputs, ctx }) => {
  ctx.progress({ phase: 'cleaning', share: 0 })
  const rows = await ctx.datasets.read(inputs.data)
  const kept: DatasetRow[] = []
  const seen = new Set<string>()
  for (const [at, row] of rows.entries()) {
    if (at % 5_000 === 0) {
      ctx.signal.throwIfAborted()
      ctx.progress({ phase: 'cleaning', share: at / rows.length })
    }
    const text = cleanText(row.text, config)
    // A given test or validation split is measured whole: leaving rows out would flatter the figures.
    const isMeasured = row.split === 'test' || row.split === 'validation'
    if (!isMeasured) {
      const length = [...text].length
      if (length < config.minLength || length > config.maxLength) continue
      if (config.duplicates) {
        const key = JSON.stringify([row.label ?? null, row.labels ?? null, text])
        if (seen.has(key)) continue
        seen.add(key)
      }
    }
    kept.push({ ...row, text })
  }
  if (!kept.some((row) => row.label !== undefined)) throw new BotloomError('data-nothing-left')
  const data = await ctx.datasets.write(
    kept,
    inputs.data.labels.map(({ id, name }) => ({ id, name })),
  )
  ctx.progress({ phase: 'cleaning', share: 1 })
  return { data }
})
