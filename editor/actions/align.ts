import { type Alignment, alignBoxes, type Direction, distributeBoxes } from '#editor/document/align.ts'
import { type Box, boxOf, carriedBy } from '#editor/document/boxes.ts'
import { moveBlocks, type Point, placeOf } from '#editor/document/edits.ts'
import { groupOf } from '#editor/document/groups.ts'
import { pickedItems } from '#editor/document/selection.ts'
import { type Action, isOpen, type Studio } from './action.ts'

/** What is lined up: each picked thing by itself, a group as one with what is in it. */
function pickedBoxes({ draft, selection, canvas }: Studio): Record<string, Box> {
  const { document } = draft.getState()
  const { groups, nodes, notes } = selection.getState()
  const free = nodes.filter((node) => !groups.includes(groupOf(document, node) ?? ''))
  return Object.fromEntries(
    pickedItems({ groups, notes, nodes: free }).flatMap((item) => {
      const box = boxOf(document, item, canvas.sizeOf)
      return box ? [[item, box]] : []
    }),
  )
}

function place(studio: Studio, label: string, placesOf: (boxes: Record<string, Box>) => Record<string, Point>): void {
  const { draft, canvas } = studio
  const { document } = draft.getState()
  const boxes = pickedBoxes(studio)
  const moves: Record<string, Point> = {}
  for (const [item, to] of Object.entries(placesOf(boxes))) {
    const [dx, dy] = [to.x - boxes[item]!.x, to.y - boxes[item]!.y]
    for (const one of carriedBy(document, [item], canvas.sizeOf)) {
      const at = placeOf(document, one)
      if (at) moves[one] = { x: at.x + dx, y: at.y + dy }
    }
  }
  draft.commit((now) => moveBlocks(now, moves), { label })
  canvas.announce(canvas.word(`said.${label}`, { count: Object.keys(boxes).length }))
}

const several = (studio: Studio, least: number): boolean =>
  isOpen(studio) &&
  pickedItems(studio.selection.getState()).length >= least &&
  Object.keys(pickedBoxes(studio)).length >= least

const align = (to: Alignment, shortcut: string): Action => ({
  name: `align-${to}`,
  group: 'edit',
  shortcuts: [shortcut],
  when: (studio) => several(studio, 2),
  perform: (studio) => place(studio, 'aligned', (boxes) => alignBoxes(boxes, to)),
})

const distribute = (direction: Direction, shortcut: string): Action => ({
  name: `distribute-${direction}`,
  group: 'edit',
  shortcuts: [shortcut],
  when: (studio) => several(studio, 3),
  perform: (studio) => place(studio, 'distributed', (boxes) => distributeBoxes(boxes, direction)),
})

/** The keys are those that drawing programs have. */
export const aligns: readonly Action[] = [
  align('left', 'Alt+A'),
  align('centre', 'Alt+H'),
  align('right', 'Alt+D'),
  align('top', 'Alt+W'),
  align('middle', 'Alt+V'),
  align('bottom', 'Alt+S'),
  distribute('horizontally', 'Alt+Shift+H'),
  distribute('vertically', 'Alt+Shift+V'),
]
