import type { EntitySpan } from '#kit'
import { storableText } from './storable-text.ts'

/** What a record says of its entities: tags of tokens, or parts of the text. Untrusted. */
export type EntityMarks = { tokens: unknown[]; tags: unknown[] } | { spans: unknown[] }
export type EntityFault = 'entity-tokens' | 'entity-tags' | 'entity-spans'

const tokenKeys = ['tokens', 'words']
const tagKeys = ['slots', 'tags', 'ner_tags', 'bio', 'bio_tags']
const spanKeys = ['entities', 'spans']

/** Finds the marks by the names that such columns have: `tokens` beside `slots`, or `entities`. Undefined where there are none. */
export function entityMarks(record: object): EntityMarks | undefined {
  const fields = new Map<string, unknown>(Object.entries(record))
  const list = (keys: readonly string[]): unknown[] | undefined => {
    for (const key of keys) {
      const value = fields.get(key)
      if (Array.isArray(value)) return value
    }
    return undefined
  }
  const spans = list(spanKeys)
  if (spans) return { spans }
  const tokens = list(tokenKeys)
  const tags = list(tagKeys)
  return tokens && tags ? { tokens, tags } : undefined
}

/** The entities of a text, in its order; or what is wrong with what is said of them. Spans count UTF-16 units, as JavaScript and Java do. */
export function readEntities(marks: EntityMarks, text: string): EntitySpan[] | EntityFault {
  return 'spans' in marks ? fromSpans(marks.spans, text) : fromTags(marks.tokens, marks.tags, text)
}

/** Entities of `text` as those of the text without spaces around it. */
export function trimEntities(text: string, entities: readonly EntitySpan[]): EntitySpan[] {
  const from = text.length - text.trimStart().length
  const length = text.trim().length
  return entities.flatMap(({ start, end, type }) => {
    const own = { start: Math.max(0, start - from), end: Math.min(length, end - from), type }
    return own.start < own.end ? [own] : []
  })
}

/** BIO and BIOES; a part that begins with I or E, as in IOB1, begins all the same (so does `conlleval`). */
const tagForm = /^(?:O|([BIES])-(\S{1,100}))$/u

function fromTags(tokens: readonly unknown[], tags: readonly unknown[], text: string): EntitySpan[] | EntityFault {
  if (tokens.length !== tags.length) return 'entity-tags'
  const entities: EntitySpan[] = []
  let open: EntitySpan | undefined
  let at = 0
  for (const [i, token] of tokens.entries()) {
    const form = typeof tags[i] === 'string' ? tagForm.exec(tags[i]) : null
    if (!form) return 'entity-tags'
    if (typeof token !== 'string') return 'entity-tokens'
    const own = storableText(token)
    const start = text.indexOf(own, at)
    // Only spaces may lie between two tokens, else the tags stand for other places than they say.
    if (start < 0 || text.slice(at, start).trim() !== '') return 'entity-tokens'
    at = start + own.length
    const [, place, type] = form
    if (place === undefined || type === undefined || own === '') {
      open = undefined
      continue
    }
    if (open && open.type === type && (place === 'I' || place === 'E')) open.end = at
    else {
      open = { start, end: at, type }
      entities.push(open)
    }
    if (place === 'E' || place === 'S') open = undefined
  }
  return text.slice(at).trim() === '' ? entities : 'entity-tokens'
}

function fromSpans(spans: readonly unknown[], text: string): EntitySpan[] | EntityFault {
  const entities: EntitySpan[] = []
  for (const span of spans) {
    const own = toSpan(span)
    if (!own || own.end > text.length || text.slice(own.start, own.end).trim() === '') return 'entity-spans'
    if (cutsCharacter(text, own.start) || cutsCharacter(text, own.end)) return 'entity-spans'
    entities.push(own)
  }
  entities.sort((a, b) => a.start - b.start)
  return entities.some((own, i) => i > 0 && own.start < entities[i - 1]!.end) ? 'entity-spans' : entities
}

/** `{start, end, type}`, with `label` or `entity` for the type as others write it. */
function toSpan(value: unknown): EntitySpan | null {
  if (typeof value !== 'object' || value === null) return null
  const { start, end, type, label, entity } = value as Record<string, unknown>
  const name = [type, label, entity].find((one) => typeof one === 'string')
  if (typeof name !== 'string' || name.trim() === '') return null
  if (!Number.isInteger(start) || !Number.isInteger(end)) return null
  const [from, to] = [Number(start), Number(end)]
  return from >= 0 && from < to ? { start: from, end: to, type: storableText(name.trim()).slice(0, 100) } : null
}

/** Between the two halves of a surrogate pair. */
function cutsCharacter(text: string, at: number): boolean {
  return at > 0 && /[\ud800-\udbff]/.test(text[at - 1]!) && /[\udc00-\udfff]/.test(text[at] ?? '')
}
