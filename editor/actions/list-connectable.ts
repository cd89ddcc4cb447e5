import { type Action, isOpen } from './action.ts'
import { wayOut } from './way-out.ts'

/** Lists what the block's way out can be connected to. */
export const listConnectable: Action = {
  name: 'list-connectable',
  group: 'walk',
  shortcuts: ['C'],
  when: (studio) => isOpen(studio) && studio.selection.getState().nodes.length === 1,
  perform(studio) {
    const [node] = studio.selection.getState().nodes
    if (node === undefined) return
    const way = wayOut(studio, node)
    if (way) studio.canvas.openConnectList({ node, port: way.port })
    else studio.canvas.announce(studio.canvas.word('said.no-way-out'), true)
  },
}
