import { BotloomError } from '#kit'
import { parseRecords } from '../parse-records.ts'
import type { Parsed, ParsedRecords, ReadAs } from '../records.ts'
import { toRecords } from '../to-records.ts'
import type { Archive } from './archive.ts'
import { type ClassNames, namesOfCard, namesOfFeatures, namesOfInfos } from './class-names.ts'
import { isParquet, type ParquetTable, readParquet } from './read-parquet.ts'

type Read = Omit<ParsedRecords, 'guess'>

const tableFile = /\.(?:csv|tsv|jsonl|ndjson|json|parquet)$/iu
const describing = /(?:^|\/)(?:dataset_infos?|dataset_dict|state|config|package|tokenizer_config)\.json$/iu
const tablesOf = ({ names }: Archive): string[] =>
  names.filter((name) => tableFile.test(name) && !describing.test(name))

export const isDataSet = (archive: Archive): boolean => tablesOf(archive).length > 0

/** A single Parquet file, with the names of classes that the Hugging Face library wrote into it. */
export async function readParquetRecords(bytes: Buffer, file: string): Promise<Read> {
  const table = await readParquet(bytes, file)
  const read = toNamed(withTexts(table), namesOfFeatures(table.features), file)
  return { format: 'parquet', encoding: null, ...read.parsed, contents: contentsOf(read.named, 0, 0) }
}

/**
 * A folder of a data set of the Hugging Face hub as a zip: tables by split, and beside them what the ids of their classes are called
 * (in `dataset_infos.json`, in the card, or in the Parquet files). Throws `data-part`, `data-zip`, and as `parseRecords` and
 * `readParquet`.
 */
export async function readDataSet(archive: Archive, as: ReadAs): Promise<Read> {
  const { file } = archive
  const bySplit = new Map<string, string[]>()
  for (const name of tablesOf(archive)) bySplit.set(splitOf(name), [...(bySplit.get(splitOf(name)) ?? []), name])
  const parts = [...bySplit.keys()].map((name) => ({ name, hidden: false }))
  if (as.part !== undefined && !bySplit.has(as.part)) throw new BotloomError('data-part', { file, part: as.part })
  const names = namesBeside(archive)
  const several = bySplit.size > 1
  const all: Parsed = { heading: null, columns: [], records: [], broken: [] }
  const named = new Set<string>()
  for (const [split, tables] of bySplit) {
    if (as.part !== undefined && as.part !== split) continue
    for (const name of tables) {
      const bytes = archive.bytes(name)
      if (!bytes) continue
      const read = await readTable(bytes, `${file}: ${name}`, names, as)
      for (const column of read.named) named.add(column)
      for (const column of read.parsed.columns) if (!all.columns.includes(column)) all.columns.push(column)
      for (const record of read.parsed.records) {
        if (several && !('split' in record.values)) record.values.split = split
        all.records.push(record)
      }
      for (const row of read.parsed.broken) all.broken.push(row)
    }
  }
  if (several && !all.columns.includes('split')) all.columns.push('split')
  const others = archive.names.length - tablesOf(archive).length
  return {
    format: 'hugging-face',
    encoding: null,
    ...(several ? { parts, part: as.part ?? null } : {}),
    ...all,
    contents: contentsOf([...named], bySplit.size, others),
  }
}

async function readTable(bytes: Buffer, file: string, names: ClassNames, as: ReadAs): Promise<Named> {
  if (isParquet(bytes)) {
    const table = await readParquet(bytes, file)
    const own = namesOfFeatures(table.features)
    return toNamed(withTexts(table), names.size > 0 ? names : own, file)
  }
  const { heading, columns, records, broken } = parseRecords(bytes, file, { heading: as.heading })
  return withNames({ heading, columns, records, broken }, names)
}

interface Named {
  parsed: Parsed
  /** Columns of which the ids became names. */
  named: string[]
}

function toNamed(rows: readonly ParquetTable['rows'][number][], names: ClassNames, file: string): Named {
  // Tags of tokens are ids in a list, which no value of a record shows: they are named before they become marks.
  for (const { item } of rows)
    for (const [column, list] of names) {
      const ids = Object.hasOwn(item, column) ? item[column] : undefined
      if (Array.isArray(ids)) item[column] = ids.map((id) => list[Number(id)] ?? id)
    }
  return withNames(toRecords(rows, file), names)
}

function withNames(parsed: Parsed, names: ClassNames): Named {
  const named = [...names.keys()].filter((column) => parsed.columns.includes(column))
  for (const { values } of parsed.records)
    for (const column of named) {
      const id = values[column]
      const list = names.get(column) ?? []
      // -1 is how the hub writes that a row has none.
      if (id === '-1') values[column] = ''
      else if (id !== undefined && /^\d{1,6}$/u.test(id)) values[column] = list[Number(id)] ?? id
    }
  return { parsed, named }
}

/** Rows that are a list of tokens alone have a text as well: the tokens one behind another. */
function withTexts({ rows }: ParquetTable): ParquetTable['rows'] {
  for (const row of rows) {
    const tokens = row.item.tokens ?? row.item.words
    if (Array.isArray(tokens) && tokens.every((token) => typeof token === 'string') && row.item.text === undefined) {
      const han = tokens.every((token) => /^[\p{Script=Han}\p{P}\p{N}]+$/u.test(token))
      row.item = { text: tokens.join(han ? '' : ' '), ...row.item }
    }
  }
  return rows
}

function namesBeside(archive: Archive): ClassNames {
  const read = (ending: RegExp, parse: (text: string) => ClassNames): ClassNames => {
    const name = archive.names.find((one) => ending.test(one))
    const bytes = name === undefined ? null : archive.bytes(name)
    if (!bytes) return new Map()
    try {
      return parse(bytes.toString('utf8'))
    } catch (error) {
      if (error instanceof BotloomError) throw error
      // A card is prose that people write: one that cannot be read names nothing, and the ids stay.
      return new Map()
    }
  }
  const infos = read(/(?:^|\/)dataset_infos\.json$/iu, namesOfInfos)
  if (infos.size > 0) return infos
  const one = read(/(?:^|\/)dataset_info\.json$/iu, namesOfInfos)
  return one.size > 0 ? one : read(/(?:^|\/)README\.md$/iu, namesOfCard)
}

/** By the folder or the beginning of the name, as the hub itself does. */
function splitOf(name: string): string {
  const found =
    /(?:^|[/_.\-\s])(train|training|test|testing|eval|evaluation|validation|valid|val|dev)(?=[/_.\-\s\d]|$)/iu
  const word = found.exec(name)?.[1]?.toLowerCase()
  if (word === undefined) return 'train'
  if (word.startsWith('train')) return 'train'
  return word.startsWith('test') || word.startsWith('eval') ? 'test' : 'validation'
}

function contentsOf(named: readonly string[], splits: number, others: number): ParsedRecords['contents'] {
  return {
    found: [
      { what: 'splits' as const, count: splits },
      { what: 'named-labels' as const, count: named.length },
    ].filter(({ count }) => count > 0),
    leftOut: others > 0 ? [{ what: 'other-files', count: others }] : [],
  }
}
