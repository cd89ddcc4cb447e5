import Papa from 'papaparse'
import { BotloomError, type EntitySpan } from '#kit'
import { type Decoded, decodeText } from '#runtime/language/decode-text.ts'
import { guessColumns, isColumnName } from './guess-columns.ts'
import { jsonFault } from './json-fault.ts'
import { readEntities, trimEntities } from './read-entities.ts'
import type { BrokenRow, Parsed, ParsedRecords, ReadAs, RecordFormat } from './records.ts'
import { storableText } from './storable-text.ts'
import { toRecords } from './to-records.ts'
import { type TableRow, toTable } from './to-table.ts'

/**
 * Untrusted bytes of text to records. The form is told by what is in them, the name's ending only breaks a tie.
 * Throws as `parseText`, or what `decodeText` throws.
 */
export function parseRecords(bytes: Uint8Array, file: string, as: ReadAs = {}): ParsedRecords {
  return parseText(decodeText(bytes, file, as.encoding), file, as)
}

/**
 * Throws `data-empty`, `data-heading-only`, `data-json`, `data-json-no-list` or `data-wide`; rows that do not fit are set apart,
 * never dropped or bent.
 */
export function parseText({ text, encoding, damaged }: Decoded, file: string, as: ReadAs = {}): ParsedRecords {
  const content = text.replace(/^\uFEFF/, '')
  if (content.trim() === '') throw new BotloomError('data-empty', { file })
  const format: TextFormat = formatOf(content, file)
  const whole =
    format === 'json'
      ? parseJson(content, file)
      : format === 'jsonl'
        ? parseJsonLines(content, file)
        : format === 'text'
          ? parseLines(content)
          : parseTable(content, format, file, as.heading)
  const parsed = damaged ? setApart(whole, 'encoding', (value) => value.includes('\uFFFD')) : whole
  return withGuess({ format, encoding, ...parsed }, file)
}

/** The records that somebody may look at: with what each column probably is. Throws `data-empty` and `data-heading-only`. */
export function withGuess(read: Omit<ParsedRecords, 'guess'>, file: string): ParsedRecords {
  if (read.records.length === 0 && read.broken.length === 0)
    throw new BotloomError(read.heading ? 'data-heading-only' : 'data-empty', { file })
  const sample = read.records.slice(0, 200).map((record) => record.values)
  return { ...read, guess: guessColumns(read.columns, sample) }
}

/** Moves the records of which a value (of `column`, or any) is as `isBroken` says to the broken rows. */
export function setApart<P extends Pick<ParsedRecords, 'records' | 'broken'>>(
  parsed: P,
  reason: BrokenRow['reason'],
  isBroken: (value: string) => boolean,
  column?: string,
): P {
  const records: ParsedRecords['records'] = []
  const broken = [...parsed.broken]
  for (const record of parsed.records) {
    const { line, values } = record
    if ((column === undefined ? Object.values(values) : [values[column] ?? '']).some(isBroken))
      broken.push({ line, reason, raw: Object.values(values).join(', ').slice(0, 500) })
    else records.push(record)
  }
  return { ...parsed, records, broken: broken.sort((a, b) => a.line - b.line) }
}

export interface RecordWithEntities {
  line: number
  values: Record<string, string>
  /** Of the text without spaces around it; undefined where the record says nothing of entities. */
  entities?: EntitySpan[]
}

/** Reads the marks of each record against its text; records of which they do not fit are set apart. */
export function withEntities(
  parsed: Pick<ParsedRecords, 'records' | 'broken'>,
  column: string,
): { records: RecordWithEntities[]; broken: BrokenRow[] } {
  const records: RecordWithEntities[] = []
  const broken = [...parsed.broken]
  for (const { line, values, marks } of parsed.records) {
    const text = values[column] ?? ''
    const found = marks && text.trim() !== '' ? readEntities(marks, text) : undefined
    if (typeof found === 'string') broken.push({ line, reason: found, raw: text.trim().slice(0, 500) })
    else records.push({ line, values, ...(found ? { entities: trimEntities(text, found) } : {}) })
  }
  return { records, broken: broken.sort((a, b) => a.line - b.line) }
}

type TextFormat = Extract<RecordFormat, 'csv' | 'tsv' | 'json' | 'jsonl' | 'text'>

