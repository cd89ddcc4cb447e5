import { type GraphDocument, mainDialog } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { noFactsAtAll } from './draft.ts'
import { addBlock } from './edits.ts'
import { dropEmptyGroups } from './groups.ts'
import { registry } from './registry.ts'

/** Changes of a document's dialogs, each to be carried out inside a `commit`; and which blocks each one shows. */

/** How far below the model a dialog starts, px. */
const below = 200

/** A new dialog with its start, beside the model where there is one, so that both are in sight at once. */
export function addDialog(document: GraphDocument, id: string, name: string): void {
  document.dialogs[id] = { id, name: name.slice(0, 80), parameters: [] }
  const model = Object.values(document.nodes).find((node) => givesModel(document, node.id))
  const at = model && document.view.positions[model.id]
  const start = Object.values(registry.nodes).find((definition) => definition.single)!
  addBlock(document, start.type, at ? { x: at.x, y: at.y + below } : { x: 0, y: 0 }, id)
}

export function renameDialog(document: GraphDocument, id: string, name: string): void {
  const dialog = document.dialogs[id]
  if (dialog && name.trim() !== '') dialog.name = name.trim().slice(0, 80)
}

/** Takes a dialog away with all of its blocks; who called it keeps the choice and says that it is gone. The main one stays. */
export function removeDialog(document: GraphDocument, id: string): void {
  if (id === mainDialog) return
  const gone = new Set(Object.keys(document.nodes).filter((node) => document.nodes[node]!.dialog === id))
  for (const edge of Object.values(document.edges))
    if (gone.has(edge.from.node) || gone.has(edge.to.node)) delete document.edges[edge.id]
  for (const node of gone) {
    delete document.nodes[node]
    delete document.view.positions[node]
  }
  for (const note of Object.values(document.view.notes)) if (note.dialog === id) delete document.view.notes[note.id]
  dropEmptyGroups(document)
  delete document.dialogs[id]
}

/** Whether a dialog's canvas shows a block: its own, and of the Learn half the models that its blocks can be wired to; the main one shows all of Learn. */
export function isShownIn(document: GraphDocument, dialog: string, node: string): boolean {
  const record = document.nodes[node]
  if (!record) return false
  if (registry.nodes[record.type]?.family === 'pipeline') return dialog === mainDialog || givesModel(document, node)
  return record.dialog === dialog
}

function givesModel(document: GraphDocument, node: string): boolean {
  if (registry.nodes[document.nodes[node]!.type]?.family !== 'pipeline') return false
  const { outputs } = createGraphView(document, registry, noFactsAtAll).portsOf(node)
  return Object.values(outputs).some(({ type }) => type === 'classifier' || type === 'knowledge')
}
