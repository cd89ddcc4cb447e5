/** A word of a message, in UTF-16 code units, and by how much the verdict is surer with it than without it: -1..1. */
export interface WordWeight {
  start: number
  end: number
  weight: number
}

/** Longer messages are looked at as far as this: each word is one more question to the model. */
const mostWords = 48

/**
 * Which words made the verdict: each is left out by turns, and what the verdict's probability loses by that is its weight
 * (representation erasure, Li, Monroe & Jurafsky 2016, section 3). `probabilityOf` judges texts in their order. Empty for a
 * message of less than two words.
 */
export async function wordWeights(
  text: string,
  language: string,
  probability: number,
  probabilityOf: (texts: string[]) => Promise<number[]>,
): Promise<WordWeight[]> {
  const words = [...new Intl.Segmenter(language, { granularity: 'word' }).segment(text)]
    .filter((part) => part.isWordLike)
    .slice(0, mostWords)
    .map(({ index, segment }) => ({ start: index, end: index + segment.length }))
  if (words.length < 2) return []
  const without = words.map(({ start, end }) =>
    `${text.slice(0, start)}${text.slice(end)}`.replace(/ {2,}/g, ' ').trim(),
  )
  const left = await probabilityOf(without)
  return words.map((word, index) => ({ ...word, weight: probability - (left[index] ?? probability) }))
}
