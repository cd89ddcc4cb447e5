import type { GraphDocument } from '#runtime/graph/document.ts'
import { portsOf } from '#runtime/graph/node-facts.ts'
import { noFactsAtAll } from './draft.ts'
import { addBlock } from './edits.ts'
import { registry } from './registry.ts'

/** How far below the model a dialog starts, px. */
const below = 200

/** A new dialog with its start, beside the model where there is one, so that both are in sight at once. */
export function addDialog(document: GraphDocument, id: string, name: string): void {
  document.dialogs[id] = { id, name: name.slice(0, 80), parameters: [] }
  const model = Object.values(document.nodes).find((node) => givesModel(document, node.id))
  const at = model && document.view.positions[model.id]
  const start = Object.values(registry.nodes).find((definition) => definition.single)!
  const made = addBlock(document, start.type, at ? { x: at.x, y: at.y + below } : { x: 0, y: 0 })
  if (made) document.nodes[made]!.dialog = id
}

function givesModel(document: GraphDocument, node: string): boolean {
  if (registry.nodes[document.nodes[node]!.type]?.family !== 'pipeline') return false
  const { outputs } = portsOf(document, registry, noFactsAtAll, node)
  return Object.values(outputs).some(({ type }) => type === 'classifier')
}
