import { BotloomError } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'

/** Refuses a record that is kept under another id than its own, which no schema sees. Throws `graph-invalid`. */
export function checkIds(document: GraphDocument): void {
  for (const table of ['nodes', 'edges', 'dialogs', 'variables', 'parameters'] as const)
    for (const [id, record] of Object.entries(document[table]))
      if (record.id !== id) throw new BotloomError('graph-invalid', { place: `${table}.${id}.id`, issue: 'id-differs' })
}
