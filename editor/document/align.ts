import { around, type Box } from './boxes.ts'
import type { Point } from './edits.ts'

export const alignments = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const
export type Alignment = (typeof alignments)[number]

/** Where things go so that their edges, or middles, stand in one line; the line is that of the box around all of them. */
export function alignBoxes(boxes: Readonly<Record<string, Box>>, to: Alignment): Record<string, Point> {
  const box = around(Object.values(boxes))
  if (!box) return {}
  const { x: left, y: top } = box
  const [right, bottom] = [left + box.width, top + box.height]
  const place: Record<Alignment, (box: Box) => Point> = {
    left: ({ y }) => ({ x: left, y }),
    centre: ({ y, width }) => ({ x: (left + right - width) / 2, y }),
    right: ({ y, width }) => ({ x: right - width, y }),
    top: ({ x }) => ({ x, y: top }),
    middle: ({ x, height }) => ({ x, y: (top + bottom - height) / 2 }),
    bottom: ({ x, height }) => ({ x, y: bottom - height }),
  }
  return Object.fromEntries(Object.entries(boxes).map(([item, box]) => [item, place[to](box)]))
}

export type Direction = 'horizontally' | 'vertically'

/** Where things go so that the gaps between them are equal; the outermost two stay. Gaps may be negative. */
export function distributeBoxes(boxes: Readonly<Record<string, Box>>, direction: Direction): Record<string, Point> {
  const across = direction === 'horizontally'
  const from = (box: Box) => (across ? box.x : box.y)
  const length = (box: Box) => (across ? box.width : box.height)
  const items = Object.entries(boxes).sort(([, a], [, b]) => from(a) + length(a) / 2 - from(b) - length(b) / 2)
  const first = items[0]?.[1]
  const last = items.at(-1)?.[1]
  if (!first || !last) return {}
  const taken = items.reduce((sum, [, box]) => sum + length(box), 0)
  const gap = (from(last) + length(last) - from(first) - taken) / (items.length - 1)
  let at = from(first)
  const places: Record<string, Point> = {}
  for (const [item, box] of items) {
    places[item] = across ? { x: at, y: box.y } : { x: box.x, y: at }
    at += length(box) + gap
  }
  return places
}
