import { z } from 'zod'
import { BotloomError, entitySpan, firstIssue } from '#kit'
import { type GraphDocument, safeJson } from '#runtime/graph/document.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import { maxRowLength } from '#server/data/set-store.ts'
import { storableText } from '#server/data/storable-text.ts'

/** The format of a bot file that this build writes; newer ones are refused. The document inside has a format of its own. */
export const botFileFormat = 1

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,80}$/)
/** As the database keeps it, so that what is checked is what is stored. */
const words = (most: number) => z.string().max(most).transform(storableText).pipe(z.string().min(1))
const row = z.strictObject({
  text: words(maxRowLength),
  pair: words(maxRowLength).optional(),
  label: id.optional(),
  language: words(35).optional(),
  group: words(200).optional(),
  outOfScope: z.literal(true).optional(),
  entities: z.array(entitySpan).max(500).optional(),
  split: z.literal('train').optional(),
})
const set = z.strictObject({
  id,
  name: words(200),
  labels: z.array(z.strictObject({ id, name: words(maxRowLength) })).max(100_000),
  rows: z.array(row),
})
const file = z.strictObject({ id, name: words(200), content: z.base64() })

/** A whole bot but for its models, versions, conversations and whom it answers: those belong to the installation. */
const botFile = z.strictObject({
  botloom: z.literal('bot'),
  format: z.literal(botFileFormat),
  name: z.string().trim().min(1).max(80),
  template: z.string().max(64).nullable(),
  document: z.unknown(),
  sets: z.array(set).max(200),
  /** Uploads that blocks name. */
  files: z.array(file).max(100),
})
export type BotFile = Omit<z.infer<typeof botFile>, 'document'> & { document: GraphDocument }

/**
 * An uploaded file to a bot. Throws `bot-file-unreadable` for what is none, `bot-file-newer`, `bot-file-invalid` with the place
 * of the first fault, and what `parseDocument` throws.
 */
export function parseBotFile(bytes: Uint8Array): BotFile {
  const json = readJson(bytes)
  if (!isObject(json) || json.botloom !== 'bot') throw new BotloomError('bot-file-unreadable')
  const format = Number(json.format)
  if (Number.isInteger(format) && format > botFileFormat)
    throw new BotloomError('bot-file-newer', { format, known: botFileFormat })
  const parsed = safeJson.pipe(botFile).safeParse(json)
  if (!parsed.success) {
    const { place, params } = firstIssue(parsed.error)
    throw new BotloomError('bot-file-invalid', { place: place || '-', ...params })
  }
  for (const part of ['sets', 'files'] as const)
    if (new Set(parsed.data[part].map((one) => one.id)).size < parsed.data[part].length)
      throw new BotloomError('bot-file-invalid', { place: part, issue: 'id-differs' })
  for (const [index, { labels, rows }] of parsed.data.sets.entries()) {
    const ids = new Set(labels.map((label) => label.id))
    if (ids.size < labels.length || new Set(labels.map((label) => label.name)).size < labels.length)
      throw new BotloomError('bot-file-invalid', { place: `sets.${index}.labels`, issue: 'id-differs' })
    const astray = rows.findIndex(({ label }) => label !== undefined && !ids.has(label))
    if (astray >= 0)
      throw new BotloomError('bot-file-invalid', { place: `sets.${index}.rows.${astray}.label`, issue: 'id-differs' })
  }
  return { ...parsed.data, document: parseDocument(parsed.data.document) }
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new BotloomError('bot-file-unreadable')
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
