import { BotloomError, type DatasetRow, defineRunner } from '#kit'
import { cleanEntities, cleanText } from './clean-text.ts'
import { preprocess } from './node.ts'

export default defineRunner(preprocess, async ({ config, inputs, ctx }) => {
  ctx.progress({ phase: 'cleaning', share: 0 })
  const rows = await ctx.datasets.read(inputs.data)
  const kept: DatasetRow[] = []
  const seen = new Set<string>()
  let lost = 0
  for (const [at, row] of rows.entries()) {
    if (at % 5_000 === 0) {
      ctx.signal.throwIfAborted()
      ctx.progress({ phase: 'cleaning', share: at / rows.length })
    }
    const text = cleanText(row.text, config)
    const plain = row.pair === undefined ? undefined : cleanText(row.pair, config)
    // Without a label it is an answer, which people read as it was written.
    const pair = isLabelled(row) ? plain : row.pair?.trim()
    // A given test or validation split is measured whole: leaving rows out would flatter the figures.
    const isMeasured = row.split === 'test' || row.split === 'validation'
    if (!isMeasured) {
      const lengths = [text, ...(pair ? [pair] : [])].map((one) => [...one].length)
      if (lengths.some((length) => length < config.minLength || length > config.maxLength)) continue
      if (config.duplicates) {
        const key = JSON.stringify([row.label ?? null, row.labels ?? null, text, plain ?? null])
        if (seen.has(key)) continue
        seen.add(key)
      }
    }
    const { entities, pair: _, ...rest } = row
    const cleaned = entities && cleanEntities(row.text, entities, config)
    if (cleaned === null) lost++
    // Without its places a row teaches what it is about, and nothing of entities.
    kept.push({ ...rest, text, ...(pair ? { pair } : {}), ...(cleaned ? { entities: cleaned } : {}) })
  }
  if (!kept.some((row) => row.label !== undefined || row.pair !== undefined))
    throw new BotloomError('data-nothing-left')
  if (lost > 0) ctx.note({ code: 'entities-lost', params: { rows: lost } })
  const data = await ctx.datasets.write(
    kept,
    inputs.data.labels.map(({ id, name }) => ({ id, name })),
  )
  ctx.progress({ phase: 'cleaning', share: 1 })
  return { data }
})

const isLabelled = ({ label, labels }: DatasetRow): boolean => label !== undefined || (labels?.length ?? 0) > 0
