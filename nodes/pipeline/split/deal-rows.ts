import type { DatasetRow } from '#kit'

export interface Dealt {
  train: DatasetRow[]
  validation: DatasetRow[]
  test: DatasetRow[]
  /** Made rows whose source is held out: too much like it to be learned, and not genuine enough to judge by. */
  leftOut: DatasetRow[]
}

/**
 * Deals rows into splits. Shares are percents of the rows that have no split of their own; splits that are given stay as
 * they are, and a given test split without a validation split leaves validation empty. Rows of one `group` stay
 * together. A label with a single row goes to train. Out-of-scope rows never go to train. Rows that were made from others count for
 * no share: they go to train with their source, or nowhere. Single rows that somebody wants in train, among others that are free, are
 * learned from with their group.
 */
export function dealRows(
  all: readonly DatasetRow[],
  shares: { validation: number; test: number; stratify: boolean; seed: number },
): Dealt {
  const rows = all.filter((row) => !row.origin)
  const dealt: Dealt = { train: [], validation: [], test: [], leftOut: [] }
  const given = { validation: false, test: false, train: false }
  for (const row of rows) if (row.split) given[row.split] = true
  const testShare = given.test ? 0 : shares.test / 100
  const validationShare = given.validation || given.test ? 0 : shares.validation / 100

  const open: DatasetRow[] = []
  for (const row of rows) {
    // Rows marked for train may still lend a test split that nobody gave.
    if (row.split === 'validation' || row.split === 'test') dealt[row.split].push(row)
    else open.push(row)
  }
  const wanted = open.some((row) => !row.split) ? open.filter((row) => row.split === 'train') : []
  const pinned = new Set(wanted.map(unitOf))
  for (const bucket of buckets(open, shares.stratify, shares.seed)) {
    if (!bucket.outOfScope) {
      for (const unit of bucket.units) if (pinned.has(unitOf(unit[0]!))) dealt.train.push(...unit)
      bucket.units = bucket.units.filter((unit) => !pinned.has(unitOf(unit[0]!)))
    }
    dealBucket(bucket, dealt, testShare, validationShare)
  }
  const heldOut = [...dealt.validation, ...dealt.test]
  const ids = new Set(heldOut.map((row) => row.id))
  const groups = new Set(heldOut.flatMap((row) => row.group ?? []))
  for (const row of all) {
    if (!row.origin) continue
    const follows = ids.has(row.origin.row) || (row.group !== undefined && groups.has(row.group))
    dealt[follows ? 'leftOut' : 'train'].push(row)
  }
  return dealt
}

interface Bucket {
  outOfScope: boolean
  units: DatasetRow[][]
  /** What rounding owes to the next label, so that many small labels together still give their share. */
  owed: { test: number; validation: number }
}

/** Rows of one unit are never parted. */
function unitOf(row: DatasetRow): string {
  return row.group === undefined ? `row ${row.id}` : `group ${row.group}`
}

function buckets(rows: readonly DatasetRow[], stratify: boolean, seed: number): Bucket[] {
  const units = new Map<string, DatasetRow[]>()
  for (const row of rows) {
    const key = unitOf(row)
    const unit = units.get(key)
    if (unit) unit.push(row)
    else units.set(key, [row])
  }
  const byLabel = new Map<string, DatasetRow[][]>()
  for (const unit of units.values()) {
    const first = unit[0]!
    const key = first.outOfScope ? 'outside' : stratify ? `label ${first.label ?? ''}` : 'inside'
    const list = byLabel.get(key)
    if (list) list.push(unit)
    else byLabel.set(key, [unit])
  }
  const owed = { test: 0, validation: 0 }
  return [...byLabel]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, list]) => ({
      outOfScope: key === 'outside',
      units: shuffled(list, seed),
      owed: key === 'outside' ? { test: 0, validation: 0 } : owed,
    }))
}

function dealBucket(bucket: Bucket, dealt: Dealt, testShare: number, validationShare: number): void {
  const { units, owed } = bucket
  if (bucket.outOfScope) {
    const measured = testShare + validationShare
    const toValidation = measured === 0 ? 0 : Math.round((units.length * validationShare) / measured)
    for (const [at, unit] of units.entries()) {
      if (at < toValidation) dealt.validation.push(...unit)
      else if (measured > 0) dealt.test.push(...unit)
    }
    return
  }
  const room = units.length - 1
  const take = (share: number, kind: 'test' | 'validation', free: number): number => {
    const wanted = units.length * share + owed[kind]
    const count = Math.max(0, Math.min(free, Math.round(wanted)))
    // A label too small to give its share owes nothing to the others beyond one row.
    owed[kind] = Math.max(-1, Math.min(1, wanted - count))
    return count
  }
  const test = take(testShare, 'test', room)
  const validation = take(validationShare, 'validation', room - test)
  for (const [at, unit] of units.entries()) {
    if (at < test) dealt.test.push(...unit)
    else if (at < test + validation) dealt.validation.push(...unit)
    else dealt.train.push(...unit)
  }
}

/**
 * In the order of a hash of seed and content: each row's place is its own, so that a row that is added, mended or taken out deals no
 * other anew, and one test can be compared with the next.
 */
function shuffled(units: readonly DatasetRow[][], seed: number): DatasetRow[][] {
  return units
    .map((unit) => ({ unit, at: placeOf(unit[0]!, seed) }))
    .sort((a, b) => a.at - b.at)
    .map(({ unit }) => unit)
}

/** 32 bits of FNV-1a (Fowler, Noll, Vo) through the last step of MurmurHash3 (Appleby), which spreads them evenly. */
function placeOf({ group, text, pair }: DatasetRow, seed: number): number {
  const content = `${seed}\n${group ?? `${text}\n${pair ?? ''}`}`
  let hash = 0x811c9dc5
  for (let i = 0; i < content.length; i++) hash = Math.imul(hash ^ content.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
