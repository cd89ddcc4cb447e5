import type { Found } from './found.ts'
import { bareText, foldText } from './normalise.ts'
import { type Option, parseChoice } from './parse-choice.ts'

interface Place extends Found<string> {
  from: number
  to: number
}

/** Words just before an option that mean the opposite. */
const refused =
  /(?:不(?!错)|(?<![特分个级])别|没|非(?!常)|除了|\b(?:not|no|except|without|don'?t want|neither|nor|never))[\s\p{Script=Han}a-z]{0,6}$/u
const separators = /[,，、;；/|&+\n]|和|与|及|跟|还有|以及|加上|\band\b|\bor\b|\bplus\b/u
const opening = /^(?:[\s\p{P}]|我|想|要|选|都|请|给|the\b|i\b|want\b|like\b|would\b|i'd\b|both\b|also\b|please\b){1,8}/u
const closing = /(?:[\s\p{P}]|的|那个|这个|那款|个|色|吧|谢谢|ones?\b|please\b|thanks\b|too\b){1,6}$/u
const everything =
  /^(?:全部|全都|都|所有|每个|all|every|both)(?:都)? ?(?:要|选|可以|行|of them|of these|three|one)? ?(?:吧|please)?$/

/**
 * The options whose whole wording stands in a text as words of its own, of at least two Chinese characters or three letters, in the
 * order of the text. An option that is refused there ("不要红色") is none, nor is one that is a part of another one's words.
 */
export function findOptions(text: string, options: readonly Option[]): Found<string>[] {
  return placesOf(foldText(text), options, longEnough)
}

/**
 * All options that a person means: "red and blue", "1,3", 红的和蓝的, 全部. In the order of the options, each once. Null where there is
 * none, where a number is none of theirs, or where one is named that is not among them.
 */
export function parseChoices(text: string, options: readonly Option[]): string[] | null {
  const folded = foldText(text)
  if (everything.test(bareText(folded)) || everything.test(folded)) return options.map(({ value }) => value)
  const places = placesOf(folded, options, () => true)
  const chosen = new Set(places.map(({ value }) => value))
  const rest = places.toReversed().reduce((left, { from, to }) => `${left.slice(0, from)}|${left.slice(to)}`, folded)
  const spaced = /^[\d\s]{1,100}$/.test(rest) ? rest.replace(/\s+/g, ',') : rest
  for (const piece of spaced.split(separators).slice(0, 100)) {
    const words = piece.slice(0, 200).replace(opening, '').replace(closing, '')
    if (words === '') continue
    const option = refused.test(`${words} `) ? null : parseChoice(words, options)
    if (option !== null) chosen.add(option)
    else if (isName(words)) return null
  }
  const picked = options.map(({ value }) => value).filter((value) => chosen.has(value))
  return picked.length > 0 ? picked : null
}

/** One word alone names something; more of them say something about it. */
function isName(words: string): boolean {
  return /^(?:\p{Script=Han}{1,3}|[^\s\p{Script=Han}]+)$/u.test(words) && bareText(words) !== ''
}

function longEnough(wording: string): boolean {
  return /\p{Script=Han}/u.test(wording) ? wording.length >= 2 : wording.length >= 3
}

function placesOf(text: string, options: readonly Option[], fits: (wording: string) => boolean): Place[] {
  const all = options.flatMap(({ value, texts }) =>
    texts.map(foldText).flatMap((wording) => {
      const at = wording === '' || !fits(wording) ? -1 : wholeIndexOf(text, wording)
      return at < 0 ? [] : [{ value, text: wording, from: at, to: at + wording.length }]
    }),
  )
  const outer = all.filter(
    (one) => !all.some((other) => other.from <= one.from && other.to >= one.to && other.text.length > one.text.length),
  )
  const places = outer.filter(({ from }) => !refused.test(text.slice(Math.max(0, from - 20), from)))
  const first = places.filter(({ value }, index) => places.findIndex((other) => other.value === value) === index)
  return first.sort((a, b) => a.from - b.from)
}

/** Where words stand that no letter or digit goes on; Chinese has no such bounds. */
function wholeIndexOf(text: string, words: string): number {
  const bound = (beside: string, edge: string) => /[\p{L}\p{N}]/u.test(beside) && !/\p{Script=Han}/u.test(beside + edge)
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
    const [before = '', after = ''] = [text[at - 1], text[at + words.length]]
    if (!bound(before, words[0]!) && !bound(after, words.at(-1)!)) return at
  }
  return -1
}
