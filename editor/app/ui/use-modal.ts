import { type RefObject, useEffect, useSyncExternalStore } from 'react'

/** The open modal dialogs, the topmost last. */
let open: readonly HTMLDialogElement[] = []
const listeners = new Set<() => void>()

function change(next: readonly HTMLDialogElement[]) {
  open = next
  for (const listener of listeners) listener()
}

/** Opens the `<dialog>` as a modal one for as long as it is there; `onOpen` may move the focus. */
export function useModal(element: RefObject<HTMLDialogElement | null>, onOpen?: (dialog: HTMLDialogElement) => void) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it opens once
  useEffect(() => {
    const dialog = element.current
    if (!dialog || dialog.open) return
    dialog.showModal()
    onOpen?.(dialog)
    change([...open, dialog])
    return () => {
      change(open.filter((other) => other !== dialog))
      dialog.close()
    }
  }, [])
}

/** Where something must be to be seen, heard and clicked: all that is outside of the topmost modal dialog is inert. */
export function useTopmost(): HTMLElement {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => open.at(-1) ?? document.body,
  )
}
