import type { LabelRef } from '#kit'
import type { GraphDocument, NodeRecord } from './document.ts'
import { fieldRefs } from './field-refs.ts'
import { type NodeRegistry, readableConfig } from './registry.ts'

/**
 * What in a document names a label: wires by its port, settings by its id, conditions by its name (blocks that tell labels write the name
 * into a variable), data blocks by its name. Each function gives the document in which all of them say the new thing; pure.
 */

/** A label has another name. Ports and wires know it by its id and stay as they are. */
export function renameLabel(
  document: GraphDocument,
  registry: NodeRegistry,
  set: string,
  label: LabelRef,
  name: string,
): GraphDocument {
  const words = new Map([[label.name, name]])
  const changed = withNames(document, registry, [label.id], words)
  return mapNodes(changed, (node) => {
    const definition = registry.nodes[node.type]
    const readsSet =
      definition &&
      fieldRefs(definition, readableConfig(registry, node)).some((found) => found.ref === 'set' && found.value === set)
    // A data block may list labels by their names, in whatever case.
    return readsSet
      ? mapStrings(node.config, (text) => (sameWord(text, label.name) ? name : text), inList)
      : node.config
  })
}

/** Labels are gone, and their rows have another one. A wire of theirs goes on from its port, unless that has one. */
export function mergeLabels(
  document: GraphDocument,
  registry: NodeRegistry,
  gone: readonly LabelRef[],
  into: LabelRef,
): GraphDocument {
  const ids = new Set(gone.map(({ id }) => id))
  const words = new Map(gone.map(({ name }) => [name, into.name]))
  const named = withNames(document, registry, [...ids, into.id], words)
  const taken = new Set(Object.values(named.edges).flatMap(({ from }) => (from.port === into.id ? [from.node] : [])))
  const edges: GraphDocument['edges'] = {}
  for (const [key, edge] of Object.entries(named.edges)) {
    if (!ids.has(edge.from.port)) {
      edges[key] = edge
      continue
    }
    if (taken.has(edge.from.node)) continue
    taken.add(edge.from.node)
    edges[key] = { ...edge, from: { ...edge.from, port: into.id } }
  }
  return mapNodes({ ...named, edges }, ({ config }) =>
    uniqueItems(
      mapStrings(config, (text) => (ids.has(text) ? into.id : text)),
      config,
      into.id,
    ),
  )
}

/** Some rows of a label have a new one: it leads where the old one does, until somebody wires it elsewhere. */
export function splitLabel(
  document: GraphDocument,
  label: string,
  fresh: string,
  newEdge: () => string,
): GraphDocument {
  const edges = { ...document.edges }
  for (const edge of Object.values(document.edges)) {
    if (edge.from.port !== label) continue
    const id = newEdge()
    edges[id] = { ...edge, id, from: { ...edge.from, port: fresh } }
  }
  return { ...document, edges }
}

/** Values that a variable with a label's name is compared with. */
function withNames(
  document: GraphDocument,
  registry: NodeRegistry,
  labels: readonly string[],
  words: ReadonlyMap<string, string>,
): GraphDocument {
  const variables = namedByLabels(document, registry, labels)
  if (variables.size === 0) return document
  return mapNodes(document, ({ config }) => mapConditions(config, variables, words))
}

/** Variables into which blocks that one of these labels leaves write its name. */
function namedByLabels(document: GraphDocument, registry: NodeRegistry, labels: readonly string[]): Set<string> {
  const wanted = new Set(labels)
  const tellers = new Set(
    Object.values(document.edges).flatMap(({ from }) => (wanted.has(from.port) ? [from.node] : [])),
  )
  const names = [...tellers].flatMap((id) => {
    const node = document.nodes[id]
    if (!node) return []
    return registry.nodes[node.type]?.variables?.(readableConfig(registry, node)) ?? []
  })
  return new Set(names.filter(({ type }) => type === 'text').map(({ name }) => name))
}

