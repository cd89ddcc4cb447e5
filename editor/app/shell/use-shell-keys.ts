import { useEffect, useRef } from 'react'
import { isMac, isShortcut } from '#editor/actions/shortcuts.ts'
import { togglePalette } from './commands.ts'

/** Keys that mean the same on every page: the command list, and all shortcuts. */
export function useShellKeys(onShortcuts: () => void): void {
  const shortcuts = useRef(onShortcuts)
  shortcuts.current = onShortcuts
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest('dialog[open], [data-keys="own"]')) return
      if (isShortcut(event, 'Mod+K', isMac)) {
        event.preventDefault()
        togglePalette()
      }
      if (event.key !== '?' || target?.closest('input, textarea, select, [contenteditable="true"]')) return
      event.preventDefault()
      shortcuts.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
