import type { Draft } from '#editor/document/draft.ts'
import type { Point } from '#editor/document/edits.ts'
import { pickedItems, type Selection } from '#editor/document/selection.ts'
import type { End } from '#runtime/graph/wiring.ts'

/** What an action may ask of the canvas. */
export interface CanvasDoor {
  announce(text: string, refusal?: boolean): void
  word(key: string, params?: Record<string, unknown>): string
  closeOverlays(): boolean
  /** Under the pointer, or after a block's way out, or between where that has a wire. */
  openQuickAdd(after?: End & { wire?: string }): void
  openConnectList(from: End): void
  openCommands(): void
  /** The canvas knows blocks, notes and groups as items. */
  flyTo(item: string): Promise<void>
  focusItem(item: string): void
  reveal(item: string): void
  fitCanvas(items?: readonly string[]): void
  /** Puts the caret into a group's name or a note's text. */
  editItem(item: string): void
  openSearch(): void
  zoomIn(): void
  zoomOut(): void
  zoomToWhole(): void
  placeForNew(): { at: Point; screen: Point }
  sizeOf(node: string): { width: number; height: number }
  focusInspector(field?: 'name'): void
}

export interface Clipboard {
  write(text: string): Promise<void>
  read(): Promise<string>
}

/** All that an action works on. */
export interface Studio {
  draft: Draft
  selection: { getState(): Selection }
  select(nodes: readonly string[], edges?: readonly string[]): void
  selectItems(items: readonly string[]): void
  canvas: CanvasDoor
  clipboard: Clipboard
}

/** Something that a person can do, whichever way they ask for it: keyboard, context menu, toolbar or command list. */
export interface Action {
  /** Also the key of its words: `canvas:action.<name>`. */
  name: string
  group: 'edit' | 'add' | 'view' | 'walk'
  /** Keys that perform it, such as `Mod+Shift+Z`; `Mod` is Command on a Mac and Control elsewhere. The first is shown. */
  shortcuts: readonly string[]
  /** Works while the caret is in a field of the inspector too. */
  inFields?: boolean
  /** Not offered in menus: it is only meaningful as a key. */
  keyOnly?: boolean
  /** Whether it can be done now. */
  when(studio: Studio): boolean
  perform(studio: Studio): void | Promise<void>
}

export const isOpen = (studio: Studio): boolean => studio.draft.getState().phase === 'open'
export const hasItems = (studio: Studio): boolean =>
  isOpen(studio) && pickedItems(studio.selection.getState()).length > 0

/** The one thing that is picked, as an item; null where it is none or several. */
export function onlyItem(studio: Studio): string | null {
  const [item, ...others] = pickedItems(studio.selection.getState())
  return item !== undefined && others.length === 0 ? item : null
}
