import { termsOf } from '#runtime/language/knowledge/terms.ts'

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
const mostWords = 3

/**
 * Up to three words for each group of texts, the most telling first, that mark it against the others: class-based TF-IDF (Grootendorst 2022,
 * section 3.3). Chinese is cut into words; words that are in every text tell nothing.
 */
export function nameGroups(groups: readonly (readonly string[])[]): string[][] {
  const counts = groups.map((texts) => countWords(texts))
  const everywhere = new Map<string, number>()
  for (const count of counts)
    for (const [word, { times }] of count) everywhere.set(word, (everywhere.get(word) ?? 0) + times)
  const usual = [...everywhere.values()].reduce((sum, times) => sum + times, 0) / Math.max(1, groups.length)
  return counts.map((count) => {
    const all = [...count.values()].reduce((sum, { times }) => sum + times, 0)
    return [...count]
      .map(([word, { times, written }]) => ({
        written,
        weight: (times / all) * Math.log(1 + usual / everywhere.get(word)!),
      }))
      .sort((a, b) => b.weight - a.weight || (a.written < b.written ? -1 : 1))
      .slice(0, mostWords)
      .map(({ written }) => written)
  })
}

/** Words by what they are looked up by, each with the way it is written most. A word counts once a text. */
function countWords(texts: readonly string[]): Map<string, { times: number; written: string }> {
  const ways = new Map<string, Map<string, number>>()
  for (const text of texts) {
    const own = new Map<string, string>()
    for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC').toLowerCase())) {
      const key = isWordLike && tells(segment) ? termsOf(segment).join(' ') : ''
      if (key !== '' && !own.has(key)) own.set(key, segment)
    }
    for (const [key, written] of own) {
      const known = ways.get(key) ?? new Map<string, number>()
      known.set(written, (known.get(written) ?? 0) + 1)
      ways.set(key, known)
    }
  }
  return new Map(
    [...ways].map(([key, written]) => {
      const most = [...written].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      return [key, { times: most.reduce((sum, [, times]) => sum + times, 0), written: most[0]![0] }]
    }),
  )
}

/** A single letter, a single Chinese character or a bare number names nothing. */
const tells = (word: string): boolean => [...word].length > 1 && !/^\p{N}+$/u.test(word)
