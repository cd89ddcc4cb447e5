import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { blockNames } from '#nodes/registry.gen.ts'
import { emptyDocument, type GraphDocument, type NodeRecord } from '#runtime/graph/document.ts'
import { addBlock } from './edits.ts'
import { findInDocument } from './find-in-document.ts'
import { addGroup } from './groups.ts'
import { addNote, writeNote } from './notes.ts'

const namesOf = (node: NodeRecord) => [node.name ?? '', ...Object.values(blockNames[node.type] ?? {})]
const find = (document: GraphDocument, words: string) => findInDocument(document, words, namesOf)
const sample: GraphDocument = JSON.parse(
  readFileSync(new URL('../../nodes/templates/e-commerce/graph.json', import.meta.url), 'utf8'),
)

function small(): GraphDocument {
  const document = emptyDocument('bot_find')
  const id = addBlock(document, 'say', { x: 0, y: 0 })!
  document.nodes[id]!.name = 'Greeting'
  document.nodes[id]!.config.message = { 'zh-CN': '您的快递已经在路上', en: 'Your parcel is on its way' }
  addGroup(document, [id], 'Parcels')
  writeNote(document, addNote(document, { x: 0, y: 0 }), 'first line\nask about the PARCEL price')
  document.variables.v1 = { id: 'v1', name: 'parcel_no', type: 'text' }
  return document
}

describe('searching a bot', () => {
  test('finds texts of any language inside settings, with the field and the language', () => {
    expect(find(small(), '快递')).toMatchObject([
      {
        kind: 'text',
        field: 'message',
        language: 'zh-CN',
        excerpt: { before: '您的', match: '快递', after: '已经在路上' },
      },
    ])
  })

  test('finds blocks, texts, notes, groups and variables in this order, whatever the case', () => {
    expect(find(small(), 'parcel').map(({ kind }) => kind)).toEqual(['text', 'note', 'group', 'variable'])
    expect(find(small(), 'GREET')).toMatchObject([{ kind: 'block', excerpt: { match: 'Greet', after: 'ing' } }])
  })

  test('finds a block by its type in either language, once', () => {
    const [type] = Object.values(blockNames.say ?? {})
    expect(find(small(), type!).filter(({ kind }) => kind === 'block')).toHaveLength(1)
  })

  test('full-width letters and digits are the same as half-width ones', () => {
    expect(find(small(), 'ＰＡＲＣＥＬ').length).toBe(4)
  })

  test('an excerpt is one line', () => {
    expect(find(small(), 'ask about')[0]?.excerpt).toEqual({
      before: 'first line ',
      match: 'ask about',
      after: ' the PARCEL price',
    })
  })

  test('nothing is found by nothing, or by an id', () => {
    expect(find(small(), '  ')).toEqual([])
    const document = small()
    const [node] = Object.values(document.nodes)
    node!.config.set = 'set_abcdefgh12'
    expect(find(document, 'abcdefgh')).toEqual([])
  })

  test('every hit in the sample shop has a key of its own and shows the words that were asked for', () => {
    for (const words of ['订单', 'order', '退货', '{{phone}}']) {
      const hits = find(sample, words)
      expect(hits.length).toBeGreaterThan(3)
      expect(new Set(hits.map(({ key }) => key)).size).toBe(hits.length)
      for (const { excerpt } of hits) expect(excerpt.match.toLowerCase()).toBe(words)
    }
  })
})
