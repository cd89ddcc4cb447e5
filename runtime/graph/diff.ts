import { z } from 'zod'
import { safeJson } from './document.ts'

/**
 * The document as a flat table of records, and a change as a diff over it: the same diff serves undo, autosave, sync
 * and history. A record's key is `nodes/<id>`, `edges/<id>`, `dialogs/<id>`, `variables/<id>`, `parameters/<id>`,
 * `positions/<id>`, `groups/<id>`, `notes/<id>` or `bot` (languages, time zone, origin).
 * A path inside a record is a JSON pointer (RFC 6901) such as `/config/text/en`; `null` means absent on that side.
 */
export type RecordKey = string
export interface GraphDiff {
  /** Made by the one who changed; applying a diff twice changes nothing. */
  id: string
  added: Record<RecordKey, unknown>
  removed: Record<RecordKey, unknown>
  updated: Record<RecordKey, Record<string, [from: unknown, to: unknown]>>
}

// The look for `__proto__` comes first: a record schema drops such a key in silence.
export const graphDiff: z.ZodType<GraphDiff> = safeJson.pipe(
  z.strictObject({
    id: z.string().min(8).max(64),
    added: z.record(z.string(), z.unknown()),
    removed: z.record(z.string(), z.unknown()),
    updated: z.record(z.string(), z.record(z.string(), z.tuple([z.unknown(), z.unknown()]))),
  }),
)

/** Two people set one field: the later one stands, the other value is kept here and shown. */
export const clash = z.strictObject({
  record: z.string(),
  /** Empty where one deleted the record and the other changed it; `other` then holds the changes. */
  path: z.string(),
  /** The value that stands. */
  kept: z.unknown(),
  /** The value that was set aside. */
  other: z.unknown(),
  diff: z.string(),
})
export type Clash = z.infer<typeof clash>
