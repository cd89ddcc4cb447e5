import type { GraphDocument } from '#runtime/graph/document.ts'

/**
 * Makes a document what a version was: call it inside `draft.commit`. Notes on the canvas that are there now stay, since no
 * version speaks of them.
 */
export function restoreDocument(document: GraphDocument, version: GraphDocument): void {
  const { id: _, view, ...content } = structuredClone(version)
  const { notes } = document.view
  Object.assign(document, content)
  if (content.origin === undefined) delete document.origin
  document.view = { ...view, notes: { ...view.notes, ...notes } }
}
