import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { localText } from '#kit'
import { definitions } from '#nodes/registry.gen.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import { valueAt } from '#runtime/graph/pointer.ts'
import { parseConfig } from '#runtime/graph/registry.ts'
import { findProblems } from '#runtime/graph/validate.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`./${path}`, import.meta.url), 'utf8'))
const graph = parseDocument(read('graph.json'))
const registry = { nodes: definitions }

test('a bot without records has whole configs, and nothing that would keep it from learning the first ones', () => {
  for (const node of Object.values(graph.nodes)) expect(parseConfig(registry, node), node.id).toEqual(node.config)
  const view = createGraphView(graph, registry, { labels: {}, rows: { questions: 0 } })
  expect(findProblems(view).filter(({ severity }) => severity === 'error')).toEqual([])
})

test('whoever is not understood gets to a person', () => {
  const view = createGraphView(graph, registry, { labels: {}, rows: {} })
  const [wire] = view.edgesOutOf('understand')
  expect(wire?.from.port).toBe('fallback')
  expect(graph.nodes[wire?.to.node ?? '']?.type).toBe('hand-over')
})

test('every name that its builders read is there in English, too', () => {
  const words = read('translations/en.json') as Record<string, string>
  for (const [pointer, text] of Object.entries(words)) {
    expect(valueAt(graph, pointer), pointer).toMatch(/\p{Script=Han}/u)
    expect(text.trim()).not.toBe('')
  }
  for (const { id } of Object.values(graph.nodes)) expect(words).toHaveProperty([`/nodes/${id}/name`])
})

test('its card says in both languages what it is', () => {
  const { name, description } = read('manifest.json') as { name: unknown; description: unknown }
  for (const text of [name, description])
    expect(Object.keys(localText.parse(text))).toEqual(expect.arrayContaining(['zh-CN', 'en']))
})
