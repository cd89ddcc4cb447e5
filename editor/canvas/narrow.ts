/** What a search of a list of choices looks at. */
export interface Searched {
  title: string
  /** Further words that a search finds it by. */
  words?: string
  detail?: string
  group: string
}

/**
 * The choices in which every word of the search occurs, the best first: one whose title is what was typed, then a title that
 * begins with it, then one with a word that does, then any title, then all else. Groups stay together and stand where
 * their best choice stands; without a search everything keeps its place.
 */
export function narrow<T extends Searched>(items: readonly T[], search: string): readonly T[] {
  const typed = search.toLowerCase().trim().replace(/\s+/g, ' ')
  if (typed === '') return items
  const words = typed.split(' ')
  const ranked = items
    .filter((item) => {
      const text = `${item.title} ${item.detail ?? ''} ${item.words ?? ''}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .map((item) => ({ item, rank: rankOf(item.title.toLowerCase(), typed) }))
    .sort((a, b) => a.rank - b.rank)
  const groups = [...new Set(ranked.map(({ item }) => item.group))]
  return groups.flatMap((group) => ranked.filter(({ item }) => item.group === group).map(({ item }) => item))
}

function rankOf(title: string, typed: string): number {
  if (title === typed) return 0
  if (title.startsWith(typed)) return 1
  if (title.includes(` ${typed}`)) return 2
  return title.includes(typed) ? 3 : 4
}
