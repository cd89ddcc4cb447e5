import { BotloomError, type DatasetRow, defineRunner, type LabelRef } from '#kit'
import { dataSource } from './node.ts'

type Records = { rows: DatasetRow[]; labels: LabelRef[] }

export default defineRunner(dataSource, async ({ config, ctx }) => {
  ctx.progress({ phase: 'reading', share: 0 })
  const columns = {
    text: config.textColumn || undefined,
    pair: config.pairColumn || undefined,
    label: config.labelColumn || undefined,
  }
  const parts: { split?: 'train' | 'validation' | 'test'; records: Records }[] = []
  if (config.set !== '') parts.push({ records: await ctx.records.set(config.set) })
  // One file alone is not a split but simply the records; a second one makes both of them splits.
  const splitsAreGiven = config.validation !== '' || config.test !== ''
  for (const split of ['train', 'validation', 'test'] as const) {
    ctx.signal.throwIfAborted()
    if (config[split] === '') continue
    const records = await ctx.records.file(config[split], columns)
    parts.push(splitsAreGiven ? { split, records } : { records })
  }
  if (parts.length === 0) throw new BotloomError('data-no-records')

  const outside = new Set(config.outOfScope.map((name) => name.trim().toLowerCase()))
  const labels = new Map<string, LabelRef>()
  const rows: DatasetRow[] = []
  for (const { split, records } of parts) {
    const outsideIds = new Set<string>()
    for (const label of records.labels) {
      if (outside.has(label.name.trim().toLowerCase())) outsideIds.add(label.id)
      else if (!labels.has(label.id)) labels.set(label.id, { id: label.id, name: label.name })
    }
    for (const row of records.rows) {
      const isOutside = row.outOfScope === true || (row.label !== undefined && outsideIds.has(row.label))
      // Out-of-scope rows must not teach or stop anything; they are kept where they are measured.
      if (isOutside && (split === 'train' || split === 'validation')) continue
      const { label: _, outOfScope: __, ...rest } = row
      rows.push({
        ...rest,
        id: split ? `${split}:${row.id}` : row.id,
        ...(isOutside ? { outOfScope: true } : row.label === undefined ? {} : { label: row.label }),
        ...(split ? { split } : {}),
      })
    }
  }
  // Two texts teach without a label.
  const teaches = (row: DatasetRow) => row.label !== undefined || row.pair !== undefined
  const known = rows.filter((row) => teaches(row) || row.outOfScope)
  if (!known.some(teaches)) throw new BotloomError('data-no-labels')
  ctx.signal.throwIfAborted()
  const data = await ctx.datasets.write(known, [...labels.values()])
  ctx.progress({ phase: 'reading', share: 1 })
  return { data }
})
