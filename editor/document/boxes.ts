import type { GraphDocument } from '#runtime/graph/document.ts'
import type { Point } from './edits.ts'
import { groupItem, noteItem, toItem } from './item-id.ts'

export interface Size {
  width: number
  height: number
}
export interface Box extends Point, Size {}
/** What a block usually takes, where none was drawn yet. */
export const usualSize: Size = { width: 256, height: 96 }
/** How large a block is drawn. */
export type SizeOf = (node: string) => Size

/** Room between a group's frame and its blocks; the title stands in the upper one. Multiples of the grid. */
export const frameRoom = { side: 24, top: 56, foot: 24 }

export function around(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  }
}

/** The frame of a group whose blocks take these boxes. */
export function frameAround(boxes: readonly Box[]): Box | null {
  const inner = around(boxes)
  return (
    inner && {
      x: inner.x - frameRoom.side,
      y: inner.y - frameRoom.top,
      width: inner.width + 2 * frameRoom.side,
      height: inner.height + frameRoom.top + frameRoom.foot,
    }
  )
}

export function covers(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

export function overlaps(a: Box, b: Box, apart = 0): boolean {
  return (
    a.x < b.x + b.width + apart &&
    b.x < a.x + a.width + apart &&
    a.y < b.y + b.height + apart &&
    b.y < a.y + a.height + apart
  )
}

/** Where a block, a note or a group's frame lies; null where there is no such thing. */
export function boxOf(document: GraphDocument, item: string, sizeOf: SizeOf): Box | null {
  const { kind, id } = toItem(item)
  const { positions, notes, groups } = document.view
  if (kind === 'note') return notes[id] ? { ...notes[id].position, ...notes[id].size } : null
  if (kind === 'block') return positions[id] && document.nodes[id] ? { ...positions[id], ...sizeOf(id) } : null
  return groups[id] ? frameAround(boxesOf(document, groups[id].nodes, sizeOf)) : null
}

export function boxesOf(document: GraphDocument, items: readonly string[], sizeOf: SizeOf): Box[] {
  return items.flatMap((item) => boxOf(document, item, sizeOf) ?? [])
}

/** All items of a document, frames first. */
export function itemsOf(document: GraphDocument): string[] {
  const { notes, groups } = document.view
  return [...Object.keys(groups).map(groupItem), ...Object.keys(notes).map(noteItem), ...Object.keys(document.nodes)]
}

/** What moves when these items are moved: a group takes its blocks along and the notes that lie in its frame. */
export function carriedBy(document: GraphDocument, items: readonly string[], sizeOf: SizeOf): string[] {
  const carried = new Set<string>()
  for (const item of items) {
    const { kind, id } = toItem(item)
    if (kind !== 'group') {
      carried.add(item)
      continue
    }
    const frame = boxOf(document, item, sizeOf)
    for (const node of document.view.groups[id]?.nodes ?? []) if (document.nodes[node]) carried.add(node)
    for (const note of Object.values(document.view.notes))
      if (frame && covers(frame, { ...note.position, ...note.size })) carried.add(noteItem(note.id))
  }
  return [...carried]
}

/** The group whose frame lies under a point, the smallest where several do. Groups that are moved whole do not count. */
export function groupAt(
  document: GraphDocument,
  { x, y }: Point,
  moved: ReadonlySet<string>,
  sizeOf: SizeOf,
): string | null {
  let best: { id: string; area: number } | null = null
  for (const group of Object.values(document.view.groups)) {
    if (group.nodes.every((node) => moved.has(node))) continue
    const frame = boxOf(document, groupItem(group.id), sizeOf)
    if (!frame || !covers(frame, { x, y, width: 0, height: 0 })) continue
    const area = frame.width * frame.height
    if (!best || area < best.area) best = { id: group.id, area }
  }
  return best?.id ?? null
}
