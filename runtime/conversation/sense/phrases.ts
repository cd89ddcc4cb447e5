import type { LocalText } from '#kit'
import { bareText, foldText } from '#runtime/conditions/normalise.ts'

interface Phrase {
  /** Without blanks and punctuation. */
  bare: string
  /** Letters of other scripts than Han have bounds: "no" is not in "know". */
  pattern: RegExp
  /** At the beginning of a text, with the punctuation around it. */
  opening: RegExp
  words: number
}

/** Words that may stand beside "a real person" in a message that asks for one. */
const roomBeside = 6
const separator = /[,，、;；\n]+/
const known = new WeakMap<LocalText, readonly Phrase[]>()
/** What people put around a command out of politeness; it changes nothing. */
const politeBefore = /^(?:请|那就|那|麻烦|嗯|ok|okay|please|well|oh)[\s\p{P}]*/u
const politeAfter = /[\s\p{P}]*(?:吧|啊|呀|呢|哦|谢谢|多谢|please|thanks|thank you)[\s\p{P}]*$/u

/** The phrases that a text lists, separated by commas or lines, in all its languages; the longest first. */
function phrasesOf(list: LocalText): readonly Phrase[] {
  let phrases = known.get(list)
  if (!phrases) {
    phrases = Object.values(list)
      .flatMap((text) => text.split(separator))
      .flatMap((text) => toPhrase(text))
      .sort((a, b) => b.bare.length - a.bare.length)
    known.set(list, phrases)
  }
  return phrases
}

/** Of Chinese each character is one. */
const wordsOf = (folded: string): string[] => folded.match(/\p{Script=Han}|[^\s\p{P}\p{S}\p{Script=Han}]+/gu) ?? []

function toPhrase(text: string): Phrase[] {
  const words = wordsOf(foldText(text))
  if (words.length === 0) return []
  // Words are literal: whatever an author writes here, it matches in linear time.
  const inner = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join(`[\\s\\p{P}\\p{S}]{0,5}`)
  const bound = (word: string): string => (/\p{Script=Han}/u.test(word) ? '' : '[\\p{L}\\p{N}]')
  const [before, after] = [bound(words[0]!), bound(words.at(-1)!)]
  const whole = `${before && `(?<!${before})`}${inner}${after && `(?!${after})`}`
  return [
    {
      bare: words.join(''),
      pattern: new RegExp(whole, 'u'),
      opening: new RegExp(`^[\\s\\p{P}]{0,10}${whole}[\\s\\p{P}]{0,10}`, 'u'),
      words: words.length,
    },
  ]
}

/** The text is one of the phrases and nothing else, politeness apart: "cancel, please", but not "cancel my order". */
export function isPhrase(text: string, list: LocalText): boolean {
  const folded = foldText(text)
  const said = [folded, folded.replace(politeBefore, '').replace(politeAfter, '')].map(bareText)
  return phrasesOf(list).some(({ bare }) => said.includes(bare))
}

/** One of the phrases is in the text. */
export function hasPhrase(text: string, list: LocalText): boolean {
  const folded = foldText(text)
  return phrasesOf(list).some(({ pattern }) => pattern.test(folded))
}

/**
 * The text asks for what the phrases name: it is one of them, or says one that is clear by itself (two words, or three Chinese
 * characters) with few words beside it. "人工" alone asks for a person, "人工费多少" does not.
 */
export function asksFor(text: string, list: LocalText): boolean {
  if (isPhrase(text, list)) return true
  const folded = foldText(text)
  const clear = phrasesOf(list).filter(({ bare, words }) => words >= (/\p{Script=Han}/u.test(bare) ? 3 : 2))
  return clear.some((phrase) => wordsOf(folded).length <= phrase.words + roomBeside && phrase.pattern.test(folded))
}

/** What follows one of the phrases, or several, at the beginning of a text; null where it does not begin so or nothing follows. */
export function afterPhrase(text: string, list: LocalText): string | null {
  let rest = text.normalize('NFKC').trim()
  let found = false
  for (let i = 0; i < 3; i++) {
    const folded = rest.toLowerCase()
    // Lower case is longer than upper case in a few letters of a few languages; then the folded text goes on.
    const from = folded.length === rest.length ? rest : folded
    const match = phrasesOf(list)
      .map(({ opening }) => opening.exec(folded)?.[0])
      .find((one) => one !== undefined)
    if (match === undefined) break
    found = true
    rest = from.slice(match.length)
  }
  return found && bareText(rest) !== '' ? rest.trim() : null
}
