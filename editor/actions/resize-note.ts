import { gridSize } from '#editor/document/edits.ts'
import { toItem } from '#editor/document/item-id.ts'
import { resizeNote } from '#editor/document/notes.ts'
import { type Action, isOpen, onlyItem, type Studio } from './action.ts'

const step = gridSize * 5

function pickedNote(studio: Studio): string | null {
  const item = onlyItem(studio)
  const { kind, id } = toItem(item ?? '')
  return kind === 'note' ? id : null
}

function resize(key: string, wider: number, higher: number): Action {
  return {
    name: `resize-${key.toLowerCase()}`,
    group: 'edit',
    shortcuts: [`Mod+Arrow${key}`],
    keyOnly: true,
    when: (studio) => isOpen(studio) && pickedNote(studio) !== null,
    perform(studio) {
      const note = pickedNote(studio)
      const size = note === null ? undefined : studio.draft.getState().document.view.notes[note]?.size
      if (note === null || !size) return
      studio.draft.commit(
        (document) =>
          resizeNote(document, note, { width: size.width + wider * step, height: size.height + higher * step }),
        { label: 'note-size', merge: `resize ${note}` },
      )
    },
  }
}

/** With Control the arrows move a note's right and lower edge; a burst of them is one step of the history. */
export const resizes: readonly Action[] = [
  resize('Left', -1, 0),
  resize('Right', 1, 0),
  resize('Up', 0, -1),
  resize('Down', 0, 1),
]
