/**
 * Tags of words (BIOES; Ratinov & Roth 2009, section 3.1, call it BILOU): number 0 is outside of all entities; each type then has
 * four, for the first, an inner and the last word of an entity, and for one that is a single word.
 */
export const outside = 0
export const tagsPerType = 4
export type TagPlace = 'begin' | 'inside' | 'end' | 'single'
const places: readonly TagPlace[] = ['begin', 'inside', 'end', 'single']

export const countTags = (types: number): number => 1 + tagsPerType * types
export const tagOf = (type: number, place: TagPlace): number => 1 + type * tagsPerType + places.indexOf(place)
export const typeOf = (tag: number): number => Math.floor((tag - 1) / tagsPerType)
export const placeOf = (tag: number): TagPlace => places[(tag - 1) % tagsPerType]!

/** Words `from` to `to`, both included, that name something of this type. */
export interface WordSpan {
  from: number
  to: number
  type: number
}

/** The tags that write spans which do not overlap. */
export function tagsOfSpans(words: number, spans: readonly WordSpan[]): Int32Array {
  const tags = new Int32Array(words)
  for (const { from, to, type } of spans) {
    tags.fill(tagOf(type, 'inside'), from, to + 1)
    tags[from] = tagOf(type, from === to ? 'single' : 'begin')
    if (from < to) tags[to] = tagOf(type, 'end')
  }
  return tags
}

/** The spans that a valid sequence of tags writes. */
export function spansOfTags(tags: ArrayLike<number>): WordSpan[] {
  const spans: WordSpan[] = []
  let from = 0
  for (let word = 0; word < tags.length; word++) {
    const tag = tags[word]!
    if (tag === outside) continue
    const place = placeOf(tag)
    if (place === 'begin' || place === 'single') from = word
    if (place === 'end' || place === 'single') spans.push({ from, to: word, type: typeOf(tag) })
  }
  return spans
}
