import { type RefObject, useEffect, useRef } from 'react'

const writing = 'input, textarea, select, [contenteditable="true"]'

/** The line of a chat in the list; without one, any line. */
export function lineOf(desk: HTMLElement, chat?: string): HTMLElement | null {
  return desk.querySelector(chat === undefined ? '[data-chat]' : `[data-chat="${CSS.escape(chat)}"]`)
}

/** J and K walk the list from anywhere but a field, arrows within it; Escape goes back to it. Enter is the link's own. */
export function useDeskKeys(desk: RefObject<HTMLElement | null>, onEscape: (() => void) | null): void {
  const goBack = useRef(onEscape)
  goBack.current = onEscape
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target instanceof Element ? event.target : null
      // A dialog has the keys, also where the focus fell out of it.
      if (!desk.current || document.querySelector('dialog[open]')) return
      if (target?.closest('[data-keys="own"], [role="menu"]')) return
      if (event.key === 'Escape') {
        if (!goBack.current) return
        event.preventDefault()
        goBack.current()
        return
      }
      if (target?.closest(writing)) return
      const inList = target?.closest('[data-chat]') != null
      const step = stepOf(event.key, inList)
      if (step === 0) return
      event.preventDefault()
      walk(desk.current, step)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [desk])
}

function stepOf(key: string, inList: boolean): 1 | -1 | 0 {
  if (key === 'j' || (inList && key === 'ArrowDown')) return 1
  if (key === 'k' || (inList && key === 'ArrowUp')) return -1
  return 0
}

/** From the line that has the focus, else from the chat that is open, else from the top. */
function walk(desk: HTMLElement, step: 1 | -1): void {
  const lines = [...desk.querySelectorAll<HTMLElement>('[data-chat]')]
  const focused = lines.indexOf(document.activeElement as HTMLElement)
  const open = lines.findIndex((line) => line.getAttribute('aria-current') === 'true')
  const from = focused >= 0 ? focused : open
  const to = from < 0 ? 0 : Math.max(0, Math.min(lines.length - 1, from + step))
  lines[to]?.focus()
}
