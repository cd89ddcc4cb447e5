import { z } from 'zod'
import { type IssueKey, language, localText } from '#kit'

/** The document format that this build writes. Older ones are lifted by `migrations/documents`, newer ones are refused. */
export const documentFormat = 1

/** Ids of blocks, wires, dialogs ...: short, safe in a path of a diff and in an xstate state name. */
export const recordId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)
  .refine((id) => ownName(id))

/** Names that every object has are nobody's names. */
const ownName = (name: string): boolean => name !== '__proto__' && name !== 'constructor' && name !== 'prototype'

/** JSON without `__proto__` in a key at any depth, since a merge of such a key reaches the prototype. */
export const safeJson: z.ZodType<unknown> = z
  .unknown()
  .refine((value) => !hasProtoKey(value), { params: { issue: 'proto-key' satisfies IssueKey } })

export const nodeRecord = z.strictObject({
  id: recordId,
  type: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,40}$/)
    .refine(ownName),
  /** The block version that wrote `config`. */
  version: z.number().int().min(1),
  name: z.string().max(80).optional(),
  /** The dialog that the block belongs to; pipeline blocks live in `main` as well. */
  dialog: recordId,
  config: safeJson.pipe(z.record(z.string(), z.unknown())),
})
export type NodeRecord = z.infer<typeof nodeRecord>

/** A port's id: an identifier of ours, or a label's id such as `lbl_x`. */
export const portId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,80}$/)
const end = z.strictObject({ node: recordId, port: portId })
export const edgeRecord = z.strictObject({ id: recordId, from: end, to: end })
export type EdgeRecord = z.infer<typeof edgeRecord>

const valueName = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{N}_]{0,39}$/u)
  .refine(ownName)
export const variableType = z.enum(['text', 'number', 'date', 'boolean', 'choice'])
/** A variable of a conversation; keyed by its id, shown and used in texts by its name. */
export const variableRecord = z.strictObject({
  id: recordId,
  name: valueName,
  type: variableType,
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
})
export type VariableRecord = z.infer<typeof variableRecord>

/** A parameter of the whole bot (brand, hours ...), filled by a form and usable in texts as `{{name}}`. */
export const parameterRecord = z.strictObject({
  id: recordId,
  name: valueName,
  title: localText,
  type: z.enum(['text', 'local-text', 'choice', 'url', 'languages']),
  options: z.array(z.strictObject({ value: z.string(), title: localText })).optional(),
  value: z.union([z.string(), localText, z.array(z.string())]),
})
export type ParameterRecord = z.infer<typeof parameterRecord>

export const dialogRecord = z.strictObject({ id: recordId, name: z.string().max(80), parameters: z.array(recordId) })
const position = z.strictObject({ x: z.number(), y: z.number() })
export const noteRecord = z.strictObject({
  id: recordId,
  /** The dialog on whose canvas it lies; absent: the main one. */
  dialog: recordId.optional(),
  text: z.string().max(2000),
  position,
  size: z.strictObject({ width: z.number(), height: z.number() }),
})
export const groupRecord = z.strictObject({ id: recordId, name: z.string().max(80), nodes: z.array(recordId) })

/**
 * The whole bot: both halves, one graph. Rows, code and port lists are never stored in it.
 * `contentHash` leaves `view` out; `draftHash` covers everything.
 */
export const graphDocument = z.strictObject({
  format: z.literal(documentFormat),
  id: z.string().min(1).max(64),
  nodes: z.record(recordId, nodeRecord),
  edges: z.record(recordId, edgeRecord),
  dialogs: z.record(recordId, dialogRecord),
  view: z.strictObject({
    positions: z.record(recordId, position),
    groups: z.record(recordId, groupRecord),
    notes: z.record(recordId, noteRecord),
  }),
  variables: z.record(recordId, variableRecord),
  parameters: z.record(recordId, parameterRecord),
  /** The first one is the language that a conversation starts in when nothing tells another. */
  languages: z.array(language).min(1).max(20),
  /** IANA time zone for dates that visitors type. */
  timeZone: z.string().default('Asia/Shanghai'),
  origin: z.strictObject({ template: z.string(), version: z.string() }).optional(),
})
export type GraphDocument = z.infer<typeof graphDocument>

/** The dialog that a conversation starts in. */
export const mainDialog = 'main'

export function emptyDocument(id: string, languages: string[] = ['zh-CN', 'en']): GraphDocument {
  return {
    format: documentFormat,
    id,
    nodes: {},
    edges: {},
    dialogs: { [mainDialog]: { id: mainDialog, name: 'main', parameters: [] } },
    view: { positions: {}, groups: {}, notes: {} },
    variables: {},
    parameters: {},
    languages,
    timeZone: 'Asia/Shanghai',
  }
}

/** Deeper than any document; what is nested further is refused before it exhausts the stack. */
const deepest = 100

/** A key counts by its parts: `nodes/__proto__` and `/config/__proto__` of a diff reach as far as the bare name. */
function hasProtoKey(value: unknown, depth = 0): boolean {
  if (value === null || typeof value !== 'object') return false
  if (depth > deepest) return true
  if (Array.isArray(value)) return value.some((item) => hasProtoKey(item, depth + 1))
  return Object.entries(value).some(
    ([key, inner]) => key.split('/').includes('__proto__') || hasProtoKey(inner, depth + 1),
  )
}
