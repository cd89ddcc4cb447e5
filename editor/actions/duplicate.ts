import { cornerOf, pasteItems } from '#editor/document/clipboard.ts'
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
        added = pasteItems(now, draft.getState().facts, copied, { x: corner.x + offset, y: corner.y + offset })
      },
      { label: 'duplicate' },
    )
    if (added.length > 0) selectItems(added)
    canvas.announce(canvas.word('said.pasted', { count: added.length }), added.length === 0)
  },
}