function formatOf(content: string, file: string): TextFormat {
  const start = content.trimStart()
  if (start.startsWith('[') && isJson(content)) return 'json'
  if (start.startsWith('{')) {
    const line = start.split(/\r?\n/, 1)[0] ?? ''
    if (!isJson(line)) return 'json'
    return start.trimEnd() === line.trimEnd() && wrapsRecords(JSON.parse(line)) ? 'json' : 'jsonl'
  }
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase()
  if (ending === 'jsonl' || ending === 'ndjson') return 'jsonl'
  if (ending === 'json') return 'json'
  const first = content.split(/\r?\n/).find((line) => line.trim() !== '') ?? ''
  if (ending === 'csv') return 'csv'
  if (ending === 'tsv') return 'tsv'
  // Pasted: a table has the same separator in each of its first lines; prose has commas here and there.
  if (first.includes('\t')) return 'tsv'
  return looksLikeTable(content) ? 'csv' : 'text'
}

function looksLikeTable(content: string): boolean {
  const { data, errors } = Papa.parse<string[]>(content, { delimiter: ',', preview: 20, skipEmptyLines: 'greedy' })
  const [heading] = data
  if (!heading || heading.length < 2 || data.length < 2 || errors.length > 0) return false
  if (data.some((row) => row.length !== heading.length)) return false
  // A heading that we know by name settles it; else each cell of it must be short, as headings are.
  const guess = guessColumns(heading, [])
  return guess.text !== null || guess.label !== null
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** One object in one line is a record, unless it is the wrapping of a list of them. */
function wrapsRecords(value: unknown): boolean {
  const list = onlyList(value)
  if (!list || Object.keys(value as object).some(isColumnName)) return false
  return list.length > 0 && list.every((item) => item !== null && typeof item === 'object' && !Array.isArray(item))
}

/** Rows of separated text, as a table has them. */
function parseTable(content: string, format: 'csv' | 'tsv', file: string, said: boolean | undefined): Parsed {
  const delimiter = format === 'tsv' ? '\t' : delimiterOf(content)
  const rows: TableRow[] = []
  let line = 1
  let at = 0
  Papa.parse<string[]>(content, {
    delimiter,
    step: (result) => {
      const raw = content.slice(at, result.meta.cursor)
      rows.push({ fields: result.data, line, raw: raw.trim(), quotes: result.errors.some((e) => e.type === 'Quotes') })
      line += raw.split('\n').length - 1
      at = result.meta.cursor
    },
  })
  return toTable(rows, file, said)
}

/** Comma or semicolon (Excel in half of Europe), by the heading. */
function delimiterOf(content: string): string {
  const heading = content.split(/\r?\n/).find((line) => line.trim() !== '') ?? ''
  if (heading.includes('\t') && !heading.includes(',')) return '\t'
  return heading.includes(';') && !heading.includes(',') ? ';' : ','
}

function parseJson(content: string, file: string): Parsed {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    throw new BotloomError('data-json', { file, ...jsonFault(content) })
  }
  // `{"rows": [...]}` and the like: the one list in it is the records.
  const list = Array.isArray(value) ? value : onlyList(value)
  if (!list) throw new BotloomError('data-json-no-list', { file })
  return toRecords(
    list.map((item, i) => ({ line: i + 1, item, raw: JSON.stringify(item) ?? '' })),
    file,
  )
}

function onlyList(value: unknown): unknown[] | null {
  if (value === null || typeof value !== 'object') return null
  const lists = Object.values(value).filter((inner) => Array.isArray(inner))
  return lists.length === 1 ? (lists[0] ?? null) : null
}

function parseJsonLines(content: string, file: string): Parsed {
  const items: { line: number; item: unknown; raw: string }[] = []
  const broken: BrokenRow[] = []
  for (const [i, raw] of content.split('\n').entries()) {
    if (raw.trim() === '') continue
    try {
      items.push({ line: i + 1, item: JSON.parse(raw), raw })
    } catch {
      broken.push({ line: i + 1, reason: 'not-json', raw: raw.trim().slice(0, 500) })
    }
  }
  const parsed = toRecords(items, file)
  return { ...parsed, broken: [...broken, ...parsed.broken].sort((a, b) => a.line - b.line) }
}

/** Pasted lines: one sentence a line, no label. */
function parseLines(content: string): Parsed {
  const records = content
    .split(/\r?\n/)
    .map((line, i) => ({ line: i + 1, values: { text: storableText(line.trim()) } }))
    .filter((record) => record.values.text !== '')
  return { columns: ['text'], records, broken: [], heading: null }
}
