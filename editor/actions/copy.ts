import { clipToText, copyBlocks } from '#editor/document/clipboard.ts'
import { type Action, hasBlocks } from './action.ts'

export const copy: Action = {
  name: 'copy',
  group: 'edit',
  shortcuts: ['Mod+C'],
  when: hasBlocks,
  async perform({ draft, selection, clipboard, canvas }) {
    const copied = copyBlocks(draft.getState().document, selection.getState().nodes)
    await clipboard.write(clipToText(copied))
    canvas.announce(canvas.word('said.copied', { count: copied.nodes.length }))
  },
}
