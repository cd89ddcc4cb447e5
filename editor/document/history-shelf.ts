import { z } from 'zod'
import { graphDiff } from '#runtime/graph/diff.ts'
import { type History, type HistoryEntry, noHistory } from './history.ts'
import { readJson } from './read-json.ts'
import type { Tab } from './tab.ts'

/** A person's steps, kept on this device so that undo goes on after a reload. */
export interface HistoryShelf {
  /** What this tab had when it last showed the bot, else what the last closed tab left. */
  take(bot: string): Promise<History>
  put(bot: string, history: History): void
}

const prefix = 'botloom.history.'
/** Most that one history takes on the device, in characters; the oldest steps go first. */
const mostCharacters = 100_000
/** Histories of closed tabs that are kept, over all bots: what is unsent must always find room beside them. */
const mostLeftBehind = 8

const entry = z.object({ diff: graphDiff, label: z.string(), at: z.number() })
const stored = z.object({ at: z.number(), past: z.array(entry), future: z.array(entry) })

/** Each tab has its own place, as on the shelf of unsent changes; a place without a living tab is taken over. */
export function createHistoryShelf(storage: Storage, tab: Tab, now: () => number = Date.now): HistoryShelf {
  /** A step is written many times and never changes. */
  const texts = new WeakMap<HistoryEntry, string>()
  const textOf = (step: HistoryEntry): string => {
    let text = texts.get(step)
    if (text === undefined) {
      // Without the key of merging: what is typed after a reload is a step of its own.
      text = JSON.stringify({ diff: step.diff, label: step.label, at: step.at })
      texts.set(step, text)
    }
    return text
  }
  const newestThatFit = (steps: readonly HistoryEntry[], room: number): string[] => {
    const kept: string[] = []
    let left = room
    for (const step of [...steps].reverse()) {
      const text = textOf(step)
      left -= text.length
      if (left < 0) break
      kept.unshift(text)
    }
    return kept
  }

  /** Key of a history that was taken over from a tab that is gone; it stays until its steps have a place of this tab's. */
  let takenOver: string | null = null

  async function withoutOthers(): Promise<{ key: string; owner: string; at: number; history: History }[]> {
    const live = await tab.live()
    const found: { key: string; owner: string; at: number; history: History }[] = []
    for (const key of keysOf(storage)) {
      const owner = key.slice(key.lastIndexOf('.') + 1)
      if (owner !== tab.id && live.has(owner)) continue
      const parsed = stored.safeParse(readJson(storage.getItem(key)))
      if (parsed.success) found.push({ key, owner, at: parsed.data.at, history: parsed.data })
      else storage.removeItem(key)
    }
    return found.sort((a, b) => b.at - a.at)
  }

  return {
    async take(bot) {
      const found = await withoutOthers()
      for (const { key } of found.slice(mostLeftBehind)) storage.removeItem(key)
      const ofBot = found.filter(({ key }) => key.startsWith(`${prefix}${bot}.`))
      const from = (owner: string | null) => ofBot.find((one) => one.owner === owner)
      const taken = from(tab.id) ?? from(tab.before) ?? ofBot[0]
      if (!taken) return noHistory
      takenOver = taken.owner === tab.id ? null : taken.key
      return { past: taken.history.past, future: taken.history.future }
    },
    put(bot, { past, future }) {
      const key = `${prefix}${bot}.${tab.id}`
      if (takenOver !== null) storage.removeItem(takenOver)
      takenOver = null
      if (past.length === 0 && future.length === 0) {
        storage.removeItem(key)
        return
      }
      const back = newestThatFit(past, mostCharacters)
      const forth = newestThatFit(future, mostCharacters - back.reduce((sum, text) => sum + text.length, 0))
      try {
        storage.setItem(key, `{"at":${now()},"past":[${back.join(',')}],"future":[${forth.join(',')}]}`)
      } catch {
        // A device without room: undo then ends with the page, and nothing of the work is lost.
        storage.removeItem(key)
      }
    },
  }
}

function keysOf(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) =>
    key.startsWith(prefix),
  )
}
