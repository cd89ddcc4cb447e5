import { getViewportForBounds, type ReactFlowInstance } from '@xyflow/react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { around, type Box, boxesOf, boxOf, itemsOf, type Size, usualSize } from '#editor/document/boxes.ts'
import type { Point } from '#editor/document/edits.ts'
import { homeOf, showDialog, shownPart } from '#editor/document/shown-dialog.ts'
import { draft } from '#editor/document/store.ts'
import type { End } from '#runtime/graph/wiring.ts'

/** Where a new block goes: onto the ground, to a wire's loose end, or onto a wire. */
export interface QuickAddPlace {
  at: Point
  screen: Point
  from?: End & { side: 'input' | 'output' }
  wire?: string
}

/** Where the menu opens, and what it is about. */
export interface MenuPlace {
  screen: Point
  of: 'items' | 'ground'
}
export interface ConnectPlace {
  from: End
  screen: Point
}

/** What the canvas shows beside the document: its overlays. */
interface CanvasState {
  /** The list of blocks to add; `at` is where the new block goes, in the graph's own coordinates. */
  quickAdd: QuickAddPlace | null
  /** Ports that a port can be connected to, chosen by keyboard. */
  connectList: ConnectPlace | null
  /** The panel that searches the whole bot. */
  search: boolean
  menu: MenuPlace | null
  /** While a wire is dragged: the ports that can take it, `i:<port>` or `o:<port>` by block. */
  takers: ReadonlyMap<string, ReadonlySet<string>> | null
  /** What a screen reader is told, and the person sees for a moment where it is a refusal. */
  said: { text: string; refusal: boolean; at: number }
  /** The note or group whose text has the caret, as an item. */
  editing: string | null
  /** While blocks are dragged: the group that takes them in when they are let go of. */
  dropInto: string | null
  /** Items that a search has found, and the one that its list stands on. */
  found: { items: ReadonlySet<string>; at: string | null } | null
  /** The block whose field the inspector should bring into view. */
  wantedField: { node: string; field: string } | null
}

export const canvasState = createStore<CanvasState>()(() => ({
  quickAdd: null,
  connectList: null,
  search: false,
  menu: null,
  takers: null,
  editing: null,
  dropInto: null,
  found: null,
  said: { text: '', refusal: false, at: 0 },
  wantedField: null,
}))

export function useCanvasState<T>(select: (state: CanvasState) => T): T {
  return useStore(canvasState, select)
}

/** Whether a search has found an item, and whether its list stands on it; as it is written into `data-found`. */
export function useFound(item: string): 'at' | 'yes' | undefined {
  return useCanvasState(({ found }) => (found?.items.has(item) ? (found.at === item ? 'at' : 'yes') : undefined))
}

/** Closes what would be left hanging where the canvas moves away below it. */
export function closeMenus(): boolean {
  const { quickAdd, connectList, menu } = canvasState.getState()
  if (!quickAdd && !connectList && !menu) return false
  canvasState.setState({ quickAdd: null, connectList: null, menu: null })
  return true
}

/** Closes what lies on top; false where nothing does. */
export function closeOverlays(): boolean {
  if (closeMenus()) return true
  if (!canvasState.getState().search) return false
  canvasState.setState({ search: false, found: null })
  return true
}

/** Tells a screen reader; a refusal is also shown at the foot of the canvas. */
export function announce(text: string, refusal = false): void {
  canvasState.setState({ said: { text, refusal, at: Date.now() } })
}

/** Room for the bands around the outermost blocks, px of the graph. */
const bandMargin = 56

let instance: ReactFlowInstance | null = null
let pointer: Point | null = null

export function holdCanvas(flow: ReactFlowInstance | null): void {
  instance = flow
}
export function holdPointer(screen: Point | null): void {
  pointer = screen
}

function flight(): { duration: number } {
  return { duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180 }
}

/** Where an item is drawn, px of the graph. */
function drawnBox(item: string): Box | null {
  const found = instance?.getInternalNode(item)
  if (!found) return null
  const { width = 256, height = 96 } = found.measured
  return { ...found.internals.positionAbsolute, width, height }
}

