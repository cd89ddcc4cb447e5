import { carriedBy } from '#editor/document/boxes.ts'
import { type Clip, clipToText, copyItems } from '#editor/document/clipboard.ts'
import { pickedItems } from '#editor/document/selection.ts'
import { type Action, hasItems, type Studio } from './action.ts'

export const copy: Action = {
  name: 'copy',
  group: 'edit',
  shortcuts: ['Mod+C'],
  when: hasItems,
  async perform(studio) {
    const { clipboard, canvas } = studio
    const copied = copyPicked(studio)
    await clipboard.write(clipToText(copied))
    canvas.announce(canvas.word('said.copied', { count: copied.nodes.length + copied.notes.length }))
  },
}

/** What is picked, with all that picked groups carry along. */
export function copyPicked({ draft, selection, canvas }: Studio): Clip {
  const { document } = draft.getState()
  const picked = pickedItems(selection.getState())
  return copyItems(document, [...picked, ...carriedBy(document, picked, canvas.sizeOf)])
}
