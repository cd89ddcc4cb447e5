import { cornerOf, pasteItems } from '#editor/document/clipboard.ts'
import { dialogOf } from '#editor/document/shown-dialog.ts'
import { type Action, hasItems } from './action.ts'
import { copyPicked } from './copy.ts'

const offset = 32

export const duplicate: Action = {
  name: 'duplicate',
  group: 'edit',
  shortcuts: ['Mod+D'],
  when: hasItems,
  perform(studio) {
    const { draft, selectItems, canvas } = studio
    const copied = copyPicked(studio)
    const corner = cornerOf(copied)
    let added: string[] = []
    draft.commit(
      (now) => {
        const at = { x: corner.x + offset, y: corner.y + offset }
        added = pasteItems(now, draft.getState().facts, copied, at, dialogOf(now))
      },
      { label: 'duplicate' },
    )
    if (added.length > 0) selectItems(added)
    canvas.announce(canvas.word('said.pasted', { count: added.length }), added.length === 0)
  },
}
