import { createHash } from 'node:crypto'
import { BotloomError, type DatasetRow, type EntitySpan, type LabelRef } from '#kit'
import type { StoredRow } from '#runtime/language/card.ts'

/** One row as training sees it: `truth` are indices into the labels of the set. */
export interface TrainingRow {
  id: string
  text: string
  /** The second text, read together with the first. */
  pair?: string
  truth: readonly number[]
  group?: string
  language?: string
  /** The model that training goes on from has learned it: no figure on it is honest. */
  seen?: boolean
  /** Made from another row: learned with it or not at all, and never judged by. */
  made?: boolean
  /** In the order of the text; undefined where nobody said. */
  entities?: readonly EntitySpan[]
}

export interface TrainingSet {
  /** Labels that some row of `train` has, in the order given. */
  labels: LabelRef[]
  /** Some row has several labels: sigmoids instead of one softmax. */
  multi: boolean
  /** Each row has a second text: the label is of both together. */
  pairs: boolean
  /** Types of the entities in train, by name. */
  entityTypes: string[]
  train: TrainingRow[]
  /** May be empty; then the methods hold rows of `train` out. */
  validation: TrainingRow[]
  /** Rows of validation that are out of scope: the out-of-scope score is chosen by them. */
  outside: TrainingRow[]
  /** SHA-256 of the rows of all. */
  hash: string
}

/**
 * Rows for training: those without text or without a known label are left out, and rows of train that are out of scope.
 * Throws `no-training-rows`, `too-few-labels` or, where only some rows have a second text, `rows-without-pair`.
 */
export function toTrainingSet(
  train: readonly DatasetRow[],
  validation: readonly DatasetRow[],
  labels: readonly LabelRef[],
): TrainingSet {
  const usable = (rows: readonly DatasetRow[]): DatasetRow[] =>
    rows.filter((row) => !row.outOfScope && row.text.trim() !== '' && labelsOf(row).length > 0)
  const learned = usable(train)
  if (learned.length === 0) throw new BotloomError('no-training-rows')
  const pairs = learned.some(hasPair)
  if (pairs) refuseSingle([...learned, ...usable(validation)])
  const used = new Set(learned.flatMap(labelsOf))
  const kept = labels.filter((label) => used.has(label.id)).map(({ id, name }) => ({ id, name }))
  if (kept.length < 2) throw new BotloomError('too-few-labels', { labels: kept.length })
  const sources = new Set(learned.flatMap((row) => row.origin?.row ?? []))
  const index = new Map(kept.map((label, i) => [label.id, i]))
  const toRow = (row: DatasetRow): TrainingRow => ({
    id: row.id,
    text: row.text,
    ...(pairs && row.pair !== undefined ? { pair: row.pair } : {}),
    truth: labelsOf(row).flatMap((label) => index.get(label) ?? []),
    // A row and what was made from it stay together.
    group: row.group ?? row.origin?.row ?? (sources.has(row.id) ? row.id : undefined),
    language: row.language,
    ...(row.origin ? { made: true } : {}),
    ...(row.entities ? { entities: row.entities } : {}),
  })
  const rows = learned.map(toRow).filter((row) => row.truth.length > 0)
  const checks = usable(validation.filter((row) => !row.origin))
    .map(toRow)
    .filter((row) => row.truth.length > 0)
  const outside = validation
    .filter((row) => row.outOfScope && row.text.trim() !== '' && (!pairs || hasPair(row)))
    .map((row) => ({ ...toRow(row), truth: [] }))
  const hash = createHash('sha256')
  for (const row of [...rows, ...checks, ...outside])
    hash.update(
      `${JSON.stringify([row.id, row.text, row.truth, ...(row.pair === undefined ? [] : [{ pair: row.pair }]), ...(row.entities ? [row.entities] : []), ...(row.made ? [row.group] : [])])}\n`,
    )
  const multi = [...rows, ...checks].some((row) => row.truth.length > 1)
  const entityTypes = [...new Set(rows.flatMap((row) => (row.entities ?? []).map((span) => span.type)))].sort()
  return { labels: kept, multi, pairs, entityTypes, train: rows, validation: checks, outside, hash: hash.digest('hex') }
}

const hasPair = ({ pair }: DatasetRow): boolean => pair !== undefined && pair.trim() !== ''

/** A row of two texts and a row of one cannot be read by one model. */
function refuseSingle(rows: readonly DatasetRow[]): void {
  const single = rows.filter((row) => !hasPair(row))
  if (single.length > 0)
    throw new BotloomError('rows-without-pair', {
      count: single.length,
      rows: rows.length,
      text: single[0]!.text.slice(0, 80),
    })
}

/** A learned row as a model folder keeps it. */
export const storedRowOf = ({ id, text, pair, truth }: TrainingRow): StoredRow => ({
  row: id,
  text,
  ...(pair === undefined ? {} : { pair }),
  labels: [...truth],
})

export function labelsOf(row: DatasetRow): string[] {
  return row.labels && row.labels.length > 0 ? row.labels : row.label === undefined ? [] : [row.label]
}
