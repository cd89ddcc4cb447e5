import { type Action, isOpen } from './action.ts'

export const commands: Action = {
  name: 'commands',
  group: 'view',
  shortcuts: ['Mod+K'],
  inFields: true,
  keyOnly: true,
  when: isOpen,
  perform: ({ canvas }) => canvas.openCommands(),
}
