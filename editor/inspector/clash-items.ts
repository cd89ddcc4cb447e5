import type { Clash } from '#runtime/graph/diff.ts'
import { splitKey } from '#runtime/graph/records.ts'

/** What one person has to decide on: one clash, or several that are one thing to them. */
export interface ClashItem {
  key: string
  /** The block that it is about, where it is about one. */
  block: string | null
  clashes: Clash[]
}

/** Both numbers of a place are one thing, and so are all parts of a block that is gone. */
export function clashItems(clashes: readonly Clash[]): ClashItem[] {
  const items = new Map<string, ClashItem>()
  for (const clash of clashes) {
    const [kind, id] = splitKey(clash.record)
    const ofBlock = kind === 'nodes' || kind === 'positions'
    const key =
      ofBlock && clash.path === ''
        ? `gone ${id}`
        : kind === 'positions'
          ? `place ${id} ${clash.diff}`
          : `${clash.record} ${clash.path} ${clash.diff}`
    const item = items.get(key) ?? { key, block: ofBlock ? id : null, clashes: [] }
    item.clashes.push(clash)
    items.set(key, item)
  }
  return [...items.values()]
}
