import { type Action, isOpen } from './action.ts'

export const addBlockHere: Action = {
  name: 'add-block',
  group: 'add',
  shortcuts: ['/'],
  when: isOpen,
  perform: ({ canvas }) => canvas.openQuickAdd(),
}
