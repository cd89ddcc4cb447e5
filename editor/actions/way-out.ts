import { graphNow } from '#editor/document/graph-now.ts'
import { portTypes } from '#kit/ports.ts'
import type { Studio } from './action.ts'

/** The block's way out that the keyboard means: the first that is still free, ways of the dialog ahead of data, or the first, with the wire that it has. */
export function wayOut({ draft }: Studio, node: string): { port: string; wire?: string } | null {
  const { document, facts } = draft.getState()
  const { outputs } = graphNow(document, facts).portsOf(node)
  const taken = new Map(
    Object.values(document.edges).flatMap((edge) => (edge.from.node === node ? [[edge.from.port, edge.id]] : [])),
  )
  const ports = Object.keys(outputs)
  const free = ports.filter((id) => !taken.has(id))
  const port = free.find((id) => !portTypes[outputs[id]!.type].data) ?? free[0] ?? ports[0]
  if (port === undefined) return null
  const wire = taken.get(port)
  return wire === undefined ? { port } : { port, wire }
}
