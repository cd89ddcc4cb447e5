import { canonicalJson } from './canonical.ts'
import type { Clash, GraphDiff, RecordKey } from './diff.ts'
import type { GraphDocument } from './document.ts'
import { pointerOf, valueAt, withValueAt } from './pointer.ts'
import { fromRecords, type RecordTable, toRecords } from './records.ts'

const same = (a: unknown, b: unknown): boolean => a === b || canonicalJson(a) === canonicalJson(b)
/** In a diff `null` means absent, so that it survives JSON; no field of a document is ever null on purpose. */
const absent = (value: unknown): unknown => (value === null ? undefined : value)
const present = (value: unknown): unknown => (value === undefined ? null : value)

export function isEmptyDiff(diff: GraphDiff): boolean {
  return [diff.added, diff.removed, diff.updated].every((part) => Object.keys(part).length === 0)
}

/** The diff that turns `before` into `after`. */
export function makeDiff(before: GraphDocument, after: GraphDocument, id: string): GraphDiff {
  const from = toRecords(before)
  const to = toRecords(after)
  const diff: GraphDiff = { id, added: {}, removed: {}, updated: {} }
  for (const [key, record] of Object.entries(to)) {
    const old = from[key]
    if (old === undefined) diff.added[key] = record
    else if (old !== record) {
      const changes: Record<string, [unknown, unknown]> = {}
      compare(old, record, [], changes)
      if (Object.keys(changes).length > 0) diff.updated[key] = changes
    }
  }
  for (const [key, record] of Object.entries(from)) if (to[key] === undefined) diff.removed[key] = record
  return diff
}

