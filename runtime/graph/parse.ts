import { BotloomError, firstIssue } from '#kit'
import { documentFormat, type GraphDocument, graphDocument } from './document.ts'

/** Lifts a document from the format before; the index is the format that it starts from. */
export type DocumentMigration = (document: Record<string, unknown>) => Record<string, unknown>

/**
 * Untrusted JSON to a document of the current format.
 * Throws `graph-newer`, `graph-not-document` or `graph-invalid` (with the place of the first fault).
 */
export function parseDocument(json: unknown, migrations: Record<number, DocumentMigration> = {}): GraphDocument {
  if (json === null || typeof json !== 'object' || Array.isArray(json) || !('format' in json))
    throw new BotloomError('graph-not-document')
  let document = json as Record<string, unknown>
  const format = Number(document.format)
  if (!Number.isInteger(format) || format < 1) throw new BotloomError('graph-not-document')
  if (format > documentFormat) throw new BotloomError('graph-newer', { format, known: documentFormat })
  for (let at = format; at < documentFormat; at++)
    document = { ...(migrations[at]?.(document) ?? document), format: at + 1 }
  const parsed = graphDocument.safeParse(document)
  if (parsed.success) return parsed.data
  const { place, params } = firstIssue(parsed.error)
  throw new BotloomError('graph-invalid', { place, ...params })
}
