import { useDraft } from '#editor/document/store.ts'
import { clashItems } from './clash-items.ts'

/** How many things two people have set differently and nobody has settled. */
export function useClashCount(): number {
  return useDraft((state) => clashItems(state.clashes).length)
}