/** Brings an item into the middle and puts the focus on it. */
export async function flyTo(item: string): Promise<void> {
  const { document: bot } = draft.getState()
  if (!boxOf(shownPart(bot), item, sizeOf)) {
    // It lies on another canvas, which shows it first of all.
    const home = homeOf(bot, item)
    if (home === null) return
    asked = item
    showDialog(home)
    return
  }
  await showItem(item)
  focusItem(item)
}

/** Brings an item into the middle, large enough to be read. */
export async function showItem(item: string): Promise<void> {
  const box = drawnBox(item)
  if (!instance || !box) return
  // A frame is often larger than the window: then its title counts.
  const zoom = Math.max(instance.getZoom(), 0.8)
  const height = Math.min(box.height, 320 / zoom)
  const width = Math.min(box.width, 640 / zoom)
  // Beside the search, where its panel leaves room.
  const panel = document.querySelector('.bl-find')?.getBoundingClientRect().width ?? 0
  const pane = document.querySelector('.bl-canvas')?.getBoundingClientRect().width ?? 0
  const aside = panel < pane / 2 ? panel / 2 / zoom : 0
  await instance.setCenter(box.x + width / 2 - aside, box.y + height / 2, { zoom, ...flight() })
}

/** The item that a link asked for before the canvas could show anything. */
let asked: string | null = null

/** Brings an item into the middle, now or as the first thing that the canvas shows. */
export function showBlock(node: string): void {
  if (instance?.getInternalNode(node)?.measured.width) void flyTo(node)
  else asked = node
}

/** Shows what was asked for at first; false where nothing was, or it is not there. */
export function showAsked(): boolean {
  const node = asked
  asked = null
  if (node === null || !instance?.getInternalNode(node)) return false
  void flyTo(node)
  return true
}

/** Milliseconds in which a block that comes into view must be there: a flight takes a fifth of a second, a busy machine much more. */
const mostWait = 5_000

/** Puts the focus on an item, as soon as it is on the page: of many blocks only those in view are. Who goes on elsewhere keeps the focus. */
export function focusItem(item: string): void {
  const held = document.activeElement
  const until = performance.now() + mostWait
  const look = (): void => {
    const element = elementOf(item)
    element?.focus({ preventScroll: true })
    // A block that was not measured yet is there without being seen, and takes no focus.
    if (element && document.activeElement === element) return
    if (performance.now() < until && isHeld(held) && instance?.getInternalNode(item)) requestAnimationFrame(look)
  }
  look()
}

/** Whether the focus is where it was, or nowhere since what had it left the page. */
function isHeld(held: Element | null): boolean {
  return document.activeElement === held || document.activeElement === document.body
}

function elementOf(item: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(item)}"]`)
}

/** Pans only as far as needed to see an item. */
export function reveal(item: string): void {
  const box = drawnBox(item)
  const pane = document.querySelector('.bl-canvas')?.getBoundingClientRect()
  if (!instance || !box || !pane) return
  const { x, y, zoom } = instance.getViewport()
  const left = box.x * zoom + x
  const top = box.y * zoom + y
  const right = left + box.width * zoom
  const bottom = top + box.height * zoom
  const margin = 48
  if (left < margin || top < margin || right > pane.width - margin || bottom > pane.height - margin)
    void instance.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom, ...flight() })
}

/**
 * Shows these items, or all of them, where the document has them: they may not have been drawn there yet. With `room`
 * (px) they stand no further than that from the top.
 */
export function fitCanvas(items?: readonly string[], room = 0): void {
  const pane = document.querySelector('.bl-canvas')?.getBoundingClientRect()
  const bot = shownPart(draft.getState().document)
  const wanted = items && items.length > 0 ? items : itemsOf(bot)
  const box = around(boxesOf(bot, wanted, sizeOf))
  if (!instance || !pane || !box) return
  const bounds = {
    x: box.x - bandMargin,
    y: box.y - bandMargin,
    width: box.width + 2 * bandMargin,
    height: box.height + 2 * bandMargin,
  }
  const viewport = getViewportForBounds(bounds, pane.width, pane.height, 0.1, 1, 0.04)
  // What lies below is worth more than empty ground above.
  const top = bounds.y * viewport.zoom + viewport.y
  if (room > 0 && top > room) viewport.y -= top - room
  void instance.setViewport(viewport, flight())
}

