import { countOf, oneOf, piecesOf } from './words.ts'

/** Swaps two words, as often as the share of the words says (random swap of EDA: Wei & Zou 2019, section 2). Null for a single word. */
export function swapWords(text: string, share: number, random: () => number): string | null {
  const pieces = piecesOf(text)
  const places = [...pieces.keys()].filter((i) => pieces[i]!.isWord)
  if (places.length < 2) return null
  for (let swap = countOf(share, places.length); swap > 0; swap--) {
    const one = oneOf(places, random)!
    const other = oneOf(
      places.filter((place) => place !== one),
      random,
    )!
    ;[pieces[one], pieces[other]] = [pieces[other]!, pieces[one]!]
  }
  return pieces.map((piece) => piece.text).join('')
}

/** Fewer words lose their meaning with one of them. */
const fewestWords = 3

/** Leaves out a share of the words, at least one and never more than half (random deletion of EDA). Null for fewer than three words. */
export function deleteWords(text: string, share: number, random: () => number): string | null {
  const pieces = piecesOf(text)
  const places = [...pieces.keys()].filter((i) => pieces[i]!.isWord)
  if (places.length < fewestWords) return null
  const gone = new Set<number>()
  const most = Math.min(Math.floor(places.length / 2), countOf(share, places.length))
  while (gone.size < most) gone.add(oneOf(places, random)!)
  return pieces
    .map((piece, i) => (gone.has(i) ? '' : piece.text))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}
