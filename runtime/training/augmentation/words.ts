/** A word, or what stands between two. */
export interface Piece {
  text: string
  isWord: boolean
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** Cuts a text into words and what lies between them, Chinese by the dictionary of ICU; joined again they are the text. */
export function piecesOf(text: string): Piece[] {
  return Array.from(segmenter.segment(text), ({ segment, isWordLike }) => ({
    text: segment,
    isWord: isWordLike === true,
  }))
}

export const isHan = (text: string): boolean => /\p{Script=Han}/u.test(text)

/** One of the items, or undefined where there is none. */
export function oneOf<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)]
}

/** How many of `all` a share means: at least one. */
export const countOf = (share: number, all: number): number => Math.max(1, Math.round(share * all))
