/** A row of a record file: what was said, and what it means. */
export interface SourceRow {
  text: string
  label: string
}

/** Rows of labels with fewer say nothing about what is planted in them; of more, the set would not be balanced. */
const fewest = 40
const most = 100
/** Two texts with more character pairs in common than this are one text written twice (Jaccard). */
const alike = 0.6

/**
 * Rows without the faults that are planted later, as far as a plain look finds them: no text twice or nearly so, labels of much the same
 * size, nothing with a name, an address or a long number in it. This must not call a detector: what a detector misses here would count as found.
 */
export function cleanRows(jsonLines: string): SourceRow[] {
  const byLabel = new Map<string, { text: string; pairs: Set<string> }[]>()
  const seen = new Set<string>()
  for (const line of jsonLines.split('\n')) {
    if (line.trim() === '') continue
    const { text, intent } = JSON.parse(line) as { text: string; intent: string }
    const bare = text
      .toLowerCase()
      .replace(/[\p{P}\p{S}\s]+/gu, '')
      .trim()
    const length = [...bare].length
    if (
      length < 4 ||
      length > 200 ||
      seen.has(bare) ||
      /\d{5}|@|oos|NO_NODES|name is|call me|\bm(r|rs|s)\b|先生|女士|小姐|我叫/i.test(`${text} ${intent}`)
    )
      continue
    const pairs = new Set([...bare].slice(1).map((char, i) => bare[i]! + char))
    const kept = byLabel.get(intent) ?? []
    if (kept.length >= most || kept.some((other) => jaccard(pairs, other.pairs) > alike)) continue
    seen.add(bare)
    byLabel.set(intent, [...kept, { text, pairs }])
  }
  return [...byLabel]
    .filter(([, rows]) => rows.length >= fewest)
    .flatMap(([label, rows]) => rows.map(({ text }) => ({ text, label })))
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0
  for (const pair of a) if (b.has(pair)) both++
  return both / Math.max(1, a.size + b.size - both)
}
