import Papa from 'papaparse'
import { BotloomError, type EntitySpan } from '#kit'
import { decodeText, type TextEncoding } from '#runtime/language/decode-text.ts'
import { type ColumnGuess, guessColumns, isColumnName } from './guess-columns.ts'
import { jsonFault } from './json-fault.ts'
import { type EntityFault, type EntityMarks, entityMarks, readEntities, trimEntities } from './read-entities.ts'
import { storableText } from './storable-text.ts'

export type RecordFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'text'

/** A row that does not fit, kept with its reason. `reason` is a locale key below `data.broken.`. */
export interface BrokenRow {
  line: number
  reason:
    | 'too-many-fields'
    | 'too-few-fields'
    | 'quotes'
    | 'not-json'
    | 'not-a-record'
    | 'encoding'
    | 'too-long'
    | EntityFault
  raw: string
}
/** What a person said about a file, where the guess was wrong. */
export interface ReadAs {
  encoding?: TextEncoding
  /** Whether the first line of a table names its columns. */
  heading?: boolean
}
export interface ParsedRecords {
  format: RecordFormat
  encoding: TextEncoding
  /** Whether the first line named the columns; null for what is no table. */
  heading: boolean | null
  columns: string[]
  /** Each with the line that it starts at, counted from 1, and what it says of its entities. */
  records: { line: number; values: Record<string, string>; marks?: EntityMarks }[]
  broken: BrokenRow[]
  guess: ColumnGuess
}

/**
 * Untrusted bytes to records. The form is told by what is in them, the name's ending only breaks a tie.
 * Throws `data-empty`, `data-json`, `data-json-no-list` or what `decodeText` throws; rows that do not fit are set apart,
 * never dropped or bent.
 */
export function parseRecords(bytes: Uint8Array, file: string, as: ReadAs = {}): ParsedRecords {
  const { text, encoding, damaged } = decodeText(bytes, file, as.encoding)
  const content = text.replace(/^\uFEFF/, '')
  if (content.trim() === '') throw new BotloomError('data-empty', { file })
  const format = formatOf(content, file)
  const whole =
    format === 'json'
      ? parseJson(content, file)
      : format === 'jsonl'
        ? parseJsonLines(content)
        : format === 'text'
          ? parseLines(content)
          : parseTable(content, format, as.heading)
  const parsed = damaged ? setApart(whole, 'encoding', (value) => value.includes('\uFFFD')) : whole
  if (parsed.records.length === 0 && parsed.broken.length === 0) throw new BotloomError('data-empty', { file })
  const sample = parsed.records.slice(0, 200).map((record) => record.values)
  return { format, encoding, ...parsed, guess: guessColumns(parsed.columns, sample) }
}

type Parsed = Pick<ParsedRecords, 'columns' | 'records' | 'broken' | 'heading'>

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

function formatOf(content: string, file: string): RecordFormat {
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

function parseTable(content: string, format: 'csv' | 'tsv', said: boolean | undefined): Parsed {
  const delimiter = format === 'tsv' ? '\t' : delimiterOf(content)
  const rows: { fields: string[]; line: number; raw: string; quotes: boolean }[] = []
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
  const filled = rows.filter((row) => row.fields.some((field) => field.trim() !== ''))
  const heading = said ?? namesColumns(filled.map((row) => row.fields))
  const [first] = filled
  if (!first) return { columns: [], records: [], broken: [], heading }
  const columns = heading ? uniqueNames(first.fields) : numbered(filled.map((row) => row.fields.length))
  if (heading) filled.shift()
  const records: Parsed['records'] = []
  const broken: BrokenRow[] = []
  for (const row of filled) {
    const reason: BrokenRow['reason'] | null = row.quotes
      ? 'quotes'
      : row.fields.length > columns.length
        ? 'too-many-fields'
        : row.fields.length < columns.length
          ? 'too-few-fields'
          : null
    if (reason) broken.push({ line: row.line, reason, raw: row.raw.slice(0, 500) })
    else
      records.push({
        line: row.line,
        values: Object.fromEntries(columns.map((column, i) => [column, storableText(row.fields[i] ?? '')])),
      })
  }
  return { columns, records, broken, heading }
}

/**
 * Whether the first row is a heading. A column's name that we know settles it; else a cell of it that comes again below it,
 * as a label does, is a value. A first row that nothing speaks against counts as a heading.
 */
function namesColumns(rows: readonly string[][]): boolean {
  const [first = [], ...rest] = rows
  if (first.some(isColumnName)) return true
  const values = first.map((_, i) => new Set(rest.map((row) => row[i]?.trim() ?? '')))
  return !first.some((cell, i) => cell.trim() !== '' && values[i]?.has(cell.trim()))
}

/** Names for the columns of a table without a heading: as many as most of its rows have fields. */
function numbered(widths: readonly number[]): string[] {
  const counts = new Map<number, number>()
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1)
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return Array.from({ length: most?.[0] ?? 0 }, (_, i) => `#${i + 1}`)
}

/** Comma or semicolon (Excel in half of Europe), by the heading. */
function delimiterOf(content: string): string {
  const heading = content.split(/\r?\n/).find((line) => line.trim() !== '') ?? ''
  if (heading.includes('\t') && !heading.includes(',')) return '\t'
  return heading.includes(';') && !heading.includes(',') ? ';' : ','
}

function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name, i) => {
    const base = storableText(name).trim() || `#${i + 1}`
    const count = (seen.get(base) ?? 0) + 1
    seen.set(base, count)
    return count === 1 ? base : `${base} (${count})`
  })
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
  return fromObjects(list.map((item, i) => ({ line: i + 1, item, raw: JSON.stringify(item) ?? '' })))
}

function onlyList(value: unknown): unknown[] | null {
  if (value === null || typeof value !== 'object') return null
  const lists = Object.values(value).filter((inner) => Array.isArray(inner))
  return lists.length === 1 ? (lists[0] ?? null) : null
}

function parseJsonLines(content: string): Parsed {
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
  const parsed = fromObjects(items)
  return { ...parsed, broken: [...broken, ...parsed.broken].sort((a, b) => a.line - b.line) }
}

function fromObjects(items: readonly { line: number; item: unknown; raw: string }[]): Parsed {
  const columns: string[] = []
  const known = new Set<string>()
  const records: Parsed['records'] = []
  const broken: BrokenRow[] = []
  for (const { line, item, raw } of items) {
    if (item === null || typeof item !== 'object' || Array.isArray(item)) {
      if (typeof item === 'string' && item.trim() !== '') {
        if (!known.has('text')) columns.push('text')
        known.add('text')
        records.push({ line, values: { text: storableText(item) } })
      } else broken.push({ line, reason: 'not-a-record', raw: raw.trim().slice(0, 500) })
      continue
    }
    const values: Record<string, string> = {}
    for (const [key, value] of Object.entries(item)) {
      if (key === '__proto__' || value === null || value === undefined) continue
      // Lists and objects are not columns of text; those that mark entities are kept as `marks`.
      if (typeof value === 'object') continue
      if (!known.has(key)) columns.push(key)
      known.add(key)
      values[key] = storableText(String(value))
    }
    const marks = entityMarks(item)
    records.push({ line, values, ...(marks ? { marks } : {}) })
  }
  return { columns, records, broken, heading: null }
}

/** Pasted lines: one sentence a line, no label. */
function parseLines(content: string): Parsed {
  const records = content
    .split(/\r?\n/)
    .map((line, i) => ({ line: i + 1, values: { text: storableText(line.trim()) } }))
    .filter((record) => record.values.text !== '')
  return { columns: ['text'], records, broken: [], heading: null }
}
