import { type Action, isOpen } from './action.ts'

/** Escape closes what lies on top first, then lets go of the selection. */
export const deselect: Action = {
  name: 'deselect',
  group: 'edit',
  shortcuts: ['Escape'],
  keyOnly: true,
  when: isOpen,
  perform({ canvas, select }) {
    if (!canvas.closeOverlays()) select([])
  },
}
