import { flowOrder } from '#editor/canvas/flow-order.ts'
import { registry } from '#editor/document/registry.ts'
import { type Action, isOpen, type Studio } from './action.ts'

function walkTo(studio: Studio, step: 1 | -1): void {
  const order = flowOrder(studio.draft.getState().document, registry)
  const now = studio.selection.getState().nodes.at(-1)
  const at = now === undefined ? -1 : order.indexOf(now)
  const next = order[now === undefined ? (step === 1 ? 0 : order.length - 1) : at + step]
  if (next === undefined) return
  studio.select([next])
  studio.canvas.reveal(next)
  studio.canvas.focusBlock(next)
}

const canWalk = (studio: Studio, step: 1 | -1): boolean => {
  if (!isOpen(studio)) return false
  const order = flowOrder(studio.draft.getState().document, registry)
  const now = studio.selection.getState().nodes.at(-1)
  // At either end Tab leaves the canvas as it would any other part of the page.
  return order.length > 0 && (now === undefined || order[order.indexOf(now) + step] !== undefined)
}

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
