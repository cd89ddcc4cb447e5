import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { GraphDiff } from '#runtime/graph/diff.ts'
import { applyDiff, invertDiff, isEmptyDiff, mergeDiffs } from '#runtime/graph/diff-apply.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { valueAt } from '#runtime/graph/pointer.ts'
import { toRecords } from '#runtime/graph/records.ts'

/** One step of a person's own history. */
export interface HistoryEntry {
  diff: GraphDiff
  /** Locale key of what was done, `canvas:history.<label>`. */
  label: string
  /** Changes with one key in quick succession are one step: the keystrokes of a field. */
  merge?: string
  at: number
}
export interface History {
  past: HistoryEntry[]
  future: HistoryEntry[]
}
export const noHistory: History = { past: [], future: [] }

/** Two keystrokes further apart than this are two steps. Milliseconds. */
export const mergeWindow = 1500
/** More than anybody takes back; what is kept over a reload is bounded by the room on the device. */
const maxSteps = 2000

export function remember(history: History, entry: HistoryEntry): History {
  const last = history.past.at(-1)
  if (last && entry.merge !== undefined && last.merge === entry.merge && entry.at - last.at <= mergeWindow) {
    const diff = mergeDiffs(last.diff, entry.diff)
    const before = history.past.slice(0, -1)
    // Typed and deleted again: nothing was done.
    if (isEmptyDiff(diff)) return { past: before, future: [] }
    return { past: [...before, { ...last, diff, at: entry.at }], future: [] }
  }
  return { past: [...history.past.slice(1 - maxSteps), entry], future: [] }
}

/**
 * The change that takes `diff` back where the document still is as `diff` left it. What somebody else has changed since
 * stays theirs: undo is a person's own changes only.
 */
export function reverseOf(document: GraphDocument, diff: GraphDiff, id: string): GraphDiff {
  const reverse = invertDiff(diff, id)
  const records = toRecords(document)
  const still: GraphDiff = { id, added: {}, removed: {}, updated: {} }
  for (const [key, record] of Object.entries(reverse.added)) if (records[key] === undefined) still.added[key] = record
  for (const key of Object.keys(reverse.removed)) if (records[key] !== undefined) still.removed[key] = records[key]
  for (const [key, changes] of Object.entries(reverse.updated)) {
    if (records[key] === undefined) continue
    const kept = Object.entries(changes).filter(
      ([path, [left]]) => canonicalJson(valueAt(records[key], path) ?? null) === canonicalJson(left),
    )
    if (kept.length > 0) still.updated[key] = Object.fromEntries(kept)
  }
  return still
}

/** Applies a diff and keeps the identity of every record that stays equal, so that only what changed is drawn again. */
export function applyKeeping(document: GraphDocument, diff: GraphDiff): GraphDocument {
  return keepIdentity(document, applyDiff(document, diff))
}

/** `next`, with each table and record taken from `before` where they are equal. */
export function keepIdentity(before: GraphDocument, next: GraphDocument): GraphDocument {
  const table = <T>(old: Record<string, T>, now: Record<string, T>): Record<string, T> => {
    let equal = Object.keys(old).length === Object.keys(now).length
    const result: Record<string, T> = {}
    for (const [id, record] of Object.entries(now)) {
      const known = old[id]
      const kept = known !== undefined && (known === record || canonicalJson(known) === canonicalJson(record))
      result[id] = kept ? known : record
      if (!kept) equal = false
    }
    return equal ? old : result
  }
  const positions = table(before.view.positions, next.view.positions)
  const groups = table(before.view.groups, next.view.groups)
  const notes = table(before.view.notes, next.view.notes)
  const sameView = positions === before.view.positions && groups === before.view.groups && notes === before.view.notes
  return {
    ...next,
    nodes: table(before.nodes, next.nodes),
    edges: table(before.edges, next.edges),
    dialogs: table(before.dialogs, next.dialogs),
    variables: table(before.variables, next.variables),
    parameters: table(before.parameters, next.parameters),
    languages: canonicalJson(before.languages) === canonicalJson(next.languages) ? before.languages : next.languages,
    view: sameView ? before.view : { positions, groups, notes },
  }
}
