import { useEffect, useRef } from 'react'
import { showBlock } from '#editor/canvas/control.ts'
import { select, useSelection } from '#editor/document/selection.ts'
import { homeOf, showDialog, useShownDialog } from '#editor/document/shown-dialog.ts'
import { draft } from '#editor/document/store.ts'
import { mainDialog } from '#runtime/graph/document.ts'
import { useSearch } from '../use-search.ts'

interface Place {
  dialog: string
  block: string | null
}

/**
 * The shown dialog and the picked block in the page's address as `?dialog=` and `?block=`, so that a link leads there; either follows
 * the other. Both are written at once, for the router takes the last of two writes alone.
 */
export function usePlaceInUrl(open: boolean): void {
  const [search, changeSearch] = useSearch()
  const asked: Place = { dialog: search.get('dialog') ?? mainDialog, block: search.get('block') }
  const shown: Place = {
    dialog: useShownDialog(),
    block: useSelection(({ nodes }) => (nodes.length === 1 ? nodes[0]! : null)),
  }
  /** What both last agreed on, the address that was last looked at, and what was written into it and has not come back yet. */
  const agreed = useRef<Place>({ dialog: '', block: null })
  const seen = useRef<Place>({ dialog: '', block: null })
  const written = useRef<Place[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the parts of both places stand for them
  useEffect(() => {
    if (!open) return
    const isNew = !isSame(asked, seen.current)
    seen.current = asked
    const own = isNew ? written.current.findIndex((place) => isSame(place, asked)) : -1
    // The router takes its time: what comes back now may be older than what is shown, and asks for nothing.
    if (own >= 0) written.current = written.current.slice(own + 1)
    else if (isNew && !isSame(asked, agreed.current)) {
      const before = agreed.current
      written.current = []
      agreed.current = asked
      const home =
        asked.block === before.block || asked.block === null ? null : homeOf(draft.getState().document, asked.block)
      if (asked.dialog !== before.dialog || home !== null) showDialog(home ?? asked.dialog)
      if (home === null || asked.block === null || asked.block === shown.block) return
      select([asked.block])
      showBlock(asked.block)
      return
    }
    if (isSame(shown, agreed.current)) return
    // Another dialog is another page, to which the browser's way back leads; another block is not.
    const replace = shown.dialog === agreed.current.dialog
    agreed.current = shown
    written.current.push(shown)
    changeSearch({ dialog: shown.dialog === mainDialog ? null : shown.dialog, block: shown.block }, { replace })
  }, [open, asked.dialog, asked.block, shown.dialog, shown.block, changeSearch])
}

const isSame = (a: Place, b: Place): boolean => a.dialog === b.dialog && a.block === b.block
