import { pickedItems } from '#editor/document/selection.ts'
import { type Action, hasItems, isOpen } from './action.ts'

export const zoomIn: Action = {
  name: 'zoom-in',
  group: 'view',
  shortcuts: ['Mod+=', 'Mod++'],
  when: isOpen,
  perform: ({ canvas }) => canvas.zoomIn(),
}
export const zoomOut: Action = {
  name: 'zoom-out',
  group: 'view',
  shortcuts: ['Mod+-'],
  when: isOpen,
  perform: ({ canvas }) => canvas.zoomOut(),
}
export const zoomWhole: Action = {
  name: 'zoom-whole',
  group: 'view',
  shortcuts: ['Mod+0'],
  when: isOpen,
  perform: ({ canvas }) => canvas.zoomToWhole(),
}
export const fit: Action = {
  name: 'fit',
  group: 'view',
  shortcuts: ['Home', 'Shift+1'],
  when: isOpen,
  perform: ({ canvas }) => canvas.fitCanvas(),
}
export const fitSelection: Action = {
  name: 'fit-selection',
  group: 'view',
  shortcuts: ['Shift+2'],
  when: hasItems,
  perform: ({ canvas, selection }) => canvas.fitCanvas(pickedItems(selection.getState())),
}
