import type { TextEncoding } from '#runtime/language/decode-text.ts'
import type { ColumnGuess } from './guess-columns.ts'
import type { EntityFault, EntityMarks } from './read-entities.ts'

export type RecordFormat =
  | 'csv'
  | 'tsv'
  | 'json'
  | 'jsonl'
  | 'text'
  | 'xlsx'
  | 'parquet'
  | 'rasa'
  | 'dialogflow-es'
  | 'dialogflow-cx'
  | 'hugging-face'
  | 'postgres'
  | 'mysql'
  | 'http'

/** A row that does not fit, kept with its reason. `reason` is a locale key below `data.broken.`. */
export interface BrokenRow {
  line: number
  reason:
    | 'too-many-fields'
    | 'too-few-fields'
    | 'quotes'
    | 'not-json'
    | 'not-a-record'
    | 'not-an-example'
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
  /** The sheet of a workbook, or the split of a data set. */
  part?: string
}

/** A sheet, or a split of a data set. */
export interface RecordsPart {
  name: string
  /** The author of the workbook put it out of sight. */
  hidden: boolean
}

/** What came out of a file beside plain rows. Locale keys below `data.found.`, all of them counted. */
export type FoundKind = 'intents' | 'entities' | 'splits' | 'named-labels'
/** What a file holds and no row of a set can say. Locale keys below `data.left-out.`. */
export type LeftOutKind =
  | 'synonyms'
  | 'regexes'
  | 'lookups'
  | 'roles'
  | 'templates'
  | 'fallbacks'
  | 'entity-lists'
  | 'empty-intents'
  | 'error-cells'
  | 'title-rows'
  | 'other-files'
export interface Contents {
  found: { what: FoundKind; count: number }[]
  leftOut: { what: LeftOutKind; count: number }[]
}

export interface Parsed {
  /** Whether the first line named the columns; null for what is no table. */
  heading: boolean | null
  columns: string[]
  /** Each with the line that it starts at, counted from 1, and what it says of its entities. */
  records: { line: number; values: Record<string, string>; marks?: EntityMarks }[]
  broken: BrokenRow[]
}

export interface ParsedRecords extends Parsed {
  format: RecordFormat
  /** Null for what says itself how its text is written. */
  encoding: TextEncoding | null
  /** What one may be chosen of; absent where a file is one table. */
  parts?: RecordsPart[]
  /** The part that was read; null for all of them. */
  part?: string | null
  contents?: Contents
  guess: ColumnGuess
}
