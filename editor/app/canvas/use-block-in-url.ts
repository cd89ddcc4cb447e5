import { useEffect, useRef } from 'react'
import { useSearchParams } from 'react-router'
import { showBlock } from '#editor/canvas/control.ts'
import { select, useSelection } from '#editor/document/selection.ts'
import { draft } from '#editor/document/store.ts'

/** The picked block in the page's address as `?block=`, so that a link leads to it; either follows the other. */
export function useBlockInUrl(open: boolean): void {
  const [search, setSearch] = useSearchParams()
  const asked = search.get('block')
  const picked = useSelection(({ nodes }) => (nodes.length === 1 ? nodes[0]! : null))
  /** What both last agreed on. */
  const agreed = useRef<string | null>(null)
  useEffect(() => {
    if (!open) return
    if (asked !== agreed.current) {
      agreed.current = asked
      if (asked === null || asked === picked || !draft.getState().document.nodes[asked]) return
      select([asked])
      showBlock(asked)
      return
    }
    if (picked === agreed.current) return
    agreed.current = picked
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        if (picked === null) next.delete('block')
        else next.set('block', picked)
        return next
      },
      { replace: true },
    )
  }, [open, asked, picked, setSearch])
}
