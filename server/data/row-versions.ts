import { and, eq, inArray, isNotNull } from 'drizzle-orm'
import { BotloomError, type DatasetRow, type EntitySpan } from '#kit'
import type { RowView } from '#server/api/dto.ts'
import type { Database, Transaction } from '#server/db/client.ts'
import { setLabels, setRows } from '#server/db/schema/sets.ts'
import { carryEntities } from './carry-entities.ts'
import type { HashedRow } from './row-hash.ts'
import { type SetHead, visibleAt } from './set-writer.ts'
import { storableText } from './storable-text.ts'

/** Rows of one transaction or statement. */
export const batchSize = 1_000

export interface RowEdit {
  text?: string
  /** Null takes the second text away. */
  pair?: string | null
  /** Name of a label; a new name makes a new label. */
  label?: string | null
  outOfScope?: boolean
  /** `train`: it is learned from and never asked in a test. Null leaves it to the split. */
  split?: 'train' | null
  /** Of the text as it is after the edit; null: nobody said what is in it. */
  entities?: readonly EntitySpan[] | null
}

export type RowVersion = typeof setRows.$inferSelect

/** The rows of these ids that a revision shows, in parts that a statement can take. */
export async function versionsAt(
  from: Database | Transaction,
  set: string,
  revision: number,
  rowIds: readonly string[],
): Promise<RowVersion[]> {
  const found: RowVersion[] = []
  for (let at = 0; at < rowIds.length; at += batchSize)
    found.push(
      ...(await from
        .select()
        .from(setRows)
        .where(and(visibleAt(set, revision), inArray(setRows.id, rowIds.slice(at, at + batchSize))))),
    )
  return found
}

export async function closeRows(tx: Transaction, head: SetHead, rows: readonly RowVersion[]): Promise<void> {
  for (let at = 0; at < rows.length; at += batchSize)
    await tx
      .update(setRows)
      .set({ until: head.revision + 1 })
      .where(
        inArray(
          setRows.seq,
          rows.slice(at, at + batchSize).map((row) => row.seq),
        ),
      )
}

export async function writeVersions(tx: Transaction, head: SetHead, rows: readonly RowVersion[]): Promise<void> {
  for (let at = 0; at < rows.length; at += batchSize)
    await tx
      .insert(setRows)
      .values(
        rows
          .slice(at, at + batchSize)
          .map(({ seq: _, ...values }) => ({ ...values, since: head.revision + 1, until: null })),
      )
}

/** Rows of former contents with labels of today: one that was merged since is the one that it went into. */
export async function livingLabels(
  from: Database | Transaction,
  set: string,
  rows: RowVersion[],
): Promise<RowVersion[]> {
  const merged = await from
    .select({ id: setLabels.id, into: setLabels.mergedInto })
    .from(setLabels)
    .where(and(eq(setLabels.setId, set), isNotNull(setLabels.mergedInto)))
  const heirs = new Map(merged.map(({ id, into }) => [id, into]))
  return rows.map((row) => {
    let label = row.label
    // Two labels may have gone into one another in turn, one of them coming back in between.
    for (let steps = 0; steps < heirs.size && label !== null && heirs.has(label); steps++)
      label = heirs.get(label) ?? null
    return label === row.label ? row : { ...row, label }
  })
}

/** `given` is the id of the label that the edit names. */
export function editedRow(old: RowVersion, edit: RowEdit, given: string | undefined): RowVersion {
  const text = storableText(edit.text ?? old.text).trim()
  if (text === '') throw new BotloomError('invalid-request', { at: 'text', issue: 'empty' })
  const pair = edit.pair === undefined ? old.pair : storableText(edit.pair ?? '').trim() || null
  const outOfScope = edit.label ? false : (edit.outOfScope ?? old.outOfScope)
  const label = edit.label === undefined ? old.label : (given ?? null)
  return {
    ...old,
    text,
    pair,
    outOfScope,
    label: outOfScope ? null : label,
    split: edit.split === undefined ? old.split : edit.split,
    entities:
      edit.entities === undefined
        ? old.entities && carryEntities(old.text, text, old.entities)
        : edit.entities && checkedEntities(text, edit.entities),
  }
}

/** Marked parts in the order of the text. Throws `entity-outside` and `entity-overlap`. */
function checkedEntities(text: string, entities: readonly EntitySpan[]): EntitySpan[] {
  const sorted = [...entities]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, type }) => ({ start, end, type: storableText(type).trim() }))
  for (const [i, { start, end, type }] of sorted.entries()) {
    if (type === '' || start >= end || end > text.length || splitsCharacter(text, start) || splitsCharacter(text, end))
      throw new BotloomError('entity-outside', { start, end, length: text.length })
    const before = sorted[i - 1]
    if (before && before.end > start)
      throw new BotloomError('entity-overlap', {
        one: text.slice(before.start, before.end),
        other: text.slice(start, end),
      })
  }
  return sorted
}

/** A place between the two halves of a character beyond U+FFFF. */
function splitsCharacter(text: string, at: number): boolean {
  return /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[at] ?? '')
}

type StoredRow = Pick<
  typeof setRows.$inferSelect,
  'id' | 'text' | 'pair' | 'label' | 'language' | 'group' | 'outOfScope' | 'entities' | 'split'
>

export function toDatasetRow(row: StoredRow): DatasetRow {
  return {
    id: row.id,
    text: row.text,
    ...(row.pair === null ? {} : { pair: row.pair }),
    ...(row.label === null ? {} : { label: row.label }),
    ...(row.language === null ? {} : { language: row.language }),
    ...(row.group === null ? {} : { group: row.group }),
    ...(row.outOfScope ? { outOfScope: true } : {}),
    ...(row.split === null ? {} : { split: row.split }),
    ...(row.entities === null ? {} : { entities: row.entities }),
  }
}

export function toRowView(row: StoredRow, names: ReadonlyMap<string, string>): RowView {
  return { ...toDatasetRow(row), labelName: row.label === null ? null : (names.get(row.label) ?? null) }
}

export function hashed(row: Partial<HashedRow> & { text: string }): HashedRow {
  return {
    text: row.text,
    pair: row.pair ?? null,
    label: row.label ?? null,
    language: row.language ?? null,
    group: row.group ?? null,
    outOfScope: row.outOfScope ?? false,
    entities: row.entities ?? null,
    split: row.split ?? null,
  }
}

/** Two versions of a row with the same of this are the same row. */
export function contentOf(row: RowVersion): string {
  return JSON.stringify(hashed(row))
}
