import { foldText } from '#runtime/conditions/normalise.ts'

/** What an entry is kept as, and all the words that it is found by, folded. */
interface Entry {
  value: string
  terms: string[]
}

/** A part of a folded text. */
export interface Span {
  start: number
  end: number
}

/** Word lists are long, and read with every message. Bounded, since authors type many half lists. */
const read = new Map<string, Entry[]>()
const mostRead = 200

/** One line an entry: `value: word, word`. The value is one of its own words. Lines without a value are none. */
export function parseDictionary(entries: string): readonly Entry[] {
  const known = read.get(entries)
  if (known) return known
  if (read.size >= mostRead) read.clear()
  const parsed = parseEntries(entries)
  read.set(entries, parsed)
  return parsed
}

function parseEntries(entries: string): Entry[] {
  return entries.split('\n').flatMap((line) => {
    const [value = '', ...words] = line.split(/[:：,，、;；]/).map((part) => part.trim())
    const terms = [value, ...words].map(foldLine).filter((term) => term !== '')
    return value === '' ? [] : [{ value, terms: [...new Set(terms)] }]
  })
}

/** The first word that two entries have; null where there is none. */
export function ambiguousTerm(dictionary: readonly Entry[]): string | null {
  const owners = new Map<string, string>()
  for (const { value, terms } of dictionary)
    for (const term of terms) {
      if ((owners.get(term) ?? value) !== value) return term
      owners.set(term, value)
    }
  return null
}

/** Text as words are looked for in it: width, case and runs of blanks are the same. */
export function foldLine(text: string): string {
  return foldText(text).replace(/\s+/g, ' ')
}

/** The longest word of a dictionary in a folded text, of several the first one, outside of the parts that are `used`. */
export function findInDictionary(
  dictionary: readonly Entry[],
  text: string,
  used: readonly Span[],
): (Span & { value: string }) | null {
  let best: (Span & { value: string }) | null = null
  const isFree = ({ start, end }: Span) => used.every((other) => end <= other.start || other.end <= start)
  for (const { value, terms } of dictionary)
    for (const term of terms) {
      const length = best ? best.end - best.start : 0
      if (term.length < length) continue
      for (let start = text.indexOf(term); start >= 0; start = text.indexOf(term, start + 1)) {
        const span = { start, end: start + term.length, value }
        if (!isWhole(text, span) || !isFree(span)) continue
        if (!best || term.length > length || start < best.start) best = span
        break
      }
    }
  return best
}

const letter = /[\p{L}\p{M}\p{N}_]/u
/** Scripts that put no blanks between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const joins = (char: string | undefined): boolean => char !== undefined && letter.test(char) && !unspaced.test(char)

/** Whether no word goes on across either end: "art" is no word of "party", but 北京 is one of 在北京站. */
function isWhole(text: string, { start, end }: Span): boolean {
  const cut = (at: number) => joins(text[at - 1]) && joins(text[at])
  return !cut(start) && !cut(end)
}
