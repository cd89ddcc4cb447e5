import { openPalette } from '#editor/app/shell/commands.ts'
import {
  announce,
  canvasState,
  closeOverlays,
  fitCanvas,
  flyTo,
  focusItem,
  placeAfter,
  placeForNew,
  reveal,
  screenOf,
  sizeOf,
  zoomIn,
  zoomOut,
  zoomToWhole,
} from '#editor/canvas/control.ts'
import { wordOf } from '#editor/canvas/word-of.ts'
import { select, selectItems, selection } from '#editor/document/selection.ts'
import { draft } from '#editor/document/store.ts'
import type { Studio } from './action.ts'
import { actions } from './actions.ts'

/** Where the browser keeps its clipboard from us, blocks are still passed on within this tab. */
let lastCopied = ''

/** The studio of this page. */
export const studio: Studio = {
  draft,
  selection,
  select,
  selectItems,
  canvas: {
    announce,
    word: wordOf,
    closeOverlays,
    openQuickAdd: (after) => canvasState.setState({ quickAdd: after ? placeAfter(after) : placeForNew() }),
    openConnectList: (from) => canvasState.setState({ connectList: { from, screen: screenOf(from.node) } }),
    editItem: (item) => canvasState.setState({ editing: item }),
    openSearch() {
      canvasState.setState({ search: true })
      document.querySelector<HTMLInputElement>('.bl-find input')?.select()
    },
    openCommands: openPalette,
    flyTo,
    focusItem,
    reveal,
    fitCanvas,
    zoomIn,
    zoomOut,
    zoomToWhole,
    placeForNew,
    sizeOf,
    focusInspector(field) {
      const inspector = document.querySelector('.bl-inspector')
      const wanted = field === 'name' ? '.bl-inspector__name' : '[id^="bl-field-"]:is(input, textarea, select)'
      const target = inspector?.querySelector<HTMLElement>(wanted) ?? inspector?.querySelector<HTMLElement>('input')
      target?.focus()
      if (target instanceof HTMLInputElement && field === 'name') target.select()
    },
  },
  clipboard: {
    async write(text) {
      lastCopied = text
      await navigator.clipboard?.writeText(text).catch(() => {})
    },
    read: async () => (await navigator.clipboard?.readText().catch(() => lastCopied)) || lastCopied,
  },
}

/** Performs an action by its name; false when it cannot be done now. */
export function performAction(name: string): boolean {
  const action = actions.find((one) => one.name === name)
  if (!action?.when(studio)) return false
  void action.perform(studio)
  return true
}
