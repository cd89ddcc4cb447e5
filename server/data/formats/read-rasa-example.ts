/** A part in square brackets, and behind it what it is: in round ones, in curly ones, or a list of those. */
const annotation =
  /\[([^\][]+)\](?:\(([^():]+)(?::[^()]*)?\)|(\{[^{}]*\})|(\[\s*\{[^{}]*\}(?:\s*,\s*\{[^{}]*\})*\s*\]))/gu

interface RasaExample {
  text: string
  spans: { start: number; end: number; type: string }[]
  /** Entities that have a role or a group, which a part of a text has not here. */
  roles: number
}

/**
 * An example with its entities, as `fly to [Berlin](city)` or `fly to [Berlin]{"entity": "city", "role": "to"}`. Of several entities in
 * one place the first counts. Square brackets without anything behind them are words.
 */
export function readRasaExample(words: string): RasaExample | 'entity-spans' {
  const spans: RasaExample['spans'] = []
  let text = ''
  let roles = 0
  let at = 0
  for (const found of words.matchAll(annotation)) {
    const [whole, part = '', named, object, list] = found
    const said = named === undefined ? entityOf(object ?? list ?? '') : { entity: named.trim(), role: false }
    if (said === null || part.trim() === '') return 'entity-spans'
    text += words.slice(at, found.index)
    spans.push({ start: text.length, end: text.length + part.length, type: said.entity })
    text += part
    roles += said.role ? 1 : 0
    at = found.index + whole.length
  }
  return { text: text + words.slice(at), spans, roles }
}

function entityOf(json: string): { entity: string; role: boolean } | null {
  try {
    const value: unknown = JSON.parse(json)
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first !== 'object' || first === null || !('entity' in first)) return null
    const { entity } = first
    if (typeof entity !== 'string' || entity.trim() === '') return null
    return { entity: entity.trim(), role: 'role' in first || 'group' in first }
  } catch {
    return null
  }
}
