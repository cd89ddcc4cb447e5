import { hashOf } from '#runtime/graph/canonical.ts'
import { type Clash, clash } from '#runtime/graph/diff.ts'
import { readJson } from './read-json.ts'

/** Clashes that nobody has settled yet, kept on this device for all its tabs: a reload discards no value. */
export interface ClashShelf {
  list(bot: string): Clash[]
  keep(bot: string, clashes: readonly Clash[]): void
  settle(bot: string, clash: Clash): void
}

export const clashPrefix = 'botloom.clash.'

export function createClashShelf(storage: Storage): ClashShelf {
  const keyOf = (bot: string, one: Clash) => `${clashPrefix}${bot}.${hashOf(one).slice(0, 16)}`
  return {
    list(bot) {
      const found: Clash[] = []
      for (let index = 0; index < storage.length; index++) {
        const key = storage.key(index)
        if (!key?.startsWith(`${clashPrefix}${bot}.`)) continue
        const parsed = clash.safeParse(readJson(storage.getItem(key)))
        if (parsed.success) found.push(parsed.data)
      }
      return found
    },
    keep(bot, clashes) {
      try {
        for (const one of clashes) storage.setItem(keyOf(bot, one), JSON.stringify(one))
      } catch {
        // A device without room: they stay on the screen until the page is left.
      }
    },
    settle: (bot, one) => storage.removeItem(keyOf(bot, one)),
  }
}
