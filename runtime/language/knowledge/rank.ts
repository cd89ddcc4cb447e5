import type { WordIndex } from './word-index.ts'

/** Of the confidence, so much comes from words in common; the rest is likeness in meaning. */
const wordShare = 0.3
/** Passages in the visitor's language come before others whose confidence is higher by no more than this. */
const languageLead = 0.08

/** How a passage stands to a question; see `FoundPassage`. */
export interface Ranked {
  place: number
  score: number
  similarity: number
  words: number
  /** Place of its likeliest sentence, or -1 where it has none. */
  sentence: number
}

/** Where the vectors of each passage begin: `starts[place]`, and behind the last passage their end. */
export function startsOf(counts: readonly number[]): Int32Array {
  const starts = new Int32Array(counts.length + 1)
  for (const [place, count] of counts.entries()) starts[place + 1] = starts[place]! + count
  return starts
}

export const confidence = (similarity: number, words: number): number =>
  Math.min(1, Math.max(0, (1 - wordShare) * similarity + wordShare * words))

/**
 * The `count` likeliest passages, best first. `similarities`: cosines of one question with each vector, a passage's own ahead of those of
 * its sentences. A passage is as near as the nearest of them.
 */
export function rankPassages(
  similarities: Float32Array,
  starts: Int32Array,
  words: ReturnType<WordIndex['of']>,
  count: number,
  preferred: (place: number) => boolean = () => true,
): Ranked[] {
  const ranked: (Ranked & { lead: number })[] = []
  for (let place = 0; place + 1 < starts.length; place++) {
    let similarity = -1
    let sentence = -1
    let best = -1
    for (let at = starts[place]!; at < starts[place + 1]!; at++) {
      const here = similarities[at]!
      if (here > similarity) similarity = here
      if (at > starts[place]! && here > best) {
        best = here
        sentence = at - starts[place]! - 1
      }
    }
    const share = words.get(place) ?? 0
    const score = confidence(similarity, share)
    const lead = score + (preferred(place) ? languageLead : 0)
    if (ranked.length === count && lead <= ranked.at(-1)!.lead) continue
    let at = ranked.length
    while (at > 0 && ranked[at - 1]!.lead < lead) at--
    ranked.splice(at, 0, { place, score, similarity, words: share, sentence, lead })
    if (ranked.length > count) ranked.pop()
  }
  return ranked.map(({ lead: _, ...own }) => own)
}
