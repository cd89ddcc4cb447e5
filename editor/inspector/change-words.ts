import i18next from 'i18next'
import { languageName, number } from '#editor/app/ui/words.ts'
import { blockName, blockText } from '#editor/canvas/words.ts'
import { registry } from '#editor/document/registry.ts'
import type { FieldRef } from '#kit/fields.ts'
import type { RecordKey } from '#runtime/graph/diff.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { pathOf } from '#runtime/graph/pointer.ts'
import { splitKey } from '#runtime/graph/records.ts'
import { type Field, fieldsOf } from './fields.ts'

const t = (key: string, params: Record<string, unknown> = {}): string => i18next.t(key, { ns: 'changes', ...params })

/** What a config refers to by ids that nobody can read. */
const namedById: ReadonlySet<FieldRef> = new Set<FieldRef>(['set', 'file', 'dialog', 'block'])

/** Names of what a config refers to by an id, such as sets; empty where it is not known. */
export type NameOf = (id: string) => string
const noNames: NameOf = () => ''

/** Names of what lies in a document itself. */
export const namesIn =
  (document: Pick<GraphDocument, 'nodes' | 'dialogs'>): NameOf =>
  (id) =>
    document.nodes[id] ? blockName(document.nodes[id]) : (document.dialogs[id]?.name ?? '')

/** What a change of a document is about, as a person calls it: a block's name, a wire's ends. */
export function recordWords(key: RecordKey, record: unknown, document: GraphDocument): string {
  const [kind, id] = splitKey(key)
  const name = (node: string) => (document.nodes[node] ? blockName(document.nodes[node]) : t('gone'))
  switch (kind) {
    case 'nodes':
      return isPlain(record) ? blockName(record as NodeRecord) : name(id)
    case 'edges': {
      const edge = record as GraphDocument['edges'][string] | undefined
      return edge ? `${name(edge.from.node)} → ${name(edge.to.node)}` : t('kind.edges')
    }
    case 'positions':
      return name(id)
    case 'variables':
    case 'parameters':
    case 'groups':
    case 'dialogs':
      return isPlain(record) && typeof record.name === 'string' ? record.name : t(`kind.${kind}`)
    case 'notes':
      return isPlain(record) && typeof record.text === 'string' ? record.text.slice(0, 60) : t('kind.notes')
    default:
      return t('kind.bot')
  }
}

/** The name of the place that a path points to, in the words of the form: "Reply · English". */
export function pathWords(key: RecordKey, record: unknown, path: string): string {
  const [first = '', ...rest] = pathOf(path)
  const field = fieldAt(record, path)
  if (field) {
    const inside = rest.slice(1).map((part) => (isLanguage(part) ? languageName(part) : part))
    return [blockText(field.title) || field.name, ...inside].join(' · ')
  }
  const [kind] = splitKey(key)
  return t(`part.${kind === 'positions' ? 'place' : first}`, { defaultValue: first })
}

/** A value as the form shows it, one line an item of a list; `path` tells which field of which block it is of. */
export function valueWords(record: unknown, path: string, value: unknown, nameOf: NameOf = noNames): string {
  const field = fieldAt(record, path)
  const inside = pathOf(path).length > 2
  return wordsOf(value, inside ? null : field, nameOf)
}

function wordsOf(value: unknown, field: Field | null, nameOf: NameOf): string {
  if (value === null || value === undefined || value === '') return t('nothing')
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') return number(value, 6)
  if (typeof value === 'string') {
    if (field?.ref && namedById.has(field.ref)) return nameOf(value) || t(`ref.${field.ref}`)
    return (field && field.options.length > 0 && blockText(`${field.title}.${value}`)) || value
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return t('nothing')
    const lines = value.map((item) => wordsOf(item, field, nameOf))
    return lines.join(value.some(isPlain) ? '\n' : ', ')
  }
  if (!isPlain(value)) return String(value)
  const entries = Object.entries(value).filter(([key, inner]) => key !== 'id' && inner !== '' && inner !== null)
  if (entries.length === 0) return t('nothing')
  const inner = field?.item?.fields
  return entries
    .map(([key, one]) => {
      const own = inner?.find((candidate) => candidate.name === key) ?? null
      const label = own ? blockText(own.title) || key : isLanguage(key) ? languageName(key) : key
      return entries.length === 1 ? wordsOf(one, own, nameOf) : `${label}: ${wordsOf(one, own, nameOf)}`
    })
    .join(inner ? ' · ' : '\n')
}

function fieldAt(record: unknown, path: string): Field | null {
  const [part, name] = pathOf(path)
  if (part !== 'config' || !isPlain(record) || typeof record.type !== 'string') return null
  const definition = registry.nodes[record.type]
  return definition ? (fieldsOf(definition.config).find((field) => field.name === name) ?? null) : null
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function isLanguage(part: string): boolean {
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(part)
}
