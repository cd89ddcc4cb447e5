import { type Action, hasItems } from './action.ts'
import { copy } from './copy.ts'
import { deleteSelection } from './delete-selection.ts'

export const cut: Action = {
  name: 'cut',
  group: 'edit',
  shortcuts: ['Mod+X'],
  when: hasItems,
  async perform(studio) {
    await copy.perform(studio)
    await deleteSelection.perform(studio)
  },
}
