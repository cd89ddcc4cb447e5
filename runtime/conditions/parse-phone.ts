import type { Found } from './found.ts'
import { foldText } from './normalise.ts'

/** A digit that may stand behind one sign that people write between digits. */
const next = '(?:[ -]?\\d)'
const before = '(?<![\\da-z+.-])'
const after = '(?![\\da-z])'

/** In the order in which they are looked for; each is bounded, since visitors write what they read. */
const forms: readonly { pattern: RegExp; value: (match: RegExpMatchArray) => string | null }[] = [
  // A mainland mobile, with the country's number or without it.
  {
    pattern: new RegExp(`${before}(\\+ ?86[ -]?|0086[ -]?|86[ -]?)?(1[3-9]${next}{9})${after}`),
    value: ([, country = '', number = '']) => (/\+|00/.test(country) ? '+86' : '') + digitsOf(number),
  },
  // A mainland landline with its area: three figures for the largest cities, four elsewhere.
  {
    pattern: new RegExp(`${before}\\(?(0(?:10|2\\d|[3-9]\\d\\d))\\)?[ -]?([2-9]${next}{6,7})${after}`),
    value: ([, area = '', number = '']) =>
      area.length > 3 || digitsOf(number).length === 8 ? area + digitsOf(number) : null,
  },
  {
    pattern: new RegExp(`${before}\\+ ?86[ -]?(10|2\\d|[3-9]\\d\\d)[ -]?([2-9]${next}{6,7})${after}`),
    value: ([, area = '', number = '']) => `+86${area}${digitsOf(number)}`,
  },
  // North America, where a number has ten digits, so that what follows is no part of it.
  {
    pattern: new RegExp(`${before}\\+ ?1[ .-]?\\(?([2-9]\\d\\d)\\)?[ .-]?(\\d{3})[ .-]?(\\d{4})${after}`),
    value: ([, area, exchange, number]) => `+1${area}${exchange}${number}`,
  },
  // Any other country: at most 15 digits by the international plan.
  {
    pattern: new RegExp(`${before}\\+ ?((?!86|1)[1-9](?:[ ().-]{0,2}\\d){7,14})${after}`),
    value: ([, number = '']) => `+${digitsOf(number)}`,
  },
]

/** As neighbours write it there. Whoever asks for a number wants its country; whoever hides numbers must not miss it. */
const american = new RegExp(`${before}(?:\\([2-9]\\d\\d\\) ?|[2-9]\\d\\d[ .-])\\d{3}[ .-]\\d{4}${after}`)

/**
 * The first telephone number in what a person typed: mainland Chinese mobiles, landlines with their area, and numbers of any country
 * with their `+`. Digits alone, with a leading `+` where the country was said. Null where there is none: neither an order number nor
 * a number without its area is one.
 */
export function findPhone(text: string): Found<string> | null {
  const folded = foldText(text).replace(/[‐-―]/g, '-')
  for (const { pattern, value } of forms) {
    const match = folded.match(pattern)
    const number = match && value(match)
    if (match && number) return { value: number, text: match[0].trim() }
  }
  return null
}

/** Places of all telephone numbers in a text in its folded form (`foldText`), those of North America without their country included. */
export function phonesIn(folded: string): [start: number, end: number][] {
  const plain = folded.replace(/[‐-―]/g, '-')
  const found: [number, number][] = []
  for (const { pattern, value } of [...forms, { pattern: american, value: ([whole]: RegExpMatchArray) => whole }])
    for (const match of plain.matchAll(new RegExp(pattern, 'g'))) {
      const [start, end] = [match.index, match.index + match[0].length]
      if (value(match) && !found.some(([from, to]) => start < to && from < end)) found.push([start, end])
    }
  return found
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}
