import type { EntitySpan } from '#kit'
import type { TokenSpan } from '#runtime/language/offsets.ts'
import type { WordSpan } from './tags.ts'

/** What gets one tag: `token` is the first token of it that stands in the text at [start, end), in UTF-16 units. */
export interface TaggedWord {
  token: number
  start: number
  end: number
}

/** Letters of scripts that put spaces between words, and digits: with such ones on both sides a token goes on with a word. */
const joins = /[\p{L}\p{M}\p{N}]/u
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const joinsWords = (character: string): boolean => joins.test(character) && !spaceless.test(character)

/**
 * Words as a tagger sees them, whatever pieces a tokenizer cuts: in scripts with spaces a run of letters and digits, elsewhere each token (of
 * Chinese, a character). An entity begins and ends with a word; only a word's first token is asked for its tag.
 */
export function wordsOf(text: string, offsets: readonly TokenSpan[]): TaggedWord[] {
  const words: TaggedWord[] = []
  for (const [token, span] of offsets.entries()) {
    if (!span) continue
    const [start, end] = span
    const last = words.at(-1)
    if (last && goesOn(text, last, start)) last.end = Math.max(last.end, end)
    else words.push({ token, start, end })
  }
  return words
}

function goesOn(text: string, last: TaggedWord, start: number): boolean {
  // Tokens may share a character of several bytes.
  if (start < last.end) return true
  return start === last.end && joinsWords(characterBefore(text, start)) && joinsWords(characterAt(text, start))
}

const characterAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0)

function characterBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1)
  return unit >= 0xdc00 && unit <= 0xdfff ? text.slice(at - 2, at) : text.slice(at - 1, at)
}

/** Entities as spans of words: of all words that they touch, the first of two where both touch one. Unknown types have the number -1. */
export function toWordSpans(
  words: readonly TaggedWord[],
  entities: readonly EntitySpan[],
  types: ReadonlyMap<string, number>,
): WordSpan[] {
  const spans: WordSpan[] = []
  for (const { start, end, type } of entities) {
    const touched = (word: TaggedWord): boolean => word.start < end && word.end > start
    const from = words.findIndex((word, i) => i > (spans.at(-1)?.to ?? -1) && touched(word))
    if (from < 0) continue
    let to = from
    while (to + 1 < words.length && touched(words[to + 1]!)) to++
    spans.push({ from, to, type: types.get(type) ?? -1 })
  }
  return spans
}
