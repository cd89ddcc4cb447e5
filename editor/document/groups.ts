import type { GraphDocument } from '#runtime/graph/document.ts'
import { newId } from './ids.ts'

/** Changes of groups, each to be carried out inside a `commit`. A block is in one group at most; none stays empty. */

const longestName = 80

/** Puts blocks into a new group, out of whichever they were in. Null where none of them is there. */
export function addGroup(document: GraphDocument, nodes: readonly string[], name: string): string | null {
  const members = nodes.filter((node) => document.nodes[node])
  if (members.length === 0) return null
  const id = newId('g')
  document.view.groups[id] = { id, name: name.slice(0, longestName), nodes: [] }
  putInGroup(document, members, id)
  return id
}

/** Puts blocks into a group, or into none. */
export function putInGroup(document: GraphDocument, nodes: readonly string[], group: string | null): void {
  const moved = new Set(nodes.filter((node) => document.nodes[node]))
  const { groups } = document.view
  for (const other of Object.values(groups))
    if (other.id !== group && other.nodes.some((node) => moved.has(node)))
      other.nodes = other.nodes.filter((node) => !moved.has(node))
  const own = group === null ? undefined : groups[group]
  if (own) {
    const fresh = [...moved].filter((node) => !own.nodes.includes(node))
    if (fresh.length > 0) own.nodes = [...own.nodes, ...fresh]
  }
  dropEmptyGroups(document)
}

/** Takes blocks that are gone out of their groups, and groups without blocks away. */
export function dropEmptyGroups(document: GraphDocument): void {
  for (const group of Object.values(document.view.groups)) {
    if (group.nodes.some((node) => !document.nodes[node]))
      group.nodes = group.nodes.filter((node) => document.nodes[node])
    if (group.nodes.length === 0) delete document.view.groups[group.id]
  }
}

/** Takes groups away; their blocks stay. */
export function removeGroups(document: GraphDocument, groups: readonly string[]): void {
  for (const group of groups) delete document.view.groups[group]
}

export function renameGroup(document: GraphDocument, id: string, name: string): void {
  const group = document.view.groups[id]
  if (group && group.name !== name) group.name = name.slice(0, longestName)
}

export function groupOf(document: GraphDocument, node: string): string | null {
  return Object.values(document.view.groups).find((group) => group.nodes.includes(node))?.id ?? null
}
