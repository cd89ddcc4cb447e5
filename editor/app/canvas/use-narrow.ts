import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 900px)')

/** Whether there is no room for panels beside the canvas. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => query.matches,
  )
}
