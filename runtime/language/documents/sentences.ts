/** [start, end) in UTF-16 code units. */
export type Span = readonly [start: number, end: number]

/** Words before a full stop that end no sentence. */
const abbreviations =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|approx|incl|max|min|Mr|Mrs|Ms|Dr|Prof|No|Nos|Fig|St|Inc|Ltd|Co|[A-Z])\.$/u
const stops = /[。！？!?…]+[”’"'」』）)\]]*|\.+["'”’)\]]*(?=\s|$)|[；;](?=\s|\p{Script=Han})|\n+/gu

/** Where the sentences of a text lie, in Chinese and in languages with full stops; together they hold all its words. */
export function sentencesOf(text: string): Span[] {
  const spans: Span[] = []
  let from = 0
  const add = (to: number): void => {
    const piece = text.slice(from, to)
    const start = from + (piece.length - piece.trimStart().length)
    const end = start + piece.trim().length
    if (end > start) spans.push([start, end])
    from = to
  }
  for (const match of text.matchAll(stops)) {
    const end = match.index + match[0].length
    if (match[0].startsWith('.') && abbreviations.test(text.slice(Math.max(0, match.index - 12), match.index + 1)))
      continue
    add(end)
  }
  add(text.length)
  return spans
}
