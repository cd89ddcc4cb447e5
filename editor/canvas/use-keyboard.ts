import { type RefObject, useEffect } from 'react'
import { actions } from '#editor/actions/actions.ts'
import { actionOf, isMac } from '#editor/actions/shortcuts.ts'
import { studio } from '#editor/actions/studio.ts'

/** Keys that mean something only while the canvas itself has the focus; elsewhere they belong to the page. */
const canvasOnly = new Set(['next-block', 'previous-block', 'open-inspector'])

/** Performs actions by their keys while the canvas is on the page and nothing else is being typed into. */
export function useKeyboard(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest('dialog[open], [data-keys="own"]')) return
      const action = actionOf(actions, event, isMac)
      if (!action) return
      const typing = target?.closest('input, textarea, select, [contenteditable="true"]') ?? null
      if (typing && !(action.inFields && typing.closest('.bl-inspector, .bl-canvas'))) return
      const inCanvas = root.current?.contains(target) ?? false
      if (canvasOnly.has(action.name) && !inCanvas) return
      // A button keeps Enter and Space, and arrows may scroll a panel.
      if (!inCanvas && target?.closest('button, a, [role="tab"], [role="menu"]') && event.key.length > 1) return
      if (target?.closest('button') && (event.key === 'Enter' || event.key === ' ')) return
      // Text that was marked somewhere on the page is what people mean to copy.
      if ((action.name === 'copy' || action.name === 'cut') && (getSelection()?.toString() ?? '') !== '') return
      if (!action.when(studio)) return
      event.preventDefault()
      void action.perform(studio)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [root])
}
