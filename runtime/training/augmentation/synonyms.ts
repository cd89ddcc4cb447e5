import { shuffled } from '../seeded.ts'
import { countOf, isHan, oneOf } from './words.ts'

/** Words by their lower case, each with the others of its groups. */
export type SynonymTable = ReadonlyMap<string, readonly string[]>

/**
 * Reads a table of synonyms: words of one meaning stand in a line, with commas between them (`,`, `，` or `、`). A word takes the place
 * of words of its own writing alone: Chinese that of Chinese.
 */
export function parseSynonyms(table: string): SynonymTable {
  const found = new Map<string, string[]>()
  for (const line of table.split('\n')) {
    const words = [...new Set(line.split(/[,，、]/).map((word) => word.trim().replace(/\s+/g, ' ')))].filter(
      (word) => word !== '',
    )
    for (const word of words) {
      const others = words.filter((other) => other !== word && isHan(other) === isHan(word))
      const key = word.toLowerCase()
      if (others.length > 0) found.set(key, [...(found.get(key) ?? []), ...others])
    }
  }
  return found
}

interface Match {
  start: number
  end: number
  others: readonly string[]
}

/** Exchanges a share of the words that the table knows, at least one. Null where it knows none of the text. */
export function exchangeSynonyms(
  text: string,
  table: SynonymTable,
  share: number,
  random: () => number,
): string | null {
  const matches = matchesIn(text, table)
  if (matches.length === 0) return null
  const chosen = new Set(shuffled(matches, random).slice(0, countOf(share, matches.length)))
  let changed = ''
  let at = 0
  for (const match of matches) {
    if (!chosen.has(match)) continue
    changed += text.slice(at, match.start) + likeCase(text.slice(match.start, match.end), oneOf(match.others, random)!)
    at = match.end
  }
  return changed + text.slice(at)
}

const letter = /[\p{Script=Latin}\p{N}]/u

/** The longest word of the table at each place, from the left; a word in letters neither begins nor ends within another. */
function matchesIn(text: string, table: SynonymTable): Match[] {
  const lower = text.toLowerCase()
  // A few letters change their length in lower case: their places would not be those of the text.
  if (lower.length !== text.length) return []
  const longest = Math.max(0, ...[...table.keys()].map((word) => word.length))
  const matches: Match[] = []
  for (let start = 0; start < text.length; start++) {
    for (let end = Math.min(text.length, start + longest); end > start; end--) {
      const others = table.get(lower.slice(start, end))
      if (!others || cutsWord(text, start) || cutsWord(text, end)) continue
      matches.push({ start, end, others })
      start = end - 1
      break
    }
  }
  return matches
}

const cutsWord = (text: string, at: number): boolean => letter.test(text[at - 1] ?? '') && letter.test(text[at] ?? '')

/** `word` with a capital letter where `like` has one. */
function likeCase(like: string, word: string): string {
  const first = like[0]!
  return first !== first.toLowerCase() ? word[0]!.toUpperCase() + word.slice(1) : word
}
