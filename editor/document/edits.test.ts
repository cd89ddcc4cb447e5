import { describe, expect, test } from 'vitest'
import { emptyDocument, type GraphDocument, graphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { clipToText, copyItems, parseClip, pasteItems } from './clipboard.ts'
import { addBlock, connect, insertOnWire, mayAdd, removeBlocks, typeFits } from './edits.ts'
import { registry } from './registry.ts'

const facts = { labels: {}, rows: {} }

function graph(blocks: Record<string, string>, wires: [string, string][]): GraphDocument {
  const document = emptyDocument('bot_edits')
  for (const [id, type] of Object.entries(blocks)) {
    const definition = registry.nodes[type]!
    const config: Record<string, unknown> = { ...definition.config.parse({}) }
    document.nodes[id] = { id, type, version: definition.version, dialog: 'main', config }
    document.view.positions[id] = { x: 0, y: 0 }
  }
  for (const [from, to] of wires) {
    const [a = '', out = ''] = from.split('.')
    const [b = '', into = ''] = to.split('.')
    const done = connect(document, facts, { node: a, port: out }, { node: b, port: into })
    if ('refusal' in done) throw new Error(`${from} -> ${to}: ${done.refusal}`)
  }
  return document
}
const wiresOf = (document: GraphDocument) =>
  Object.values(document.edges)
    .map(({ from, to }) => `${from.node}.${from.port} ${to.node}.${to.port}`)
    .sort()

describe('removing a block', () => {
  test('the conversation goes on to where the block led', () => {
    const document = graph({ start: 'start', a: 'say', b: 'end' }, [
      ['start.out', 'a.in'],
      ['a.out', 'b.in'],
    ])
    removeBlocks(document, facts, ['a'])
    expect(wiresOf(document)).toEqual(['start.out b.in'])
  })

  test('a block that led to two places leaves its wires cut, since nobody can tell which was meant', () => {
    const document = graph({ start: 'start', a: 'ask', b: 'end', c: 'say' }, [
      ['start.out', 'a.in'],
      ['a.out', 'b.in'],
      ['a.failed', 'c.in'],
    ])
    removeBlocks(document, facts, ['a'])
    expect(wiresOf(document)).toEqual([])
  })

  test('several blocks in a row are healed across', () => {
    const document = graph({ start: 'start', a: 'say', b: 'say', c: 'end' }, [
      ['start.out', 'a.in'],
      ['a.out', 'b.in'],
      ['b.out', 'c.in'],
    ])
    removeBlocks(document, facts, ['b', 'a'])
    expect(wiresOf(document)).toEqual(['start.out c.in'])
  })

  test('data comes from the block before', () => {
    const document = graph({ data: 'data-source', clean: 'preprocess', split: 'split' }, [
      ['data.data', 'clean.data'],
      ['clean.data', 'split.data'],
    ])
    removeBlocks(document, facts, ['clean'])
    expect(wiresOf(document)).toEqual(['data.data split.data'])
  })
})

describe('wires', () => {
  test('a way out has one target: a new wire takes the place of the old', () => {
    const document = graph({ start: 'start', a: 'say', b: 'say' }, [['start.out', 'a.in']])
    connect(document, facts, { node: 'start', port: 'out' }, { node: 'b', port: 'in' })
    expect(wiresOf(document)).toEqual(['start.out b.in'])
  })

  test('a wire between different kinds of ports is refused and changes nothing', () => {
    const document = graph({ data: 'data-source', a: 'say' }, [])
    expect(connect(document, facts, { node: 'data', port: 'data' }, { node: 'a', port: 'in' })).toEqual({
      refusal: 'types-differ',
    })
    expect(wiresOf(document)).toEqual([])
  })

  test('a block put onto a wire goes between', () => {
    const document = graph({ start: 'start', b: 'end' }, [['start.out', 'b.in']])
    const id = addBlock(document, 'say', { x: 1, y: 1 })!
    expect(insertOnWire(document, facts, Object.keys(document.edges)[0]!, id)).toBe(true)
    expect(wiresOf(document)).toEqual([`${id}.out b.in`, `start.out ${id}.in`].sort())
  })

  test('a block that does not fit leaves the wire alone', () => {
    const document = graph({ start: 'start', b: 'end' }, [['start.out', 'b.in']])
    const id = addBlock(document, 'split', { x: 1, y: 1 })!
    expect(insertOnWire(document, facts, Object.keys(document.edges)[0]!, id)).toBe(false)
    expect(wiresOf(document)).toEqual(['start.out b.in'])
  })

  test('what quick-add offers for a loose end is exactly what can be wired to it', () => {
    const document = graph({ data: 'data-source' }, [])
    const offered = Object.keys(registry.nodes).filter((type) =>
      typeFits(document, facts, { node: 'data', port: 'data', side: 'output' }, type),
    )
    expect(offered).toEqual(expect.arrayContaining(['preprocess', 'split', 'fine-tune']))
    expect(offered).not.toContain('say')
  })
})

describe('several dialogs', () => {
  const twoDialogs = () => {
    const document = graph({ start: 'start', a: 'say', other: 'start', b: 'say' }, [['start.out', 'a.in']])
    document.dialogs.d_1 = { id: 'd_1', name: 'second', parameters: [] }
    for (const id of ['other', 'b']) document.nodes[id]!.dialog = 'd_1'
    connect(document, facts, { node: 'other', port: 'out' }, { node: 'b', port: 'in' })
    return document
  }

  test('a fresh block joins the dialog that it is wired into, from a wire, between two blocks or by hand', () => {
    const document = twoDialogs()
    const wire = Object.values(document.edges).find(({ from }) => from.node === 'other')!
    const between = addBlock(document, 'say', { x: 0, y: 0 })!
    expect(insertOnWire(document, facts, wire.id, between)).toBe(true)
    const end = addBlock(document, 'end', { x: 0, y: 0 })!
    expect(connect(document, facts, { node: 'b', port: 'out' }, { node: end, port: 'in' })).toHaveProperty('edge')
    expect([between, end].map((id) => document.nodes[id]?.dialog)).toEqual(['d_1', 'd_1'])
  })

  test('blocks that are in use are not drawn from one dialog into another', () => {
    const document = twoDialogs()
    const ends = [
      { node: 'a', port: 'out' },
      { node: 'b', port: 'in' },
    ] as const
    expect(connect(document, facts, ...ends)).toEqual({ refusal: 'other-dialog' })
  })

  test('a copy lands in the dialog that it is pasted into', () => {
    const document = twoDialogs()
    const copied = copyItems(document, ['b'])
    const [copy] = pasteItems(document, facts, copied, { x: 0, y: 0 }, 'd_1')
    expect(document.nodes[copy!]?.dialog).toBe('d_1')
    const [other] = pasteItems(document, facts, copied, { x: 0, y: 0 })
    expect(document.nodes[other!]?.dialog).toBe('main')
  })
})

describe('copies', () => {
  test('copied text pastes into another bot with new ids, its wires and its variables', () => {
    const document = graph({ start: 'start', a: 'ask', b: 'say' }, [
      ['start.out', 'a.in'],
      ['a.out', 'b.in'],
    ])
    document.nodes.a!.config.variable = 'order'
    document.variables.order = { id: 'order', name: 'order', type: 'text' }
    const clip = parseClip(clipToText(copyItems(document, ['a', 'b'])))!
    const other = graph({ start: 'start' }, [])
    const added = pasteItems(other, facts, clip, { x: 100, y: 100 })
    expect(added).toHaveLength(2)
    expect(added).not.toContain('a')
    expect(wiresOf(other)).toEqual([`${added[0]}.out ${added[1]}.in`])
    expect(Object.values(other.variables).map((variable) => variable.name)).toEqual(['order'])
    expect(graphDocument.safeParse(other).success).toBe(true)
  })

  describe('of a block that names another one', () => {
    const withJump = (id: string) => {
      const document = { ...graph({ start: 'start', j: 'jump', a: 'say' }, [['start.out', 'j.in']]), id }
      document.nodes.j!.config.target = 'a'
      return document
    }
    const targetIn = (document: GraphDocument, added: readonly string[]) =>
      document.nodes[added.find((id) => document.nodes[id]?.type === 'jump')!]?.config.target

    test('name the copy where it came along', () => {
      const document = withJump('bot_1')
      const added = pasteItems(document, facts, copyItems(document, ['j', 'a']), { x: 0, y: 0 })
      expect(targetIn(document, added)).toBe(added.find((id) => document.nodes[id]?.type === 'say'))
      expect(document.nodes.j?.config.target).toBe('a')
    })

    test('keep the name where it stayed, also in another dialog of the same bot', () => {
      const document = withJump('bot_1')
      document.dialogs.d_1 = { id: 'd_1', name: 'more', parameters: [] }
      const clip = parseClip(clipToText(copyItems(document, ['j'])))!
      expect(targetIn(document, pasteItems(document, facts, clip, { x: 0, y: 0 }, 'd_1'))).toBe('a')
    })

    test('name nothing in another bot, though it may have a block of that id, unless it came along', () => {
      const clip = (items: string[]) => parseClip(clipToText(copyItems(withJump('bot_1'), items)))!
      const other = withJump('bot_2')
      expect(targetIn(other, pasteItems(other, facts, clip(['j']), { x: 0, y: 0 }))).toBe('')
      const added = pasteItems(other, facts, clip(['j', 'a']), { x: 0, y: 0 })
      expect(targetIn(other, added)).toBe(added.find((id) => other.nodes[id]?.type === 'say'))
    })

    test('of a text from before bots were written down name only what came along', () => {
      const document = withJump('bot_1')
      const { bot, ...old } = copyItems(document, ['j'])
      const clip = parseClip(JSON.stringify(old))!
      expect(targetIn(document, pasteItems(document, facts, clip, { x: 0, y: 0 }))).toBe('')
    })

    test('a block that is deleted leaves the one that named it, with its problem', () => {
      const document = withJump('bot_1')
      removeBlocks(document, facts, ['a'])
      expect(document.nodes.j?.config.target).toBe('a')
      expect(findProblems(createGraphView(document, registry, facts))).toContainEqual(
        expect.objectContaining({ code: 'block-gone', severity: 'error', node: 'j', field: 'target' }),
      )
    })
  })

  test('a second start is not pasted', () => {
    const document = graph({ start: 'start' }, [])
    expect(mayAdd(document, 'start')).toBe(false)
    expect(pasteItems(document, facts, copyItems(document, ['start']), { x: 0, y: 0 })).toEqual([])
  })

  test.each(['', 'hello', '{"a":1}', '{"botloom":"blocks","format":2}', '[]'])('%j is not blocks', (text) => {
    expect(parseClip(text)).toBeNull()
  })
})
