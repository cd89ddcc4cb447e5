import { type Action, isOpen } from './action.ts'

export const search: Action = {
  name: 'search',
  group: 'view',
  shortcuts: ['Mod+F'],
  inFields: true,
  when: isOpen,
  perform: ({ canvas }) => canvas.openSearch(),
}