/** Brings the walked blocks into view, given in the order of the walk; where they are too far apart, the last ones. */
export function showWalk(nodes: readonly string[]): void {
  const pane = document.querySelector('.bl-canvas')?.getBoundingClientRect()
  const { positions } = draft.getState().document.view
  const boxes = nodes.flatMap((id) => (positions[id] ? [{ ...positions[id], ...sizeOf(id) }] : []))
  if (!instance || !pane || pane.width === 0 || boxes.length === 0) return
  const flow = instance
  const margin = 40
  const now = flow.getViewport()
  const seen = (box: (typeof boxes)[number]) =>
    box.x * now.zoom + now.x >= margin &&
    box.y * now.zoom + now.y >= margin &&
    (box.x + box.width) * now.zoom + now.x <= pane.width - margin &&
    (box.y + box.height) * now.zoom + now.y <= pane.height - margin
  if (now.zoom >= 0.34 && boxes.every(seen)) return
  for (let from = 0; from < boxes.length; from++) {
    const part = boxes.slice(from)
    const x = Math.min(...part.map((box) => box.x))
    const y = Math.min(...part.map((box) => box.y))
    const width = Math.max(...part.map((box) => box.x + box.width)) - x
    const height = Math.max(...part.map((box) => box.y + box.height)) - y
    const zoom = Math.min(0.85, (pane.width - 2 * margin) / width, (pane.height - 2 * margin) / height)
    if (zoom < 0.42 && from < boxes.length - 1) continue
    void flow.setCenter(x + width / 2, y + height / 2, { zoom, ...flight() })
    return
  }
}
export function zoomIn(): void {
  void instance?.zoomIn(flight())
}
export function zoomOut(): void {
  void instance?.zoomOut(flight())
}
export function zoomToWhole(): void {
  void instance?.zoomTo(1, flight())
}

/** Where a new thing goes: under the pointer while it is over the canvas, else the middle of what is seen. */
export function placeForNew(): { at: Point; screen: Point } {
  const pane = document.querySelector('.bl-canvas')?.getBoundingClientRect()
  const middle = pane ? { x: pane.left + pane.width / 2, y: pane.top + pane.height / 3 } : { x: 0, y: 0 }
  const inside =
    pointer &&
    pane &&
    pointer.x >= pane.left &&
    pointer.x <= pane.right &&
    pointer.y >= pane.top &&
    pointer.y <= pane.bottom
  const screen = inside ? pointer! : middle
  return { at: toGraph(screen), screen }
}

/** Where the block goes that follows another: to its right; below that where it is put between two. */
export function placeAfter({ node, port, wire }: End & { wire?: string }): QuickAddPlace {
  const { x, y, width, height } = drawnBox(node) ?? { ...placeForNew().at, ...sizeOf(node) }
  const screen = screenOf(node)
  const right = x + width + 80
  return wire === undefined
    ? { at: { x: right, y: y + 28 }, screen, from: { node, port, side: 'output' } }
    : { at: { x: right, y: y + height + 28 }, screen, wire }
}

export function toGraph(screen: Point): Point {
  return instance?.screenToFlowPosition(screen) ?? screen
}

/** Size of a block as it is drawn, for layouts; a guess where it has not been drawn yet. */
export function sizeOf(node: string): Size {
  const measured = instance?.getInternalNode(node)?.measured
  return { width: measured?.width ?? usualSize.width, height: measured?.height ?? usualSize.height }
}

/** Where a block's right edge is on the screen. */
export function screenOf(node: string): Point {
  const box = elementOf(node)?.getBoundingClientRect()
  return box ? { x: box.right + 8, y: box.top } : placeForNew().screen
}
