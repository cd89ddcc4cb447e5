import { createHash } from 'node:crypto'
import { BotloomError, type DatasetRow, type LabelRef } from '#kit'
import { withEntities } from './parse-records.ts'
import type { BrokenRow, ParsedRecords } from './records.ts'

/**
 * What was read of a record file to dataset rows, for a data block that names a file. Labels get ids by name, the same in every
 * file. Throws `data-column`, `data-no-text-column`, `data-no-label-column`, `data-one-column`
 * and, since nothing may be lost unseen, `data-ragged`, `data-broken-rows` or `data-entities`.
 */
export function toDatasetRows(
  parsed: ParsedRecords,
  file: string,
  columns: { text?: string; pair?: string; label?: string },
): { rows: DatasetRow[]; labels: LabelRef[] } {
  refuseBroken(file, parsed.broken)
  const text = columnOf(parsed, file, 'text', columns.text)
  const guessed = [text, columns.label].includes(parsed.guess.pair ?? '') ? null : parsed.guess.pair
  const pair = columns.pair ? columnOf(parsed, file, 'pair', columns.pair) : guessed
  // Two texts are a whole record without a label.
  const label = pair !== null && !columns.label ? parsed.guess.label : columnOf(parsed, file, 'label', columns.label)
  const { records, broken } = withEntities(parsed, text)
  refuseBroken(file, broken)
  const labels = new Map<string, LabelRef>()
  const rows: DatasetRow[] = []
  for (const { line, values, entities } of records) {
    const words = values[text]?.trim() ?? ''
    if (words === '') continue
    const second = pair === null ? '' : (values[pair]?.trim() ?? '')
    const name = label === null ? '' : (values[label]?.trim() ?? '')
    if (name !== '' && !labels.has(name)) labels.set(name, { id: fileLabelId(name), name })
    const language = parsed.guess.language ? values[parsed.guess.language]?.trim() : undefined
    rows.push({
      id: String(line),
      text: words,
      ...(second === '' ? {} : { pair: second }),
      ...(name === '' ? {} : { label: fileLabelId(name) }),
      ...(language ? { language } : {}),
      ...(entities ? { entities } : {}),
    })
  }
  if (rows.length === 0) throw new BotloomError('data-empty', { file })
  return { rows, labels: [...labels.values()] }
}

function refuseBroken(file: string, broken: readonly BrokenRow[]): void {
  const [first] = broken
  if (!first) return
  const code = first.reason.endsWith('-fields')
    ? 'data-ragged'
    : first.reason.startsWith('entity-')
      ? 'data-entities'
      : 'data-broken-rows'
  throw new BotloomError(code, { file, count: broken.length, line: first.line, raw: first.raw.slice(0, 80) })
}

/** Id of a label that only files know: by its name alone, so that train and test agree. */
export function fileLabelId(name: string): string {
  return `lbl_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
}

function columnOf(
  parsed: ParsedRecords,
  file: string,
  what: 'text' | 'pair' | 'label',
  wanted: string | undefined,
): string {
  const columns = parsed.columns.join(', ')
  if (wanted) {
    if (!parsed.columns.includes(wanted)) throw new BotloomError('data-column', { file, column: wanted, columns })
    return wanted
  }
  const guessed = parsed.guess[what]
  if (guessed !== null) return guessed
  if (parsed.columns.length === 1) throw new BotloomError('data-one-column', { file, column: columns })
  throw new BotloomError(what === 'text' ? 'data-no-text-column' : 'data-no-label-column', { file, columns })
}
