import { getViewportForBounds, type ReactFlowInstance } from '@xyflow/react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Point } from '#editor/document/edits.ts'
import { draft } from '#editor/document/store.ts'
import type { End } from '#runtime/graph/wiring.ts'

/** What the canvas shows beside the document: its overlays. */
interface CanvasState {
  /** The list of blocks to add; `at` is where the new block goes, in the graph's own coordinates. */
  quickAdd: { at: Point; screen: Point; from?: End & { side: 'input' | 'output' }; wire?: string } | null
  /** Ports that a port can be connected to, chosen by keyboard. */
  connectList: { from: End; screen: Point } | null
  commands: boolean
  menu: { screen: Point } | null
  /** While a wire is dragged: the ports that can take it, `i:<port>` or `o:<port>` by block. */
  takers: ReadonlyMap<string, ReadonlySet<string>> | null
  /** What a screen reader is told, and the person sees for a moment where it is a refusal. */
  said: { text: string; refusal: boolean; at: number }
  /** The block whose field the inspector should bring into view. */
  wantedField: { node: string; field: string } | null
}

export const canvasState = createStore<CanvasState>()(() => ({
  quickAdd: null,
  connectList: null,
  commands: false,
  menu: null,
  takers: null,
  said: { text: '', refusal: false, at: 0 },
  wantedField: null,
}))

export function useCanvasState<T>(select: (state: CanvasState) => T): T {
  return useStore(canvasState, select)
}

export function closeOverlays(): boolean {
  const { quickAdd, connectList, commands, menu } = canvasState.getState()
  if (!quickAdd && !connectList && !commands && !menu) return false
  canvasState.setState({ quickAdd: null, connectList: null, commands: false, menu: null })
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

/** Brings a block into the middle and puts the focus on it. */
export async function flyTo(node: string): Promise<void> {
  const found = instance?.getInternalNode(node)
  if (!instance || !found) return
  const { x, y } = found.internals.positionAbsolute
  const width = found.measured.width ?? 256
  const height = found.measured.height ?? 96
  const zoom = Math.max(instance.getZoom(), 0.8)
  await instance.setCenter(x + width / 2, y + height / 2, { zoom, ...flight() })
  focusBlock(node)
}

export function focusBlock(node: string): void {
  document
    .querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(node)}"]`)
    ?.focus({ preventScroll: true })
}

/** Pans only as far as needed to see a block. */
export function reveal(node: string): void {
  const found = instance?.getInternalNode(node)
  const pane = document.querySelector('.bl-canvas')?.getBoundingClientRect()
  if (!instance || !found || !pane) return
  const { x, y, zoom } = instance.getViewport()
  const left = found.internals.positionAbsolute.x * zoom + x
  const top = found.internals.positionAbsolute.y * zoom + y
  const right = left + (found.measured.width ?? 256) * zoom
  const bottom = top + (found.measured.height ?? 96) * zoom
  const margin = 48
  if (left < margin || top < margin || right > pane.width - margin || bottom > pane.height - margin)
    void instance.setCenter(
      found.internals.positionAbsolute.x + (found.measured.width ?? 256) / 2,
      found.internals.positionAbsolute.y + (found.measured.height ?? 96) / 2,
      { zoom, ...flight() },
    )
}

/**
 * Shows these blocks, or all of them, where the document has them: they may not have been drawn there yet. With `room`
 * (px) they stand no further than that from the top.
 */
export function fitCanvas(nodes?: readonly string[], room = 0): void {
  const pane = document.querySelector('.bl-canvas')?.getBoundingClientRect()
  const { positions } = draft.getState().document.view
  const wanted = nodes && nodes.length > 0 ? nodes : Object.keys(positions)
  const boxes = wanted.flatMap((id) => (positions[id] ? [{ ...positions[id], ...sizeOf(id) }] : []))
  if (!instance || !pane || boxes.length === 0) return
  const x = Math.min(...boxes.map((box) => box.x)) - bandMargin
  const y = Math.min(...boxes.map((box) => box.y)) - bandMargin
  const width = Math.max(...boxes.map((box) => box.x + box.width)) + bandMargin - x
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + bandMargin - y
  const viewport = getViewportForBounds({ x, y, width, height }, pane.width, pane.height, 0.1, 1, 0.04)
  // What lies below is worth more than empty ground above.
  const top = y * viewport.zoom + viewport.y
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

export function toGraph(screen: Point): Point {
  return instance?.screenToFlowPosition(screen) ?? screen
}

/** Size of a block as it is drawn, for layouts; a guess where it has not been drawn yet. */
export function sizeOf(node: string): { width: number; height: number } {
  const measured = instance?.getInternalNode(node)?.measured
  return { width: measured?.width ?? 256, height: measured?.height ?? 96 }
}

/** Where a block's right edge is on the screen. */
export function screenOf(node: string): Point {
  const element = document.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`)?.getBoundingClientRect()
  return element ? { x: element.right + 8, y: element.top } : placeForNew().screen
}
