/** Only these schemes become links; `javascript:` and the like stay plain text. */
const link = /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"'）。，]+/gi

/** A reply's text with its links, as nodes: nothing is ever parsed as markup. */
export function SafeText({ text }: { text: string }) {
  const parts: preact.ComponentChild[] = []
  let at = 0
  for (const match of text.matchAll(link)) {
    parts.push(text.slice(at, match.index))
    parts.push(
      <a href={match[0]} target="_blank" rel="noopener noreferrer nofollow">
        {match[0]}
      </a>,
    )
    at = match.index + match[0].length
  }
  parts.push(text.slice(at))
  return <>{parts}</>
}
