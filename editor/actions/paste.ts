import { parseClip, pasteItems } from '#editor/document/clipboard.ts'
import { dialogOf } from '#editor/document/shown-dialog.ts'
import { type Action, isOpen } from './action.ts'

export const paste: Action = {
  name: 'paste',
  group: 'edit',
  shortcuts: ['Mod+V'],
  when: isOpen,
  async perform({ draft, selectItems, clipboard, canvas }) {
    const copied = parseClip(await clipboard.read())
    if (!copied || copied.nodes.length + copied.notes.length === 0) {
      canvas.announce(canvas.word('said.nothing-to-paste'), true)
      return
    }
    const { at } = canvas.placeForNew()
    let added: string[] = []
    draft.commit(
      (document) => {
        added = pasteItems(document, draft.getState().facts, copied, at, dialogOf(document))
      },
      { label: 'paste' },
    )
    selectItems(added)
    canvas.announce(canvas.word('said.pasted', { count: added.length }), added.length === 0)
  },
}