function mapConditions<T>(value: T, variables: ReadonlySet<string>, words: ReadonlyMap<string, string>): T {
  const swap = (text: unknown) => (typeof text === 'string' ? (words.get(text) ?? text) : text)
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return keptList(one, one.map(walk))
    if (one === null || typeof one !== 'object') return one
    const fields: Record<string, unknown> = one as Record<string, unknown>
    const next = keptFields(fields, ([, inner]) => walk(inner))
    if (typeof next.variable === 'string' && variables.has(next.variable) && 'value' in next) {
      const changed = Array.isArray(next.value) ? keptList(next.value, next.value.map(swap)) : swap(next.value)
      if (changed !== next.value) return { ...next, value: changed }
    }
    if (typeof next.expression === 'string') {
      const expression = swapLiterals(next.expression, variables, words)
      if (expression !== next.expression) return { ...next, expression }
    }
    return next
  }
  return walk(value) as T
}

/** Words in quotation marks of an expression that reads such a variable. */
function swapLiterals(source: string, variables: ReadonlySet<string>, words: ReadonlyMap<string, string>): string {
  if (![...variables].some((name) => source.includes(name))) return source
  return source.replace(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g, (whole, double, single) => {
    const name = words.get(double ?? single ?? '')
    return name === undefined ? whole : JSON.stringify(name)
  })
}

const sameWord = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()
const inList = true

/** The same value with other strings; `listsOnly`: those that stand in a list of strings alone. */
function mapStrings<T>(value: T, change: (text: string) => string, listsOnly = false): T {
  const walk = (one: unknown, listed: boolean): unknown => {
    if (typeof one === 'string') return listsOnly && !listed ? one : change(one)
    if (Array.isArray(one))
      return keptList(
        one,
        one.map((item) => walk(item, true)),
      )
    if (one === null || typeof one !== 'object') return one
    return keptFields(one as Record<string, unknown>, ([, inner]) => walk(inner, false))
  }
  return walk(value, false) as T
}

/** Where two items of a list have come to stand for one label, the one that did so before stays. */
function uniqueItems<T>(value: T, before: unknown, label: string): T {
  const idOf = (item: unknown) =>
    item !== null && typeof item === 'object' ? (item as Record<string, unknown>).id : undefined
  const walk = (one: unknown, was: unknown): unknown => {
    if (Array.isArray(one)) {
      const old = Array.isArray(was) ? was : []
      const own = old.findIndex((item) => idOf(item) === label)
      const first = own >= 0 ? own : one.findIndex((item) => idOf(item) === label)
      return keptList(
        one,
        one.filter((item, at) => idOf(item) !== label || at === first),
      )
    }
    if (one === null || typeof one !== 'object') return one
    const old = (was ?? {}) as Record<string, unknown>
    return keptFields(one as Record<string, unknown>, ([key, inner]) => walk(inner, old[key]))
  }
  return walk(value, before) as T
}

/** The object itself where no field changed, so that a record that nothing touched is the same record. */
function keptFields(
  fields: Record<string, unknown>,
  change: (entry: [string, unknown]) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(fields)
  const changed = entries.map(([key, inner]): [string, unknown] => [key, change([key, inner])])
  return changed.every(([, inner], at) => inner === entries[at]![1]) ? fields : Object.fromEntries(changed)
}

function keptList(list: readonly unknown[], changed: readonly unknown[]): readonly unknown[] {
  return changed.length === list.length && changed.every((item, at) => item === list[at]) ? list : changed
}

function mapNodes(document: GraphDocument, change: (node: NodeRecord) => Record<string, unknown>): GraphDocument {
  const nodes = { ...document.nodes }
  for (const [id, node] of Object.entries(nodes)) {
    const config = change(node)
    if (config !== node.config) nodes[id] = { ...node, config }
  }
  return { ...document, nodes }
}
