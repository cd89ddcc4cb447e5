import { z } from 'zod'
import type { GraphDiff } from '#runtime/graph/diff.ts'
import { graphDiff } from '#runtime/graph/diff.ts'
import { readJson } from './read-json.ts'
import type { Tab } from './tab.ts'

/** Changes that no server has acknowledged yet, kept on this device until one does. */
export interface Shelf {
  /** What tabs that are gone have left behind for a bot, oldest first; their shelves are emptied by `forget`. */
  leftBehind(bot: string): Promise<LeftBehind[]>
  forget(keys: readonly string[]): void
  /** Replaces this tab's own shelf. False when the device has no room. */
  put(bot: string, base: number, diffs: readonly UnsentDiff[]): boolean
}
export interface LeftBehind {
  key: string
  /** The revision that the diffs were made on, so that the server can tell what clashes. */
  base: number
  diffs: UnsentDiff[]
}
export interface UnsentDiff {
  diff: GraphDiff
  /** The person asked for it: more than half of the blocks may go at once. */
  large: boolean
}

const prefix = 'botloom.unsaved.'
const stored = z.object({
  at: z.number(),
  base: z.number().int(),
  diffs: z.array(z.object({ diff: graphDiff, large: z.boolean() })),
})

/**
 * Each tab has its own place in localStorage, so that two tabs never overwrite each other; what has no living tab belongs to
 * one that was closed.
 */
export function createShelf(storage: Storage, tab: Tab): Shelf {
  return {
    async leftBehind(bot) {
      const live = await tab.live()
      const found: (LeftBehind & { at: number })[] = []
      for (let index = 0; index < storage.length; index++) {
        const key = storage.key(index)
        if (!key?.startsWith(`${prefix}${bot}.`)) continue
        const owner = key.slice(key.lastIndexOf('.') + 1)
        if (owner === tab.id || live.has(owner)) continue
        const parsed = stored.safeParse(readJson(storage.getItem(key)))
        if (parsed.success && parsed.data.diffs.length > 0) found.push({ key, ...parsed.data })
      }
      return found.sort((a, b) => a.at - b.at)
    },
    forget(keys) {
      for (const key of keys) storage.removeItem(key)
    },
    put(bot, base, diffs) {
      const key = `${prefix}${bot}.${tab.id}`
      if (diffs.length === 0) {
        storage.removeItem(key)
        return true
      }
      try {
        storage.setItem(key, JSON.stringify({ at: Date.now(), base, diffs }))
        return true
      } catch {
        return false
      }
    },
  }
}
