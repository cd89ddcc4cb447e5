import { type Action, isOpen } from './action.ts'
import { wayOut } from './way-out.ts'

/** Asks for the block that comes next: after the first free way out, or between where all are taken. */
export const addNext: Action = {
  name: 'add-next',
  group: 'add',
  shortcuts: ['I'],
  when: (studio) => isOpen(studio) && studio.selection.getState().nodes.length === 1,
  perform(studio) {
    const [node] = studio.selection.getState().nodes
    if (node === undefined) return
    const way = wayOut(studio, node)
    if (way) studio.canvas.openQuickAdd({ node, ...way })
    else studio.canvas.announce(studio.canvas.word('said.no-way-out'), true)
  },
}
