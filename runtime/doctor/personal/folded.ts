/**
 * A text with full-width signs folded (NFKC), sign by sign, so that a place in it leads back to the place in the text as it was written:
 * `places[i]` is where the sign at `i` began, and the last entry is the text's length.
 */
export function foldWithPlaces(text: string): { folded: string; places: number[] } {
  // Most texts are plain, and are their own folded form.
  if (text.normalize('NFKC') === text) return { folded: text, places: [] }
  let folded = ''
  const places: number[] = []
  let at = 0
  for (const sign of text) {
    const plain = sign.normalize('NFKC')
    folded += plain
    for (let i = 0; i < plain.length; i++) places.push(at)
    at += sign.length
  }
  places.push(at)
  return { folded, places }
}
