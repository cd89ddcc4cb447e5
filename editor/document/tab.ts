import { newId } from './ids.ts'

/** This browser tab, as long as its page is loaded; a reload begins another one. */
export interface Tab {
  id: string
  /** What this tab was called before it was reloaded; null where it is new. */
  before: string | null
  /** The tabs of this browser that are open now. */
  live(): Promise<ReadonlySet<string>>
}

const rememberedTab = 'botloom.tab'

/** Holds a lock of its own name while it lives, so that what has no lock belongs to a tab that was closed. */
export function openTab(): Tab {
  const id = newId('tab')
  const { locks } = navigator
  // Held until the tab is gone; nobody ever waits for it.
  void locks?.request(id, () => new Promise<never>(() => {}))
  const before = sessionStorage.getItem(rememberedTab)
  sessionStorage.setItem(rememberedTab, id)
  return {
    id,
    before,
    live: async () => {
      const state = await locks?.query()
      return new Set(state?.held?.flatMap((lock) => (lock.name ? [lock.name] : [])) ?? [])
    },
  }
}