/** Lists differ as a whole: an index means nothing once somebody else has inserted a line above it. */
function compare(a: unknown, b: unknown, path: string[], out: Record<string, [unknown, unknown]>): void {
  if (same(a, b)) return
  if (isPlain(a) && isPlain(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) compare(a[key], b[key], [...path, key], out)
  } else out[pointerOf(path)] = [present(a), present(b)]
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/**
 * Applies a diff whatever the document has become since: what is gone stays gone, what is there is not added twice.
 * Applying it twice changes nothing. The result is not validated.
 */
export function applyDiff(document: GraphDocument, diff: GraphDiff): GraphDocument {
  const records: RecordTable = toRecords(document)
  for (const key of Object.keys(diff.removed)) delete records[key]
  for (const [key, record] of Object.entries(diff.added)) records[key] = record
  for (const [key, changes] of Object.entries(diff.updated)) {
    if (records[key] === undefined) continue
    for (const [path, [, to]] of Object.entries(changes)) records[key] = withValueAt(records[key], path, absent(to))
  }
  return fromRecords(records)
}

/** The diff that takes it back. */
export function invertDiff(diff: GraphDiff, id: string): GraphDiff {
  const updated: GraphDiff['updated'] = {}
  for (const [key, changes] of Object.entries(diff.updated)) {
    updated[key] = Object.fromEntries(
      Object.entries(changes).map(([path, [from, to]]) => [path, [to, from] as [unknown, unknown]]),
    )
  }
  return { id, added: { ...diff.removed }, removed: { ...diff.added }, updated }
}

/**
 * One diff with the effect of `first`, then `second`: keystrokes and drags become one entry of the history. A field that comes back to
 * what it was is left out, unless it is to be `kept` as a change from a value to itself.
 */
export function mergeDiffs(first: GraphDiff, second: GraphDiff, reverted: 'dropped' | 'kept' = 'dropped'): GraphDiff {
  const merged: GraphDiff = structuredClone({ ...first })
  for (const [key, record] of Object.entries(second.removed)) {
    if (Object.hasOwn(merged.added, key)) delete merged.added[key]
    else merged.removed[key] = undoUpdates(record, merged.updated[key])
    delete merged.updated[key]
  }
  for (const [key, record] of Object.entries(second.added)) {
    if (Object.hasOwn(merged.removed, key)) {
      const changes: Record<string, [unknown, unknown]> = {}
      compare(merged.removed[key], record, [], changes)
      delete merged.removed[key]
      if (Object.keys(changes).length > 0) merged.updated[key] = changes
    } else merged.added[key] = record
  }
  for (const [key, changes] of Object.entries(second.updated)) {
    if (Object.hasOwn(merged.added, key)) {
      for (const [path, [, to]] of Object.entries(changes))
        merged.added[key] = withValueAt(merged.added[key], path, absent(to))
      continue
    }
    const mine = { ...merged.updated[key] }
    for (const [path, change] of Object.entries(changes)) mergeChange(mine, path, change, reverted)
    if (Object.keys(mine).length > 0) merged.updated[key] = mine
    else delete merged.updated[key]
  }
  return merged
}

/** Adds a later change of one field; earlier changes above or below it in the same record are folded in. */
function mergeChange(
  mine: Record<string, [unknown, unknown]>,
  path: string,
  [from, to]: [unknown, unknown],
  reverted: 'dropped' | 'kept',
): void {
  const above = Object.keys(mine).find((other) => path === other || path.startsWith(`${other}/`))
  if (above !== undefined) {
    const [first, then] = mine[above]!
    const value = path === above ? to : present(withValueAt(absent(then), path.slice(above.length), absent(to)))
    if (reverted === 'dropped' && same(first, value)) delete mine[above]
    else mine[above] = [first, value]
    return
  }
  let first = absent(from)
  for (const below of Object.keys(mine).filter((other) => other.startsWith(`${path}/`))) {
    first = withValueAt(first, below.slice(path.length), absent(mine[below]![0]))
    delete mine[below]
  }
  if (reverted === 'kept' || !same(present(first), to)) mine[path] = [present(first), to]
}

function undoUpdates(record: unknown, changes: Record<string, [unknown, unknown]> | undefined): unknown {
  let value = record
  for (const [path, [from]] of Object.entries(changes ?? {})) value = withValueAt(value, path, absent(from))
  return value
}

/**
 * The fields on which `diff`, made before it knew of `others`, overrides what they came to. The later one (`diff`) stands; the
 * other's value is given back to be shown, so that nothing is discarded in silence. Each clash names the deeper of both
 * paths, so that either value can be put there. `before` are the changes of the same person since what was known of the others.
 */
export function findClashes(diff: GraphDiff, others: readonly GraphDiff[], before: readonly GraphDiff[] = []): Clash[] {
  if (others.length === 0) return []
  const foldedUp = (diffs: readonly GraphDiff[]): GraphDiff => diffs.reduce((all, one) => mergeDiffs(all, one, 'kept'))
  // What others only passed through is no value that anybody loses.
  const theirs = foldedUp(others)
  const own = foldedUp([...before, diff])
  /** They came back to the value that stood before any change of `diff`'s person, so that it was known; by way of a third one it was not. */
  const wasKnown = (record: RecordKey, path: string, [from, to]: [unknown, unknown], value: unknown): boolean => {
    if (!same(from, to)) return false
    const changes = own.updated[record] ?? {}
    const above = Object.keys(changes).find((other) => path === other || path.startsWith(`${other}/`))
    return above === undefined || same(present(valueAt(changes[above]![0], path.slice(above.length))), value)
  }
  const unknownOf = (record: RecordKey): Changes =>
    Object.fromEntries(
      Object.entries(theirs.updated[record] ?? {}).filter(
        ([path, change]) => !wasKnown(record, path, change, change[1]),
      ),
    )
  const clashes: Clash[] = []
  const add = (record: RecordKey, path: string, kept: unknown, other: unknown) => {
    if (!same(kept, other)) clashes.push({ record, path, kept, other, diff: lastOf(others, record) })
  }
  const meet = (record: RecordKey, mine: Changes, other: Changes) => {
    for (const [path, [, to]] of Object.entries(mine))
      for (const [theirPath, change] of Object.entries(other)) {
        const deeper = path.startsWith(`${theirPath}/`) ? path : theirPath
        if (deeper !== path && !deeper.startsWith(`${path}/`)) continue
        const theirValue = present(valueAt(change[1], deeper.slice(theirPath.length)))
        if (!wasKnown(record, deeper, change, theirValue))
          add(record, deeper, present(valueAt(to, deeper.slice(path.length))), theirValue)
      }
  }
  for (const [record, changes] of Object.entries(diff.updated)) {
    if (Object.hasOwn(theirs.removed, record)) add(record, '', null, changes)
    else meet(record, changes, theirs.updated[record] ?? {})
  }
  for (const record of Object.keys(diff.removed)) {
    const lost = unknownOf(record)
    if (Object.keys(lost).length > 0) add(record, '', null, lost)
  }
  for (const [record, mine] of Object.entries(diff.added)) {
    const changes: Changes = {}
    if (Object.hasOwn(theirs.added, record)) compare(theirs.added[record], mine, [], changes)
    for (const [path, [other, kept]] of Object.entries(changes)) add(record, path, kept, other)
    // A record that is put back as it was while somebody changed it.
    for (const [path, [, other]] of Object.entries(unknownOf(record)))
      add(record, path, present(valueAt(mine, path)), other)
  }
  return clashes
}

type Changes = Record<string, [unknown, unknown]>

/** The last diff that touched a record. */
function lastOf(diffs: readonly GraphDiff[], record: RecordKey): string {
  const touches = (diff: GraphDiff) =>
    [diff.added, diff.removed, diff.updated].some((part) => Object.hasOwn(part, record))
  return diffs.findLast(touches)?.id ?? ''
}

/** Share of the blocks that a diff takes away, 0..1: more than half needs an explicit word. */
export function removedShare(document: GraphDocument, diff: GraphDiff): number {
  const total = Object.keys(document.nodes).length
  const gone = Object.keys(diff.removed).filter(
    (key) => key.startsWith('nodes/') && valueAt(document.nodes, `/${key.slice(6)}`),
  ).length
  return total === 0 ? 0 : gone / total
}
