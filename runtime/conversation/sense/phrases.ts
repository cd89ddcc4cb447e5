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

/** Words that may stand beside "a real person" in a message that asks for one; more of them where it ends with it. */
const roomBeside = 6
const roomBefore = 30
/** Characters of a message that is nothing but phrases. */
const longestPhrase = 300
/** Of one list. */
const mostPhrases = 500
const separator = /[,，、;；\n]+/
const known = new WeakMap<LocalText, readonly Phrase[]>()
/** What people put around a command out of politeness; it changes nothing. */
const politeBefore =
  /^(?:(?:请帮我|请|麻烦你|麻烦您|麻烦|帮我|给我|我还是|还是|我想要|我想|我要|那就|那|嗯|哎|唉|呃|额|哦|啊|好吧|(?:ok|okay|please|pls|well|oh|hmm|um|sorry|hey|hi|just|actually|can you|could you|can i|could i|can we|let'?s|let us|i want to|i would like to|i'?d like to|(?:i want|i need|i would like|i'?d like|give me|get me|find me|connect me to|connect me with|transfer me to|put me through to)(?: an?)?)(?![\p{L}\p{N}]))[\s\p{P}]{0,5}){1,4}/u
const politeAfter =
  /(?:[\s\p{P}\p{S}]{0,5}(?:一下|吧|啊|呀|呢|哦|哈|啦|谢谢你|谢谢|多谢|好吗|可以吗|行吗|(?<![\p{L}\p{N}])(?:please|pls|plz|thanks|thx|thank you|now|then|for me|sorry))){1,4}[\s\p{P}\p{S}]{0,5}$/u

/** The phrases that a text lists, separated by commas or lines, in all its languages; the longest first. */
function phrasesOf(list: LocalText): readonly Phrase[] {
  let phrases = known.get(list)
  if (!phrases) {
    phrases = Object.values(list)
      .flatMap((text) => text.split(separator))
      .flatMap((text) => toPhrase(text))
      .filter((phrase, place, all) => all.findIndex(({ bare }) => bare === phrase.bare) === place)
      .slice(0, mostPhrases)
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

/** The text is one of the phrases, or a few of them, and nothing else, politeness apart: "cancel, please", but not "cancel my order". */
export function isPhrase(text: string, list: LocalText): boolean {
  const folded = foldText(text).replaceAll('’', "'")
  if (folded.length > longestPhrase) return false
  const said = [folded, folded.replace(politeBefore, ''), folded.replace(politeAfter, '')]
  said.push(folded.replace(politeBefore, '').replace(politeAfter, ''))
  return said.some((one) => isMadeOf(bareText(one), phrasesOf(list), 3))
}

/** "算了，不弄了" and "never mind, forget it" say the same thing twice. */
function isMadeOf(bare: string, phrases: readonly Phrase[], most: number): boolean {
  if (bare === '' || most === 0) return false
  return phrases.some(
    (phrase) =>
      phrase.bare === bare ||
      (bare.startsWith(phrase.bare) && isMadeOf(bare.slice(phrase.bare.length), phrases, most - 1)),
  )
}

/** One of the phrases is in the text. */
export function hasPhrase(text: string, list: LocalText): boolean {
  const folded = foldText(text)
  return phrasesOf(list).some(({ pattern }) => pattern.test(folded))
}

/** Just before a phrase: that which it names is not wanted. "要不要" and "can't I" ask. */
const unwanted =
  /(?:(?<![要用])不(?:想|要|用|需要|必)|(?<![特分级个])别|甭|无需)(?:再|去|找|给我|帮我|跟|和|你们的?)?$|(?:\b(?:don'?t|do not) (?:want|need|have)|\bno need|\bwithout)(?: to| for| a| any)? ?$/u

/**
 * The text asks for what the phrases name: it is one of them, or says one that is clear by itself (two words, or three Chinese
 * characters) with few words beside it. "人工" alone asks for a person, "人工费多少" does not, nor does "不用转人工".
 */
export function asksFor(text: string, list: LocalText): boolean {
  if (isPhrase(text, list)) return true
  const folded = foldText(text).replaceAll('’', "'")
  const length = wordsOf(folded).length
  return phrasesOf(list).some(({ bare, words, pattern }) => {
    if (words < (/\p{Script=Han}/u.test(bare) ? 3 : 2) || length > words + roomBefore) return false
    const match = pattern.exec(folded)
    if (!match || unwanted.test(folded.slice(0, match.index))) return false
    const behind = folded.slice(match.index + match[0].length).replace(politeAfter, '')
    return length <= words + roomBeside || bareText(behind) === ''
  })
}

/** What follows one of the phrases, or several, at the beginning of a text; null where it does not begin so or nothing follows. */
export function afterPhrase(text: string, list: LocalText): string | null {
  const rest = restsOf(text, list)[0] ?? ''
  return bareText(rest) === '' ? null : rest
}

/** As `afterPhrase`, then what follows fewer of them: of "actually no" a phrase can be all, or the "no" is what is meant. */
export function afterPhrases(text: string, list: LocalText): string[] {
  return restsOf(text, list).filter((rest) => bareText(rest) !== '')
}

function restsOf(text: string, list: LocalText): string[] {
  let rest = text.normalize('NFKC').trim()
  const rests: string[] = []
  for (let i = 0; i < 3; i++) {
    const folded = rest.toLowerCase()
    // Lower case is longer than upper case in a few letters of a few languages; then the folded text goes on.
    const from = folded.length === rest.length ? rest : folded
    const matches = phrasesOf(list).flatMap(({ opening }) => opening.exec(folded)?.[0] ?? [])
    // The longest first.
    const [longest] = matches
    if (longest === undefined) break
    rests.push(...matches.toReversed().map((match) => from.slice(match.length).trim()))
    rest = from.slice(longest.length)
  }
  return rests.toReversed()
}
