import type { SourceQuery } from './source-shapes.ts'

/** A row as text, and what the cursor column says in it, written so that the same kind of source can compare it. */
export interface SourceRow {
  values: Record<string, string>
  at: string | null
}
export interface SourceColumn {
  name: string
  /** Whether its values can tell what is new: whole numbers, times, ids that grow. */
  grows: boolean
}
export interface SourceBatch {
  /** All columns that were met so far. */
  columns: readonly SourceColumn[]
  rows: SourceRow[]
  /** Of a web service: where in its answer the rows are, and every place with a list. */
  found?: { rowsAt: string; lists: string[] }
}
/** A table or a view. `rows` is an estimate, null where there is none. */
export interface SourceTable {
  schema: string
  name: string
  kind: 'table' | 'view'
  rows: number | null
}
export interface ReadOptions {
  /** Rows come in its order, those that have none first. */
  cursorColumn: string | null
  /** Only rows at this value of the cursor column or beyond. */
  after: string | null
  /** Rows that are wanted at most; the source may give fewer a batch. */
  most: number
  signal: AbortSignal
}

/**
 * A place that rows come from, open for reading. Each kind of source is one file with a function that gives this. Errors are of the
 * catalogue (`source-…`, `outbound-…`); `source-lost` is the one after which going on makes sense.
 */
export interface OpenSource {
  tables(): Promise<SourceTable[]>
  /** A batch at a time, so that whoever reads slowly is not overrun; the first one comes even where there are no rows. */
  read(query: SourceQuery, options: ReadOptions): AsyncGenerator<SourceBatch>
  close(): Promise<void>
}

/** Rows of a batch. */
export const batchRows = 1_000
/** Milliseconds that a statement may take until its first rows, and a look before the import. */
export const statementMs = 30_000
