/** What a turn is to say: each reply's text, cut where anything may stand, and whether others may stand between them. */
export interface ExpectedReplies {
  replies: readonly { pieces: readonly string[] }[]
  others?: boolean
}

/** Whether a text has these pieces in this order, from its first letter to its last, with anything between them. Linear. */
export function fitsPieces(pieces: readonly string[], text: string): boolean {
  const [first = '', ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** The first reply by its place in `expected` or in what was said, whichever goes on, that is not as expected; null where all are. */
export function firstDifference(
  expected: ExpectedReplies,
  said: readonly string[],
): { reply: number; said: string | null } | null {
  const { replies, others = false } = expected
  let at = 0
  for (const [reply, { pieces }] of replies.entries()) {
    if (others) {
      const found = said.findIndex((text, index) => index >= at && fitsPieces(pieces, text))
      if (found < 0) return { reply, said: said[at] ?? said.at(-1) ?? null }
      at = found + 1
    } else {
      const text = said[at++]
      if (text === undefined || !fitsPieces(pieces, text)) return { reply, said: text ?? null }
    }
  }
  return others || at >= said.length ? null : { reply: replies.length, said: said[at]! }
}
