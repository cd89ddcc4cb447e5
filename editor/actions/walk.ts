import { flowOrder } from '#editor/canvas/flow-order.ts'
import { boxOf } from '#editor/document/boxes.ts'
import { groupItem, noteItem } from '#editor/document/item-id.ts'
import { registry } from '#editor/document/registry.ts'
import { pickedItems } from '#editor/document/selection.ts'
import { shownPart } from '#editor/document/shown-dialog.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { type Action, hasItems, isOpen, type Studio } from './action.ts'

/** Blocks in flow order; then the groups, then the notes, from the upper left on. */
function walkOrder(document: GraphDocument): string[] {
  const { groups, notes } = document.view
  const topOf = (item: string) => boxOf(document, item, () => ({ width: 0, height: 0 })) ?? { x: 0, y: 0 }
  const marks = (items: string[]) => items.sort((a, b) => topOf(a).y - topOf(b).y || topOf(a).x - topOf(b).x)
  return [
    ...flowOrder(document, registry),
    ...marks(Object.keys(groups).map(groupItem)),
    ...marks(Object.keys(notes).map(noteItem)),
  ]
}

function beside(studio: Studio, step: 1 | -1): string | undefined {
  const order = walkOrder(shownPart(studio.draft.getState().document))
  const { nodes, notes, groups } = studio.selection.getState()
  const now = nodes.at(-1) ?? pickedItems({ nodes, notes, groups })[0]
  if (now === undefined) return step === 1 ? order[0] : order.at(-1)
  return order[order.indexOf(now) + step]
}

function walkTo(studio: Studio, step: 1 | -1): void {
  const next = beside(studio, step)
  if (next === undefined) return
  studio.selectItems([next])
  studio.canvas.reveal(next)
  studio.canvas.focusItem(next)
}

// At either end Tab leaves the canvas as it would any other part of the page.
const canWalk = (studio: Studio, step: 1 | -1): boolean => isOpen(studio) && beside(studio, step) !== undefined

export const nextBlock: Action = {
  name: 'next-block',
  group: 'walk',
  shortcuts: ['Tab'],
  when: (studio) => canWalk(studio, 1),
  perform: (studio) => walkTo(studio, 1),
}

export const previousBlock: Action = {
  name: 'previous-block',
  group: 'walk',
  shortcuts: ['Shift+Tab'],
  when: (studio) => canWalk(studio, -1),
  perform: (studio) => walkTo(studio, -1),
}

function blockAfterPicked({ draft, selection }: Studio): string | undefined {
  const { nodes } = selection.getState()
  const order = flowOrder(shownPart(draft.getState().document), registry)
  return order.slice(order.indexOf(nodes.at(-1) ?? '') + 1).find((id) => !nodes.includes(id))
}

/** For hands on the keyboard: one more block is picked, the next in flow order. */
export const pickNextToo: Action = {
  name: 'pick-next-too',
  group: 'walk',
  shortcuts: [']'],
  when: (studio) => hasItems(studio) && blockAfterPicked(studio) !== undefined,
  perform(studio) {
    const next = blockAfterPicked(studio)
    if (next === undefined) return
    studio.selectItems([...pickedItems(studio.selection.getState()), next])
    studio.canvas.reveal(next)
    studio.canvas.focusItem(next)
  },
}
