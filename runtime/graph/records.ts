import type { RecordKey } from './diff.ts'
import type { GraphDocument } from './document.ts'

/** The document as one flat table, which diffs, undo and sync work on. */
export type RecordTable = Record<RecordKey, unknown>

/** Where each kind of record lives in the document. */
const tables = {
  nodes: (d: GraphDocument) => d.nodes,
  edges: (d: GraphDocument) => d.edges,
  dialogs: (d: GraphDocument) => d.dialogs,
  variables: (d: GraphDocument) => d.variables,
  parameters: (d: GraphDocument) => d.parameters,
  positions: (d: GraphDocument) => d.view.positions,
  groups: (d: GraphDocument) => d.view.groups,
  notes: (d: GraphDocument) => d.view.notes,
} as const
type Kind = keyof typeof tables

/** Key of the one record that holds what is not a table. */
export const botRecord = 'bot'

export function toRecords(document: GraphDocument): RecordTable {
  const records: RecordTable = { [botRecord]: botPart(document) }
  for (const [kind, table] of Object.entries(tables))
    for (const [id, record] of Object.entries(table(document))) records[`${kind}/${id}`] = record
  return records
}

/** The inverse of `toRecords`; the result is not validated. */
export function fromRecords(records: RecordTable): GraphDocument {
  const parts: Record<Kind, Record<string, unknown>> = {
    nodes: {},
    edges: {},
    dialogs: {},
    variables: {},
    parameters: {},
    positions: {},
    groups: {},
    notes: {},
  }
  for (const [key, record] of Object.entries(records)) {
    const [kind, id] = splitKey(key)
    if (kind && id) parts[kind][id] = record
  }
  const { positions, groups, notes, ...tablesOfDocument } = parts
  // The caller validates with the document schema where the records came from outside.
  return { ...(records[botRecord] as object), ...tablesOfDocument, view: { positions, groups, notes } } as GraphDocument
}

export function splitKey(key: RecordKey): [Kind | null, string] {
  const slash = key.indexOf('/')
  const kind = key.slice(0, slash)
  return Object.hasOwn(tables, kind) ? [kind as Kind, key.slice(slash + 1)] : [null, '']
}

function botPart(document: GraphDocument): unknown {
  const { format, id, languages, timeZone, origin } = document
  return origin ? { format, id, languages, timeZone, origin } : { format, id, languages, timeZone }
}
