import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { groupItem, noteItem } from './item-id.ts'

export const hitKinds = ['block', 'text', 'note', 'group', 'variable', 'parameter'] as const

/** One place where the words were found. */
export interface Hit {
  key: string
  kind: (typeof hitKinds)[number]
  /** What to show on the canvas; null where it is not drawn there. */
  item: string | null
  /** The field of the block's settings. */
  field?: string
  /** Of which language the text is, where it is in several. */
  language?: string
  /** The words with a little of what stands around them. */
  excerpt: { before: string; match: string; after: string }
}

const around = { before: 24, after: 72 }
const most = 300

/**
 * Everything in a bot that people have written or can read: names and types of blocks, texts in any language inside their
 * settings, variables, parameters, notes, groups. Upper and lower case, and full and half width, are the same.
 */
export function findInDocument(
  document: GraphDocument,
  words: string,
  namesOf: (node: NodeRecord) => readonly string[],
): Hit[] {
  const wanted = fold(words.trim())
  if (wanted === '') return []
  const hits: Hit[] = []
  const look = (text: string, hit: Omit<Hit, 'excerpt'>): boolean => {
    const at = fold(text).indexOf(wanted)
    if (at >= 0) hits.push({ ...hit, excerpt: excerptOf(text, at, wanted.length) })
    return at >= 0
  }
  for (const node of Object.values(document.nodes)) {
    namesOf(node).some((name) => look(name, { key: `block ${node.id}`, kind: 'block', item: node.id }))
    for (const [field, value] of Object.entries(node.config))
      for (const text of textsIn(value, document.languages, field))
        look(text.text, {
          key: `text ${node.id} ${text.path}`,
          kind: 'text',
          item: node.id,
          field,
          ...(text.language && { language: text.language }),
        })
  }
  const { notes, groups } = document.view
  for (const { id, text } of Object.values(notes)) look(text, { key: `note ${id}`, kind: 'note', item: noteItem(id) })
  for (const { id, name } of Object.values(groups))
    look(name, { key: `group ${id}`, kind: 'group', item: groupItem(id) })
  for (const { id, name, default: value } of Object.values(document.variables))
    [name, String(value ?? '')].some((text) => look(text, { key: `variable ${id}`, kind: 'variable', item: null }))
  for (const { id, name, title, value } of Object.values(document.parameters)) {
    const texts = [name, ...Object.values(title), ...textsIn(value, document.languages, '').map(({ text }) => text)]
    texts.some((text) => look(text, { key: `parameter ${id}`, kind: 'parameter', item: null }))
  }
  return hits.sort((a, b) => hitKinds.indexOf(a.kind) - hitKinds.indexOf(b.kind)).slice(0, most)
}

/** Ids of ours, such as `lbl_4kd0…`: nobody has written them. */
const anId = /^[a-z]{1,5}_[0-9a-z]{8,}$/

interface Text {
  text: string
  path: string
  language?: string
}

function textsIn(value: unknown, languages: readonly string[], path: string, language?: string): Text[] {
  if (typeof value === 'string')
    return value === '' || anId.test(value) ? [] : [{ text: value, path, ...(language && { language }) }]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) =>
    textsIn(inner, languages, `${path}/${key}`, languages.includes(key) ? key : language),
  )
}

/** Letter by letter, so that a place in the folded text is the same place in the text. */
function fold(text: string): string {
  let folded = ''
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!
    const simple = letter.normalize('NFKC').toLowerCase()
    folded += simple.length === 1 ? simple : letter
  }
  return folded
}

function excerptOf(text: string, at: number, length: number): Hit['excerpt'] {
  const line = (part: string) => part.replace(/\s+/g, ' ')
  const from = Math.max(0, at - around.before)
  const to = Math.min(text.length, at + length + around.after)
  return {
    before: (from > 0 ? '…' : '') + line(text.slice(from, at)),
    match: line(text.slice(at, at + length)),
    after: line(text.slice(at + length, to)) + (to < text.length ? '…' : ''),
  }
}
