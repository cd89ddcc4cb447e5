import { describe, expect, test } from 'vitest'
import type { Facts } from '#kit/facts.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { boxesOf, overlaps } from './boxes.ts'
import { addBlock, connect } from './edits.ts'
import { registry } from './registry.ts'
import { addTopicBranches, openTopics } from './topic-branches.ts'

const size = () => ({ width: 256, height: 128 })
const names = Array.from({ length: 21 }, (_, index) => `主题 ${index}`)
const label = (name: string, index: number) => ({ id: `lbl_${index}`, name, rows: 40, trained: false })

/** Records that flow into an Intent block whose topics lead nowhere. */
function bareBot(): { document: GraphDocument; facts: Facts; intent: string } {
  const document = emptyDocument('bot_1')
  const add = (type: string, x: number, y = 0) => addBlock(document, type, { x, y })!
  const [data, split, learn, deploy] = ['data-source', 'split', 'fine-tune', 'deploy'].map((type, i) =>
    add(type, i * 300),
  )
  const [start, intent] = [add('start', 0, 400), add('intent', 300, 400)]
  const facts = { labels: { [data!]: names.map(label) }, rows: { [data!]: 840 } } as unknown as Facts
  for (const [from, to] of [
    [`${data}.data`, `${split}.data`],
    [`${split}.train`, `${learn}.train`],
    [`${learn}.model`, `${deploy}.model`],
    [`${deploy}.classifier`, `${intent}.model`],
    [`${start}.out`, `${intent}.in`],
  ] as const) {
    const [a = '', out = ''] = from.split('.')
    const [b = '', into = ''] = to.split('.')
    expect(connect(document, facts, { node: a, port: out }, { node: b, port: into })).not.toHaveProperty('refusal')
  }
  return { document, facts, intent }
}

describe('topics that lead nowhere', () => {
  test('get a reply each, named after them, which leads back to where the next question is listened to', () => {
    const { document, facts, intent } = bareBot()
    const topics = openTopics(createGraphView(document, registry, facts), intent)
    expect(topics.map(({ name }) => name)).toEqual(names)
    const added = addTopicBranches(document, intent, topics, size)
    expect(added.map((id) => document.nodes[id]?.name)).toEqual(names)
    expect(openTopics(createGraphView(document, registry, facts), intent)).toEqual([])
    for (const id of added) {
      const view = createGraphView(document, registry, facts)
      expect(view.edgesInto(id)).toHaveLength(1)
      expect(view.edgesOutOf(id).map(({ to }) => to)).toEqual([{ node: intent, port: 'in' }])
    }
  })

  test('have replies that must be written before anybody can publish, and nothing else is wrong with them', () => {
    const { document, facts, intent } = bareBot()
    const added = new Set(
      addTopicBranches(document, intent, openTopics(createGraphView(document, registry, facts), intent), size),
    )
    const found = findProblems(createGraphView(document, registry, facts)).filter(({ node }) => node && added.has(node))
    expect(new Set(found.map(({ node }) => node)).size).toBe(added.size)
    expect(found.every(({ field, severity }) => field === 'text' && severity === 'error')).toBe(true)
  })

  test('of which some are answered already: only the others get one', () => {
    const { document, facts, intent } = bareBot()
    const mine = addBlock(document, 'say', { x: 900, y: 400 })!
    connect(document, facts, { node: intent, port: 'lbl_3' }, { node: mine, port: 'in' })
    const topics = openTopics(createGraphView(document, registry, facts), intent)
    expect(topics.map(({ port }) => port)).not.toContain('lbl_3')
    expect(addTopicBranches(document, intent, topics, size)).toHaveLength(names.length - 1)
  })

  test('stand on no other block, wherever there is room', () => {
    for (const inTheWay of [false, true]) {
      const { document, facts, intent } = bareBot()
      if (inTheWay) addBlock(document, 'end', { x: 760, y: 500 })
      addTopicBranches(document, intent, openTopics(createGraphView(document, registry, facts), intent), size)
      const boxes = boxesOf(document, Object.keys(document.nodes), size)
      for (const [index, box] of boxes.entries())
        for (const other of boxes.slice(index + 1)) expect(overlaps(box, other)).toBe(false)
    }
  })

  test('are none of another block', () => {
    const { document, facts } = bareBot()
    for (const { id, type } of Object.values(document.nodes))
      if (type !== 'intent') expect(openTopics(createGraphView(document, registry, facts), id)).toEqual([])
  })
})
