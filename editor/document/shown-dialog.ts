import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { type GraphDocument, mainDialog } from '#runtime/graph/document.ts'
import { fieldRefs } from '#runtime/graph/field-refs.ts'
import { isShownIn } from './dialogs.ts'
import { toItem } from './item-id.ts'
import { registry } from './registry.ts'

/** Which dialog of the bot the canvas shows; new blocks go there. */
export const shownDialog = createStore<{ dialog: string }>()(() => ({ dialog: mainDialog }))

export const showDialog = (dialog: string): void => shownDialog.setState({ dialog })
export const useShownDialog = (): string => useStore(shownDialog, ({ dialog }) => dialog)

/** The dialog that is shown, where the document still has it; else the main one. */
export function dialogOf(document: GraphDocument): string {
  const { dialog } = shownDialog.getState()
  return Object.hasOwn(document.dialogs, dialog) ? dialog : mainDialog
}

/** The dialog whose canvas an item lies on; null where there is no such thing. */
export function homeOf(document: GraphDocument, item: string): string | null {
  const { kind, id } = toItem(item)
  if (kind === 'block') return document.nodes[id]?.dialog ?? null
  if (kind === 'note') return document.view.notes[id] ? (document.view.notes[id].dialog ?? mainDialog) : null
  const [member] = document.view.groups[id]?.nodes ?? []
  return member === undefined ? null : (document.nodes[member]?.dialog ?? null)
}

/** The dialog that a block goes through, where it is there. */
export function calledDialog(document: GraphDocument, node: string): string | null {
  const record = document.nodes[node]
  const definition = record && registry.nodes[record.type]
  if (!definition) return null
  const found = fieldRefs(definition, record.config).find(
    ({ ref, value }) => ref === 'dialog' && document.dialogs[value],
  )
  return found?.value ?? null
}

let last: { document: GraphDocument; dialog: string; part: GraphDocument } | null = null

/**
 * What the canvas shows of a document: the blocks of its dialog, the wires among them, their groups and its notes. Of a bot with one
 * dialog that is the document itself, and of the same document the same part.
 */
export function shownPart(document: GraphDocument, dialog = dialogOf(document)): GraphDocument {
  if (Object.keys(document.dialogs).length <= 1) return document
  if (last?.document === document && last.dialog === dialog) return last.part
  const shown = new Set(Object.keys(document.nodes).filter((node) => isShownIn(document, dialog, node)))
  const { positions, groups, notes } = document.view
  const part: GraphDocument = {
    ...document,
    nodes: only(document.nodes, (id) => shown.has(id)),
    edges: only(document.edges, (_, { from, to }) => shown.has(from.node) && shown.has(to.node)),
    view: {
      positions,
      groups: only(groups, (_, { nodes }) => nodes.some((node) => shown.has(node))),
      notes: only(notes, (_, note) => (note.dialog ?? mainDialog) === dialog),
    },
  }
  last = { document, dialog, part }
  return part
}

function only<T>(table: Record<string, T>, keeps: (id: string, record: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(table).filter(([id, record]) => keeps(id, record)))
}
