import { useEffect } from 'react'

const signs = ['pointermove', 'pointerdown', 'keydown'] as const

/**
 * Loads what opens later as soon as a hand moves: what opens at once takes the next letter, one that is still on its way would
 * leave it to the page below. `parts` is the same object in each render.
 */
export function usePreload(parts: Readonly<Record<string, () => Promise<unknown>>>): void {
  useEffect(() => {
    const preload = () => {
      stop()
      // What fails now is loaded again when it is asked for, and says so then.
      for (const load of Object.values(parts)) void load().catch(() => {})
    }
    const stop = () => {
      for (const sign of signs) window.removeEventListener(sign, preload)
    }
    for (const sign of signs) window.addEventListener(sign, preload, { passive: true })
    return stop
  }, [parts])
}
