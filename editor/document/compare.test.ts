import { expect, test } from 'vitest'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { contentHash } from '#runtime/graph/hash.ts'
import { compareDocuments } from './compare.ts'
import { addBlock, connect, removeBlocks, setField } from './edits.ts'
import { registry } from './registry.ts'
import { restoreDocument } from './restore.ts'

const facts = { labels: {}, rows: {} }

function sample(): GraphDocument {
  const document = emptyDocument('bot_1')
  for (const [index, type] of ['start', 'say', 'end'].entries()) {
    const definition = registry.nodes[type]!
    document.nodes[type] = {
      id: type,
      type,
      version: definition.version,
      dialog: 'main',
      config: { ...definition.config.parse({}) },
    }
    document.view.positions[type] = { x: index * 320, y: 0 }
  }
  connect(document, facts, { node: 'start', port: 'out' }, { node: 'say', port: 'in' })
  connect(document, facts, { node: 'say', port: 'out' }, { node: 'end', port: 'in' })
  return document
}
const side = (document: GraphDocument) => ({ document, facts })

test('both documents are drawn as one: what came, what went, what changed and what stayed', () => {
  const before = sample()
  const after = structuredClone(before)
  setField(after, 'say', 'text', { en: 'Hello' })
  const added = addBlock(after, 'say', { x: 320, y: 200 })!
  removeBlocks(after, facts, ['end'])
  const { blocks, wires } = compareDocuments(side(before), side(after))
  expect(Object.fromEntries(Object.entries(blocks).map(([id, { change }]) => [id, change]))).toEqual({
    start: 'same',
    say: 'changed',
    end: 'removed',
    [added]: 'added',
  })
  expect(blocks.say!.fields).toEqual({ '/config/text/en': [null, 'Hello'] })
  expect(wires.map(({ edge, change }) => [edge.from.node, edge.to.node, change])).toEqual([
    ['start', 'say', 'same'],
    ['say', 'end', 'removed'],
  ])
})

test('a wire that was drawn anew between the same ends is no change', () => {
  const before = sample()
  const after = structuredClone(before)
  const [edge] = Object.values(after.edges)
  delete after.edges[edge!.id]
  connect(after, facts, edge!.from, edge!.to)
  expect(compareDocuments(side(before), side(after)).wires.every(({ change }) => change === 'same')).toBe(true)
})

test('a block that is gone stands on none that is there', () => {
  const before = sample()
  const after = structuredClone(before)
  removeBlocks(after, facts, ['end'])
  addBlock(after, 'say', before.view.positions.end!)
  const { blocks } = compareDocuments(side(before), side(after))
  const places = Object.values(blocks).map(({ position }) => `${position.x} ${position.y}`)
  expect(new Set(places).size).toBe(places.length)
})

test('a moved block is told of as moved, not as changed; a new language as a change of the whole bot', () => {
  const before = sample()
  const after = structuredClone(before)
  after.view.positions.say = { x: 8, y: 400 }
  after.languages = ['en']
  const { blocks, moved, others } = compareDocuments(side(before), side(after))
  expect(blocks.say!.change).toBe('same')
  expect(moved).toEqual(['say'])
  expect(others).toMatchObject([{ key: 'bot', change: 'changed', fields: { '/languages': [['zh-CN', 'en'], ['en']] } }])
})

test('restoring gives the content of the version, under the id of the bot, and keeps the notes of now', () => {
  const version = sample()
  const draft = { ...structuredClone(version), id: 'bot_2' }
  setField(draft, 'say', 'text', { en: 'changed' })
  removeBlocks(draft, facts, ['end'])
  const note = { id: 'note_1', text: 'call Ada', position: { x: 0, y: 0 }, size: { width: 100, height: 80 } }
  draft.view.notes.note_1 = note
  restoreDocument(draft, version)
  expect(contentHash(draft)).toBe(contentHash({ ...version, id: 'bot_2' }))
  expect(draft.view.notes).toEqual({ note_1: note })
  expect(draft.view.positions).toEqual(version.view.positions)
})
