import { setTimeout as sleep } from 'node:timers/promises'
import { BotloomError } from '#kit'
import { guessColumns } from '#server/data/guess-columns.ts'
import { setApart } from '#server/data/parse-records.ts'
import { toIncomingRows } from '#server/data/preview.ts'
import type { BrokenRow, ParsedRecords } from '#server/data/records.ts'
import type { KnownRows, SetStore } from '#server/data/set-store.ts'
import { storableText } from '#server/data/storable-text.ts'
import type { OpenSource, SourceColumn, SourceRow } from './open-source.ts'
import { advanced, withoutKnown } from './source-cursor.ts'
import type { ConnectionKind } from './source-shapes.ts'
import type { SourceStore, StoredSource } from './source-store.ts'

/** What is in memory at most before it is written and seen: this many rows, or characters. */
const chunkRows = 10_000
const chunkCharacters = 16_000_000
const brokenKept = 200
/** A connection that breaks is made again this often without anything new having come. */
const mostAttempts = 4
const busyMs = 60_000

export interface ImportDeps {
  sets: Pick<SetStore, 'importRows'>
  store: Pick<SourceStore, 'progress'>
  /** Opens the connection anew. */
  open: () => Promise<OpenSource>
  kind: ConnectionKind
  languages: readonly string[]
}

/**
 * Brings the rows beyond the cursor of a source into its set, chunk by chunk: what is written stays, whatever happens behind it. A
 * connection that breaks is made again and goes on from there, where a cursor column says what was read. Gives `stopped` where somebody
 * asked for it. Throws what the source throws.
 */
export async function importSource(
  deps: ImportDeps,
  source: StoredSource,
  signal: AbortSignal,
): Promise<'done' | 'stopped'> {
  const { store } = deps
  const known: KnownRows = { revision: -1, seen: new Set(), settled: new Set() }
  const counts = { read: 0, added: 0, duplicates: 0, brokenRows: 0, broken: [] as BrokenRow[] }
  let cursor = source.cursor
  let stop = false

  async function write(columns: readonly SourceColumn[], rows: readonly SourceRow[]): Promise<void> {
    if (rows.length === 0) return
    const parsed = toParsed(deps.kind, columns, rows, counts.read - rows.length)
    const used = [source.mapping.textColumn, source.mapping.pairColumn, source.mapping.labelColumn]
    const incoming = await toIncomingRows(withoutDamaged(parsed, used), source.name, source.mapping, deps.languages)
    const answer = await whenFree(() =>
      deps.sets.importRows(source.workspaceId, source.setId, incoming.rows, `${source.id} ${source.name}`, null, known),
    )
    counts.added += answer.added
    counts.duplicates += answer.duplicates
    counts.brokenRows += incoming.broken.length
    counts.broken = [...counts.broken, ...incoming.broken].slice(0, brokenKept)
    if (source.cursorColumn !== null) cursor = advanced(cursor, rows)
    stop = await store.progress(source.id, { ...counts, cursor })
  }

  async function readOnce(): Promise<void> {
    const open = await deps.open()
    let columns: readonly SourceColumn[] = []
    let waiting: SourceRow[] = []
    let characters = 0
    const flush = async () => {
      const rows = waiting
      waiting = []
      characters = 0
      await write(columns, rows)
    }
    try {
      const isNew = withoutKnown(cursor)
      const ties = Object.values(cursor?.ties ?? {}).reduce((sum, times) => sum + times, 0)
      const most = source.most - counts.read + ties
      const { cursorColumn } = source
      for await (const batch of open.read(source.query, { cursorColumn, after: cursor?.value ?? null, most, signal })) {
        columns = batch.columns
        checkColumns(columns, source)
        for (const row of batch.rows) {
          if (!isNew(row)) continue
          waiting.push(row)
          counts.read++
          for (const value of Object.values(row.values)) characters += value.length
        }
        if (waiting.length >= chunkRows || characters >= chunkCharacters) await flush()
        else stop = await store.progress(source.id, { read: counts.read })
        if (stop) break
      }
    } finally {
      await open.close()
      await flush()
    }
  }

  for (let attempt = 1; ; attempt++) {
    const before = counts.read
    try {
      await readOnce()
      return stop ? 'stopped' : 'done'
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (counts.read > before) attempt = 1
      const lost = error instanceof BotloomError && error.code === 'source-lost'
      // A place that was reached a moment ago may be gone for a moment as well.
      const away = error instanceof BotloomError && error.code === 'source-unreachable' && counts.read > 0
      if (!(lost || away) || source.cursorColumn === null || attempt >= mostAttempts) throw error
      await sleep(250 * 4 ** (attempt - 1), undefined, { signal })
    }
  }
}

/** What the preview showed may be gone by now: told before anything is written. */
function checkColumns(columns: readonly SourceColumn[], { name, mapping, cursorColumn }: StoredSource): void {
  const names = columns.map((column) => column.name)
  for (const column of [mapping.textColumn, mapping.pairColumn, mapping.labelColumn])
    if (column !== null && names.length > 0 && !names.includes(column))
      throw new BotloomError('data-column', { file: name, column, columns: names.join(', ') })
  const cursor = columns.find((column) => column.name === cursorColumn)
  if (cursorColumn !== null && names.length > 0 && !cursor?.grows)
    throw new BotloomError('source-cursor', { column: cursorColumn })
}

/** Rows of a source as those of a file; `before` rows came earlier. */
export function toParsed(
  format: ConnectionKind,
  columns: readonly SourceColumn[],
  rows: readonly SourceRow[],
  before = 0,
): ParsedRecords {
  const names = columns.map(({ name }) => storableText(name))
  const records = rows.map(({ values }, at) => ({
    line: before + at + 1,
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [storableText(name), storableText(value)] as const),
    ),
  }))
  const guess = guessColumns(
    names,
    records.slice(0, 200).map((record) => record.values),
  )
  return { format, encoding: null, heading: null, columns: names, records, broken: [], guess }
}

/** Bytes that are no text: of the columns that are used, a row with some is set apart. */
export function withoutDamaged(parsed: ParsedRecords, columns: readonly (string | null)[]): ParsedRecords {
  return columns.reduce(
    (rest, column) =>
      column === null ? rest : setApart(rest, 'encoding', (value) => value.includes('\uFFFD'), column),
    parsed,
  )
}

/** Another import, perhaps on another server, may hold the set for a moment. */
async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  for (const since = Date.now(); ; ) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof BotloomError && error.code === 'set-busy') || Date.now() - since > busyMs) throw error
      await sleep(500)
    }
  }
}
