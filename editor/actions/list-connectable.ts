import { registry } from '#editor/document/registry.ts'
import { portTypes } from '#kit/ports.ts'
import { portsOf } from '#runtime/graph/node-facts.ts'
import { type Action, isOpen } from './action.ts'

/** Lists what the block's way out can be connected to: the first that is still free, or the first. */
export const listConnectable: Action = {
  name: 'list-connectable',
  group: 'walk',
  shortcuts: ['C'],
  when: (studio) => isOpen(studio) && studio.selection.getState().nodes.length === 1,
  perform({ draft, selection, canvas }) {
    const [node] = selection.getState().nodes
    if (node === undefined) return
    const { document, facts } = draft.getState()
    const { outputs } = portsOf(document, registry, facts, node)
    const taken = new Set(
      Object.values(document.edges).flatMap((edge) => (edge.from.node === node ? [edge.from.port] : [])),
    )
    const ports = Object.keys(outputs)
    const port = ports.find((id) => !portTypes[outputs[id]!.type].data && !taken.has(id)) ?? ports[0]
    if (port === undefined) canvas.announce(canvas.word('said.no-way-out'), true)
    else canvas.openConnectList({ node, port })
  },
}
