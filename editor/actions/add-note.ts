import { noteItem } from '#editor/document/item-id.ts'
import { addNote } from '#editor/document/notes.ts'
import { dialogOf } from '#editor/document/shown-dialog.ts'
import { type Action, isOpen } from './action.ts'

/** A sticky note under the pointer, or in the middle, with the caret in it. */
export const addNoteHere: Action = {
  name: 'add-note',
  group: 'add',
  shortcuts: ['N'],
  when: isOpen,
  perform({ draft, selectItems, canvas }) {
    let added = ''
    draft.commit(
      (document) => {
        added = addNote(document, canvas.placeForNew().at, dialogOf(document))
      },
      { label: 'note' },
    )
    selectItems([noteItem(added)])
    canvas.announce(canvas.word('said.note-added'))
    canvas.editItem(noteItem(added))
  },
}
