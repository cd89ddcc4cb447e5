import { useEffect, useRef } from 'react'
import { useSearchParams } from 'react-router'
import { showDialog, useShownDialog } from '#editor/document/shown-dialog.ts'
import { mainDialog } from '#runtime/graph/document.ts'

/** The shown dialog in the page's address as `?dialog=`, so that a link leads to it and the browser's way back too; either follows the other. */
export function useDialogInUrl(): void {
  const [search, setSearch] = useSearchParams()
  const asked = search.get('dialog') ?? mainDialog
  const shown = useShownDialog()
  /** What both last agreed on. */
  const agreed = useRef<string | null>(null)
  useEffect(() => {
    if (asked !== agreed.current) {
      agreed.current = asked
      showDialog(asked)
      return
    }
    if (shown === agreed.current) return
    agreed.current = shown
    setSearch((before) => {
      const next = new URLSearchParams(before)
      if (shown === mainDialog) next.delete('dialog')
      else next.set('dialog', shown)
      return next
    })
  }, [asked, shown, setSearch])
}
