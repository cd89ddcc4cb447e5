import { parse } from 'yaml'

/** The names of a column's classes, in the order of their ids. */
export type ClassNames = Map<string, string[]>

/** `features` as `dataset_infos.json` and the library's own Parquet files have them: a column's name, and what it is. Untrusted. */
export function namesOfFeatures(features: unknown, into: ClassNames = new Map()): ClassNames {
  for (const [column, feature] of entriesOf(features)) {
    const names = namesIn(feature) ?? namesIn(fieldOf(feature, 'feature'))
    if (names) into.set(column, names)
  }
  return into
}

/** Of one configuration of a data set or of several; the first that says something counts. */
export function namesOfInfos(json: string): ClassNames {
  const names: ClassNames = new Map()
  const value: unknown = JSON.parse(json)
  for (const info of [value, ...entriesOf(value).map(([, one]) => one)])
    if (names.size === 0) namesOfFeatures(fieldOf(info, 'features'), names)
  return names
}

/** The card of a data set says it in the YAML between its first two lines of dashes. Throws what the parser of YAML throws. */
export function namesOfCard(readme: string): ClassNames {
  const names: ClassNames = new Map()
  const front = /^---\r?\n([\s\S]{0,1000000}?)\r?\n---/u.exec(readme)?.[1]
  if (front === undefined) return names
  // Aliases are counted by the parser; a card needs none.
  const said: unknown = parse(front, { maxAliasCount: 0, logLevel: 'silent' })
  const infos = fieldOf(said, 'dataset_info')
  for (const info of Array.isArray(infos) ? infos : [infos]) {
    if (names.size > 0) break
    for (const feature of listOf(fieldOf(info, 'features'))) {
      const column = fieldOf(feature, 'name')
      const own =
        fieldOf(fieldOf(feature, 'dtype'), 'class_label') ?? fieldOf(fieldOf(feature, 'sequence'), 'class_label')
      const found = namesIn(own)
      if (typeof column === 'string' && found) names.set(column, found)
    }
  }
  return names
}

/** A list of names, or an object from ids to names. */
function namesIn(value: unknown): string[] | null {
  const names = fieldOf(value, 'names')
  if (Array.isArray(names)) return names.every((name) => typeof name === 'string') ? names : null
  const byId = entriesOf(names)
  if (byId.length === 0 || !byId.every(([id, name]) => /^\d{1,6}$/u.test(id) && typeof name === 'string')) return null
  const list: string[] = []
  for (const [id, name] of byId) list[Number(id)] = name as string
  return Array.from(list, (name, id) => name ?? String(id))
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
