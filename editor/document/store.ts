import { useStore } from 'zustand'
import { api } from '#editor/app/api.ts'
import type { StudioEvent } from '#server/api/dto.ts'
import { clashPrefix, createClashShelf } from './clash-shelf.ts'
import { createDraft, type DraftState } from './draft.ts'
import { createHistoryShelf } from './history-shelf.ts'
import { runStates } from './run-states.ts'
import { createShelf } from './shelf.ts'
import { openTab } from './tab.ts'

/** Made at its first use: this module is also loaded where there is no browser. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
/** This browser tab, for all that is kept or told tab by tab. */
export const thisTab = once(openTab)
const shelf = once(() => createShelf(localStorage, thisTab()))
const clashes = once(() => createClashShelf(localStorage))
const histories = once(() => createHistoryShelf(localStorage, thisTab()))

/** The draft that this page edits. One at a time: a bot's page opens it and closes it. */
export const draft = createDraft({
  door: { load: api.draft, push: api.pushDiffs },
  shelf: {
    leftBehind: (bot) => shelf().leftBehind(bot),
    forget: (keys) => shelf().forget(keys),
    put: (bot, base, diffs) => shelf().put(bot, base, diffs),
  },
  clashes: {
    list: (bot) => clashes().list(bot),
    keep: (bot, found) => clashes().keep(bot, found),
    settle: (bot, clash) => clashes().settle(bot, clash),
  },
  histories: { take: (bot) => histories().take(bot), put: (bot, history) => histories().put(bot, history) },
  onStates: (states) => runStates.getState().replace(states),
})

/** Subscribes to a part of the draft. Select records by id, never whole tables, in anything drawn once a block. */
export function useDraft<T>(select: (state: DraftState) => T): T {
  return useStore(draft, select)
}

/** Every event of a bot's stream goes through here: the draft and the run states take what is theirs. */
export function receiveStudioEvent(event: StudioEvent): void {
  draft.receive(event)
  runStates.getState().receive(event)
}

/** Keeps what is unsent on its way while the page is hidden, comes back online or closes. Returns the undoing. */
export function guardDraft(): () => void {
  // What cannot be sent stays on the shelf and is told by the save state.
  const flush = () => void draft.flush().catch(() => {})
  const retry = () => draft.retrySave()
  const hidden = () => document.visibilityState === 'hidden' && flush()
  const elsewhere = ({ key }: StorageEvent) => key?.startsWith(clashPrefix) && draft.readClashes()
  window.addEventListener('storage', elsewhere)
  window.addEventListener('online', retry)
  window.addEventListener('pagehide', flush)
  document.addEventListener('visibilitychange', hidden)
  return () => {
    window.removeEventListener('storage', elsewhere)
    window.removeEventListener('online', retry)
    window.removeEventListener('pagehide', flush)
    document.removeEventListener('visibilitychange', hidden)
  }
}
