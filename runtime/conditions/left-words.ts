/** Stands where words were taken away: no parser reads on across it. */
const gap = ' | '

/** What is left of a text when the parts that answers were taken from are gone; of a part that was said twice, one stays. */
export function leftWords(text: string, taken: readonly string[]): string {
  return taken.reduce(without, text.normalize('NFKC'))
}

function without(text: string, part: string): string {
  const words = part.normalize('NFKC').trim()
  if (words === '') return text
  // Literal but for blanks, which parsers fold.
  const literal = words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\s+/g, '\\s+')
  const bound = '[\\p{N}a-z]'
  // "3" is not the end of "13", unless it stands nowhere else.
  const whole = new RegExp(`(?<!${bound})${literal}(?!${bound})`, 'iu')
  return text.replace(whole.test(text) ? whole : new RegExp(literal, 'iu'), gap)
}
