import { z } from 'zod'
import { storableText } from '#server/data/storable-text.ts'

/** Without NUL, which neither our store nor any of the databases takes. */
const words = (longest: number) => z.string().max(longest).transform(storableText)
const named = (longest: number) => z.string().trim().min(1).max(longest).transform(storableText)
const host = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}._:[\]-]{1,253}$/u)

/** `verify`: encrypted, and the certificate must be good; `encrypt`: encrypted, whoever it is; `off`: readable on its way. */
const tls = z.enum(['verify', 'encrypt', 'off'])
const login = {
  host,
  port: z.number().int().min(1).max(65_535),
  database: words(200).default(''),
  user: words(200).default(''),
  tls,
}
const header = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/),
  value: z
    .string()
    .max(8_000)
    .regex(/^[^\r\n\0]*$/),
  secret: z.boolean(),
})

/** How to reach a place that rows come from, with its secrets: what a person sends, never what is answered. */
export const connectionRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('postgres'), name: named(80), ...login, password: words(1_000).default('') }),
  z.strictObject({ kind: z.literal('mysql'), name: named(80), ...login, password: words(1_000).default('') }),
  z.strictObject({
    kind: z.literal('http'),
    name: named(80),
    url: z.string().trim().min(1).max(2_000),
    headers: z.array(header).max(20).default([]),
  }),
])
export type ConnectionRequest = z.output<typeof connectionRequest>
export type ConnectionKind = ConnectionRequest['kind']
export type DatabaseKind = Exclude<ConnectionKind, 'http'>
export type DatabaseRequest = Exclude<ConnectionRequest, { kind: 'http' }>
export type HttpRequest = Extract<ConnectionRequest, { kind: 'http' }>

/** How an answer leads to the next rows. `at` of a cursor is the place of the next one's value in the answer. */
const paging = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('none') }),
  z.strictObject({ by: z.literal('page'), parameter: named(100), first: z.number().int().min(0).max(1) }),
  z.strictObject({ by: z.literal('offset'), parameter: named(100) }),
  z.strictObject({ by: z.literal('cursor'), parameter: named(100), at: named(200) }),
  z.strictObject({ by: z.literal('link') }),
])
export type Paging = z.output<typeof paging>

/** Which rows of a connection. */
export const sourceQuery = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('table'), schema: words(200), table: named(200) }),
  z.strictObject({ from: z.literal('statement'), sql: named(20_000) }),
  z.strictObject({
    from: z.literal('pages'),
    /** Where the list of rows is in an answer, as `data.items`; null: it is found. */
    rowsAt: words(200).nullable().default(null),
    paging,
  }),
])
export type SourceQuery = z.output<typeof sourceQuery>

/** What each column is, as for files. */
export const mapping = z.strictObject({
  textColumn: z.string().max(200),
  pairColumn: z.string().max(200).nullable().default(null),
  labelColumn: z.string().max(200).nullable(),
  label: z.string().trim().min(1).max(200).nullable(),
  outOfScope: z.boolean().default(false),
})
export type Mapping = z.output<typeof mapping>

/** Most rows of one import. */
export const mostRows = 1_000_000
export const sourceRequest = z.strictObject({
  connection: z.string().max(64),
  name: named(120),
  query: sourceQuery,
  mapping,
  /** The column whose values grow: what lies beyond its last one is new. */
  cursorColumn: z.string().max(200).nullable(),
  /** Rows of one import at most. */
  most: z.number().int().min(1).max(mostRows).default(mostRows),
})
export type SourceRequest = z.output<typeof sourceRequest>

/** Where an import stopped. `ties` counts the rows that were brought in with just this value, by the hash of the row. */
export interface SourceCursor {
  value: string
  ties: Record<string, number>
}
