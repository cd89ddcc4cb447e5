import { type GraphDocument, mainDialog } from '#runtime/graph/document.ts'
import type { Size } from './boxes.ts'
import { onGrid, type Point } from './edits.ts'
import { newId } from './ids.ts'

/** Changes of notes, each to be carried out inside a `commit`. */

export const longestNote = 2000
export const freshNote: Size = { width: 224, height: 128 }
export const smallestNote: Size = { width: 120, height: 64 }
const largestNote: Size = { width: 1200, height: 1200 }

export function addNote(document: GraphDocument, at: Point, dialog = mainDialog): string {
  const id = newId('t')
  document.view.notes[id] = { id, ...onDialog(dialog), text: '', position: onGrid(at), size: { ...freshNote } }
  return id
}

/** What a note says of its place: nothing on the main dialog's canvas. */
export const onDialog = (dialog: string): { dialog?: string } => (dialog === mainDialog ? {} : { dialog })

export function writeNote(document: GraphDocument, id: string, text: string): void {
  const note = document.view.notes[id]
  if (note && note.text !== text) note.text = text.slice(0, longestNote)
}

export function resizeNote(document: GraphDocument, id: string, size: Size): void {
  const note = document.view.notes[id]
  if (note) note.size = noteSize(size)
}

/** A size that a note may have: on the grid, neither too small to be read nor larger than a window. */
export function noteSize({ width, height }: Size): Size {
  const { x, y } = onGrid({ x: width, y: height })
  return {
    width: Math.min(largestNote.width, Math.max(smallestNote.width, x)),
    height: Math.min(largestNote.height, Math.max(smallestNote.height, y)),
  }
}

export function removeNotes(document: GraphDocument, notes: readonly string[]): void {
  for (const note of notes) delete document.view.notes[note]
}
