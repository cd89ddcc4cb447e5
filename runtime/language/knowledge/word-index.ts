import { termsOf } from './terms.ts'

/** BM25's usual constants (Robertson and Zaragoza, 2009, section 3.4). */
const k1 = 1.2
const b = 0.6

/** Which passages have a question's words. */
export interface WordIndex {
  /**
   * For each passage with any of them, the share 0..1 of the question's weight that it has: BM25 over what it would be for a passage of
   * nothing but the question's words, each endlessly often. Words that no passage has weigh most.
   */
  of(question: string): Map<number, number>
  /** The same of another text than those of the index, with the index's weights. */
  shareOf(question: string, text: string): number
}

export function createWordIndex(texts: readonly string[]): WordIndex {
  const postings = new Map<string, Map<number, number>>()
  const lengths = texts.map((text, place) => {
    const terms = termsOf(text)
    for (const term of terms) {
      const own = postings.get(term) ?? new Map<number, number>()
      postings.set(term, own)
      own.set(place, (own.get(place) ?? 0) + 1)
    }
    return terms.length
  })
  const mean = Math.max(1, lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length))
  const rarity = (term: string): number => {
    const found = postings.get(term)?.size ?? 0
    return Math.log(1 + (texts.length - found + 0.5) / (found + 0.5))
  }
  const often = (times: number, length: number): number => times / (times + k1 * (1 - b + (b * length) / mean))

  /** Weights of a question's terms, which sum to 1. */
  function weigh(question: string): [string, number][] {
    const terms = [...new Set(termsOf(question))].map((term): [string, number] => [term, rarity(term)])
    const sum = terms.reduce((all, [, weight]) => all + weight, 0)
    return sum > 0 ? terms.map(([term, weight]) => [term, weight / sum]) : []
  }

  return {
    of(question) {
      const found = new Map<number, number>()
      for (const [term, weight] of weigh(question))
        for (const [place, times] of postings.get(term) ?? [])
          found.set(place, (found.get(place) ?? 0) + weight * often(times, lengths[place]!))
      return found
    },
    shareOf(question, text) {
      const terms = termsOf(text)
      let share = 0
      for (const [term, weight] of weigh(question)) {
        const times = terms.filter((own) => own === term).length
        if (times > 0) share += weight * often(times, terms.length)
      }
      return share
    },
  }
}
