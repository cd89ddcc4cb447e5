/** A label that may be picked. */
export interface Choice {
  id: string
  name: string
}

/**
 * Labels that fit what was typed, the best first: names that begin with it, then those with a word that does, then those that hold it, then
 * those that hold its characters in this order. Case and width do not count.
 */
export function findLabels<T extends Choice>(labels: readonly T[], typed: string): T[] {
  const wanted = fold(typed)
  if (wanted === '') return [...labels]
  return labels
    .flatMap((label, at) => {
      const rank = rankOf(fold(label.name), wanted)
      return rank === null ? [] : [{ label, rank, at }]
    })
    .sort((a, b) => a.rank - b.rank || a.label.name.length - b.label.name.length || a.at - b.at)
    .map(({ label }) => label)
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().trim()

function rankOf(name: string, wanted: string): number | null {
  if (name === wanted) return 0
  if (name.startsWith(wanted)) return 1
  if (name.split(/[\s_\-./]+/u).some((word) => word.startsWith(wanted))) return 2
  if (name.includes(wanted)) return 3
  let at = 0
  for (const character of name) if (character === wanted[at]) at++
  return at === wanted.length ? 4 : null
}
