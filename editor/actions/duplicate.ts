import { copyBlocks, pasteBlocks } from '#editor/document/clipboard.ts'
import { type Action, hasBlocks } from './action.ts'

const offset = 32

export const duplicate: Action = {
  name: 'duplicate',
  group: 'edit',
  shortcuts: ['Mod+D'],
  when: hasBlocks,
  perform({ draft, selection, select, canvas }) {
    const { document } = draft.getState()
    const copied = copyBlocks(document, selection.getState().nodes)
    const places = Object.values(copied.positions)
    const corner = { x: Math.min(...places.map(({ x }) => x)), y: Math.min(...places.map(({ y }) => y)) }
    let added: string[] = []
    draft.commit(
      (now) => {
        added = pasteBlocks(now, copied, { x: corner.x + offset, y: corner.y + offset })
      },
      { label: 'duplicate' },
    )
    if (added.length > 0) select(added)
    canvas.announce(canvas.word('said.pasted', { count: added.length }), added.length === 0)
  },
}
