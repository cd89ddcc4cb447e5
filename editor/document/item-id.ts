/**
 * One name for everything that lies on a canvas: a block by its own id, a note as `note:<id>`, a group as `group:<id>`.
 * No record's id has a colon, so that nobody is taken for another.
 */
export type ItemKind = 'block' | 'note' | 'group'

export const noteItem = (id: string): string => `note:${id}`
export const groupItem = (id: string): string => `group:${id}`

export function toItem(item: string): { kind: ItemKind; id: string } {
  if (item.startsWith('note:')) return { kind: 'note', id: item.slice(5) }
  if (item.startsWith('group:')) return { kind: 'group', id: item.slice(6) }
  return { kind: 'block', id: item }
}
