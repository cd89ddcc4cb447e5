import { safeUrl } from './safe-url.ts'

/** A picture; `text` says what it shows. */
export interface ImagePart {
  type: 'image'
  url: string
  text: string
}
export interface Card {
  title: string
  text: string
  image?: string
  link?: { url: string; text: string }
}
/** One card, or several beside each other; `text` is all that they say. */
export interface CardsPart {
  type: 'cards'
  cards: Card[]
  text: string
}
/** Where the words before it are from; `text` is all that it says. */
export interface SourcePart {
  type: 'source'
  title: string
  /** Headings above the passage, outermost first, and its page. */
  place?: string
  url?: string
  text: string
}
/** Shows nothing: the milliseconds that somebody would have typed at the message it is in. */
export interface PacePart {
  type: 'pace'
  ms: number
}

/** A file that a visitor sent; its `text` is its name. */
export interface FilePart {
  type: 'file'
  file: string
  text: string
  mime: string
  bytes: number
}

/** Longest that anybody is made to wait for words that are there already. */
export const longestPace = 1_500
const shortestPace = 400
const eachLetter = 25

export function paceOf(text: string): number {
  return Math.min(longestPace, Math.max(shortestPace, text.length * eachLetter))
}

/*
 * Whoever draws a part reads it with these: what was sent is not trusted, neither its shape nor its addresses.
 */

type Unknown = Readonly<Record<string, unknown>>
const words = (value: unknown): string => (typeof value === 'string' ? value : '')
const isRecord = (value: unknown): value is Unknown => value !== null && typeof value === 'object'

/** The picture in a part, or null where it is none that may be shown. */
export function imageIn(part: Unknown): { url: string; text: string } | null {
  const url = part.type === 'image' ? safeUrl(words(part.url), 'image') : null
  return url === null ? null : { url, text: words(part.text) }
}

/** The file in a part, or null where it is none. */
export function fileIn(part: Unknown): { id: string; name: string; mime: string; bytes: number } | null {
  if (part.type !== 'file' || words(part.file) === '') return null
  return { id: words(part.file), name: words(part.text), mime: words(part.mime), bytes: Number(part.bytes) || 0 }
}

/** Pictures of these types are shown by browsers without running anything. */
export const shownPictures: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

/** The cards in a part; those without a title are left out, as are addresses that may not be used. */
export function cardsIn(part: Unknown): Card[] {
  if (part.type !== 'cards' || !Array.isArray(part.cards)) return []
  return part.cards.filter(isRecord).flatMap(({ title, text, image, link }) => {
    if (words(title) === '') return []
    const { url, text: label } = isRecord(link) ? link : {}
    const [picture, target] = [safeUrl(words(image), 'image'), safeUrl(words(url), 'link')]
    return {
      title: words(title),
      text: words(text),
      ...(picture !== null && { image: picture }),
      ...(target !== null && { link: { url: target, text: words(label) || target } }),
    }
  })
}

/** The source in a part, or null where it is none; an address that may not be used is left out. */
export function sourceIn(part: Unknown): { title: string; place: string; url: string | null } | null {
  if (part.type !== 'source' || words(part.title) === '') return null
  const url = safeUrl(words(part.url), 'link')
  return { title: words(part.title), place: words(part.place), url: url?.startsWith('http') ? url : null }
}

/** Milliseconds to wait before a message with these parts. */
export function paceIn(parts: readonly Unknown[]): number {
  const ms = Number(parts.find(({ type }) => type === 'pace')?.ms)
  return ms > 0 ? Math.min(ms, longestPace) : 0
}
