import { seededRandom, shuffled } from './seeded.ts'
import type { TrainingRow } from './training-set.ts'

export interface FoldRow {
  /** The row's (first) label. */
  label: number
  /** Rows of one group (paraphrases of one question) stay in one fold. */
  group?: string
}

/**
 * Deals rows into `count` folds so that each label is spread evenly and no group is torn. Returns each row's fold.
 * The same rows and seed always give the same folds.
 */
export function dealFolds(rows: readonly FoldRow[], count: number, seed: number): Int32Array {
  const random = seededRandom(seed)
  const units = new Map<string, number[]>()
  for (const [i, row] of rows.entries()) {
    const key = row.group === undefined ? `row ${i}` : `group ${row.group}`
    const unit = units.get(key)
    if (unit) unit.push(i)
    else units.set(key, [i])
  }
  const perLabel = new Map<number, number[]>()
  const sizes = new Array<number>(count).fill(0)
  const folds = new Int32Array(rows.length)
  // Large groups first: the small ones then even out what they leave.
  const order = shuffled([...units.values()], random).sort((a, b) => b.length - a.length)
  for (const unit of order) {
    const label = rows[unit[0]!]!.label
    let counts = perLabel.get(label)
    if (!counts) {
      counts = new Array<number>(count).fill(0)
      perLabel.set(label, counts)
    }
    let best = 0
    for (let fold = 1; fold < count; fold++) {
      if (counts[fold]! < counts[best]! || (counts[fold] === counts[best] && sizes[fold]! < sizes[best]!)) best = fold
    }
    counts[best]! += unit.length
    sizes[best]! += unit.length
    for (const row of unit) folds[row] = best
  }
  return folds
}

/** Fewer new rows than these say too little of a model. */
const fewestUnseen = 20

/**
 * Folds of the rows that are held out in turn; -1: always learned. Where training goes on from an earlier model, the rows that it has
 * learned are not held out, as long as there are enough others; of few others each fold is a larger share, at most one half. Rows made
 * from others go with these: what is judged are the genuine rows of a fold alone.
 */
export function dealHeldOut(rows: readonly TrainingRow[], count: number, seed: number): Int32Array {
  const seenGroups = new Set(rows.flatMap((row) => (row.seen ? (row.group ?? []) : [])))
  const places = [...rows.keys()].filter((row) => {
    const { seen, made, group } = rows[row]!
    return !seen && !(made && seenGroups.has(group!))
  })
  const enough = places.filter((row) => !rows[row]!.made).length >= fewestUnseen
  const used = enough ? places : [...rows.keys()]
  const folds = Math.min(count, Math.max(2, Math.round((count * used.length) / rows.length)))
  const dealt = dealFolds(
    used.map((row) => ({ label: rows[row]!.truth[0]!, group: rows[row]!.group })),
    folds,
    seed,
  )
  const all = new Int32Array(rows.length).fill(-1)
  for (const [i, row] of used.entries()) all[row] = dealt[i]!
  return all
}
