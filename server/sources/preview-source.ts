import { BotloomError } from '#kit'
import type { SourcePreview } from '#server/api/dto.ts'
import { viewRecords } from '#server/data/preview.ts'
import { toParsed, withoutDamaged } from './import-source.ts'
import type { OpenSource, SourceColumn, SourceRow } from './open-source.ts'
import type { ConnectionKind, SourceQuery } from './source-shapes.ts'

/** Rows that are looked at to tell what the columns are. */
const lookedAt = 200

/** The first rows of a query as a person is shown those of a file. Throws as `OpenSource.read`, and `source-empty`. */
export async function previewSource(
  open: OpenSource,
  kind: ConnectionKind,
  query: SourceQuery,
  name: string,
): Promise<SourcePreview> {
  let columns: readonly SourceColumn[] = []
  const rows: SourceRow[] = []
  const signal = AbortSignal.timeout(60_000)
  let found: { rowsAt: string; lists: string[] } | undefined
  // One more than is looked at, to know whether there are more.
  for await (const batch of open.read(query, { cursorColumn: null, after: null, most: lookedAt + 1, signal })) {
    columns = batch.columns
    found ??= batch.found
    rows.push(...batch.rows)
    if (rows.length > lookedAt) break
  }
  if (rows.length === 0) throw new BotloomError('source-empty', { name })
  const parsed = toParsed(kind, columns, rows.slice(0, lookedAt))
  const { guess } = parsed
  const growing = columns
    .filter((column) => column.grows)
    .map((column) => ({ name: column.name, likely: likelihood(column.name) }))
    .sort((a, b) => b.likely - a.likely)
  return {
    ...viewRecords(withoutDamaged(parsed, [guess.text, guess.pair, guess.label]), name),
    growing: growing.map((column) => column.name),
    likely: (growing[0]?.likely ?? 0) > 0,
    more: rows.length > lookedAt,
    rowsAt: found?.rowsAt ?? null,
    lists: found?.lists ?? [],
  }
}

/** An id of the row itself, then when it was made, then when it was changed; any other number or time may be anything. */
function likelihood(name: string): number {
  if (/^_?(?:id|seq|编号|序号|主键)$/iu.test(name)) return 3
  if (/creat|insert|added|创建|新增/iu.test(name)) return 2
  return /updat|modif|chang|更新|修改/iu.test(name) ? 1 : 0
}
