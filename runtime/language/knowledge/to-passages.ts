import { createHash } from 'node:crypto'
import { detectLanguage } from '../detect-language.ts'
import type { DocumentBlock, ReadDocument } from '../documents/document.ts'
import { type Span, sentencesOf } from '../documents/sentences.ts'
import type { Passage } from './passage.ts'

export interface PassageOptions {
  /** Most tokens of a passage, counted by `tokensOf`. */
  most: number
  /** Sentences of a passage that the next one begins with. */
  overlap: number
  tokensOf(text: string): number
}

/** Languages that a passage's words are told apart by. */
const languages = ['zh', 'en', 'ja', 'ko', 'fr', 'de', 'es', 'pt', 'it', 'ru', 'vi', 'th', 'id', 'ar']

interface Sentence {
  text: string
  tokens: number
  page?: number
  /** A row of a table stands on a line of its own. */
  row: boolean
}

/**
 * Cuts a document into passages: a heading begins a new one, sentences stay whole unless one alone is too long. The same document gives
 * the same passages. `place` is the document's among all.
 */
export async function toPassages(document: ReadDocument, place: number, options: PassageOptions): Promise<Passage[]> {
  const passages: Passage[] = []
  for (const { headings, blocks } of sectionsOf(document))
    for (const sentences of packed(
      blocks.flatMap((block) => cut(block, options)),
      options,
    )) {
      const { text, spans } = joined(sentences)
      const own = { title: document.title, headings, text }
      const { page } = sentences[0]!
      const language = await detectLanguage(text, languages)
      passages.push({
        id: createHash('sha256')
          .update(JSON.stringify([own, page ?? 0, passages.length]))
          .digest('hex')
          .slice(0, 16),
        document: place,
        ...own,
        ...(page === undefined ? {} : { page }),
        ...(document.url === undefined ? {} : { url: document.url }),
        ...(language === undefined ? {} : { language }),
        sentences: spans,
      })
    }
  return passages
}

/** A written answer to a question, from a set of such. */
export async function toAnswer(
  { id, text, pair }: { id: string; text: string; pair: string },
  place: number,
  title: string,
): Promise<Passage> {
  const language = await detectLanguage(text, languages)
  return {
    id,
    document: place,
    text: pair,
    title,
    headings: [],
    question: text,
    ...(language === undefined ? {} : { language }),
    sentences: [[0, pair.length]],
  }
}

interface Section {
  headings: string[]
  blocks: Exclude<DocumentBlock, { kind: 'heading' }>[]
}

function sectionsOf({ title, blocks }: ReadDocument): Section[] {
  const sections: Section[] = []
  const path: { level: number; text: string }[] = []
  let section: Section | null = null
  for (const block of blocks) {
    if (block.kind === 'heading') {
      while (path.length > 0 && path.at(-1)!.level >= block.level) path.pop()
      path.push(block)
      section = null
      continue
    }
    if (!section) {
      const headings = path.map(({ text }) => text).filter((text) => text !== title)
      section = { headings, blocks: [] }
      sections.push(section)
    }
    section.blocks.push(block)
  }
  return sections
}

function cut({ kind, text, page }: Section['blocks'][number], { most, tokensOf }: PassageOptions): Sentence[] {
  const spans: readonly Span[] = kind === 'row' ? [[0, text.length]] : sentencesOf(text)
  return spans
    .flatMap(([start, end]) => shortened(text.slice(start, end), most, tokensOf))
    .map((piece) => ({
      text: piece,
      tokens: tokensOf(piece),
      row: kind === 'row',
      ...(page === undefined ? {} : { page }),
    }))
}

/** A sentence that is longer than a passage is halved, at a comma or a space where one is near. */
function shortened(text: string, most: number, tokensOf: (text: string) => number): string[] {
  if (tokensOf(text) <= most || text.length < 2) return [text]
  const middle = text.length >> 1
  const breaks = [...text.matchAll(/[，,、；;：:]|\s/gu)].map(({ index }) => index + 1)
  const at = breaks.reduce((best, place) => (Math.abs(place - middle) < Math.abs(best - middle) ? place : best), 0)
  const place = at > text.length / 4 && at < (text.length * 3) / 4 ? at : middle
  return [text.slice(0, place).trim(), text.slice(place).trim()]
    .filter((part) => part !== '')
    .flatMap((part) => shortened(part, most, tokensOf))
}

function packed(sentences: readonly Sentence[], { most, overlap }: PassageOptions): Sentence[][] {
  const passages: Sentence[][] = []
  let own: Sentence[] = []
  let tokens = 0
  /** How many of them the passage before has too. */
  let shared = 0
  for (const sentence of sentences) {
    if (own.length > shared && tokens + sentence.tokens > most) {
      passages.push(own)
      own = own.slice(own.length - Math.min(overlap, own.length - 1))
      tokens = own.reduce((sum, one) => sum + one.tokens, 0)
      if (tokens + sentence.tokens > most) {
        own = []
        tokens = 0
      }
      shared = own.length
    }
    own = [...own, sentence]
    tokens += sentence.tokens
  }
  if (own.length > shared) passages.push(own)
  return passages
}

function joined(sentences: readonly Sentence[]): { text: string; spans: [number, number][] } {
  let text = ''
  const spans: [number, number][] = []
  for (const [place, { text: own, row }] of sentences.entries()) {
    if (place > 0) text += row || sentences[place - 1]!.row ? '\n' : /[。！？；…”』」）]$/u.test(text) ? '' : ' '
    spans.push([text.length, text.length + own.length])
    text += own
  }
  return { text, spans }
}
