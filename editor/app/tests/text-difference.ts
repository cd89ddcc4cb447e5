/** Two texts as what they begin with alike, where they differ, and what they end with alike; no letter is cut in two. */
export function textDifference(
  before: string,
  after: string,
): { start: string; before: string; after: string; end: string } {
  const a = [...before]
  const b = [...after]
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start++
  let end = 0
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const middle = (letters: string[]) => letters.slice(start, letters.length - end).join('')
  return {
    start: a.slice(0, start).join(''),
    before: middle(a),
    after: middle(b),
    end: a.slice(a.length - end).join(''),
  }
}
