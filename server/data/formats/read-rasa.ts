import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { BotloomError } from '#kit'
import type { LeftOutKind } from '../records.ts'
import { type Labelled, leaveOut, nothingLabelled } from './labelled.ts'
import { readRasaExample } from './read-rasa-example.ts'

/** A file of examples has a megabyte at most. The parser takes a second for two, and nobody else gets a turn meanwhile. */
const longest = 8 * 2 ** 20

const sections: Record<string, LeftOutKind> = { synonym: 'synonyms', regex: 'regexes', lookup: 'lookups' }

export function isRasaYaml(text: string, file: string): boolean {
  if (/\.ya?ml$/iu.test(file)) return true
  return /^nlu:/mu.test(text) && /^[ \t]*-[ \t]+(?:intent|synonym|regex|lookup):/mu.test(text)
}

/**
 * The `nlu` section of Rasa's training data (format 2.0 and 3.x). Only what stands in the text itself is read: aliases are not
 * followed, so that none can grow. Throws `data-yaml`, `data-no-nlu` or `data-too-much`.
 */
export function readRasa(text: string, file: string, into: Labelled = nothingLabelled()): Labelled {
  if (text.length > longest) throw new BotloomError('data-too-much', { file })
  const lines = new LineCounter()
  const root = parsed(text, file, lines)
  const nlu = isMap(root) ? (root as YAMLMap<Node>).get('nlu', true) : undefined
  if (!isSeq(nlu)) throw new BotloomError('data-no-nlu', { file })
  for (const item of nlu.items) {
    if (!isMap(item)) continue
    const names = new Map(item.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '', value as Node]))
    const own = names.get('intent')
    const examples = names.get('examples')
    if (isScalar(own)) {
      const before = into.examples.length + into.broken.length
      readExamples(String(own.value), examples, { text, lines, into })
      if (into.examples.length + into.broken.length === before) leaveOut(into, 'empty-intents')
    } else
      for (const [name, kind] of Object.entries(sections))
        if (names.has(name)) leaveOut(into, kind, examplesOf(examples))
  }
  return into
}

/** Brackets or dashes one inside another, which no examples have: the parser's time grows with the square of them. */
const nested = /(?:[[{]\s{0,9}){64}|(?:- {1,9}){64}/u

function parsed(text: string, file: string, lines: LineCounter): unknown {
  const deep = nested.exec(text)
  if (deep) throw new BotloomError('data-yaml', { file, line: text.slice(0, deep.index).split('\n').length })
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', stringKeys: true })
    const [error] = document.errors
    if (!error) return document.contents
    throw new BotloomError('data-yaml', { file, line: error.linePos?.[0].line ?? 1 })
  } catch (error) {
    if (error instanceof BotloomError) throw error
    // What is nested in other ways may still overflow the parser's stack.
    throw new BotloomError('data-yaml', { file, line: 1 }, { cause: error })
  }
}

function readExamples(
  intent: string,
  examples: Node | undefined,
  { text, lines, into }: { text: string; lines: LineCounter; into: Labelled },
): void {
  const add = (line: number, words: string): void => {
    const read = readRasaExample(words)
    if (read === 'entity-spans') into.broken.push({ line, reason: read, raw: words.slice(0, 500) })
    else if (read.text !== '') {
      leaveOut(into, 'roles', read.roles)
      into.examples.push({ line, text: read.text, intent, spans: read.spans })
    }
  }
  const lineOf = (node: Node): number => lines.linePos(node.range?.[0] ?? 0).line
  if (isScalar(examples) && typeof examples.value === 'string') {
    const isBlock = examples.type === 'BLOCK_LITERAL' || examples.type === 'BLOCK_FOLDED'
    const first = lineOf(examples) + (isBlock ? 1 : 0)
    for (const [i, line] of examples.value.split('\n').entries()) {
      const own = /^\s*-(?:\s+(.*))?$/u.exec(line)
      if (own) add(first + i, (own[1] ?? '').trim())
      else if (line.trim() !== '')
        into.broken.push({ line: first + i, reason: 'not-an-example', raw: line.trim().slice(0, 500) })
    }
  } else if (isSeq(examples))
    for (const item of examples.items as Node[]) {
      const words = isMap(item) ? (item as YAMLMap<Node>).get('text', true) : item
      if (isScalar(words) && typeof words.value === 'string')
        add(lineOf(item), words.value.trim().replace(/^-\s+/u, ''))
      else
        into.broken.push({
          line: lineOf(item),
          reason: 'not-an-example',
          raw: text.slice(item.range?.[0] ?? 0, item.range?.[1] ?? 0).slice(0, 500),
        })
    }
}

function examplesOf(examples: Node | undefined): number {
  if (isSeq(examples)) return examples.items.length
  if (!isScalar(examples)) return 1
  return String(examples.value)
    .split('\n')
    .filter((line) => line.trim().startsWith('-')).length
}
