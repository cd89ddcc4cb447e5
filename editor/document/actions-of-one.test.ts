import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyDocument, type GraphDocument, graphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { canConnect, type End } from '#runtime/graph/wiring.ts'
import { openOfflineDraft } from '../../tests/drivers/offline-draft.ts'
import { itemsOf } from './boxes.ts'
import { clipToText, copyItems, parseClip, pasteItems } from './clipboard.ts'
import {
  addBlock,
  connect,
  insertOnWire,
  mayAdd,
  moveBlocks,
  reconnect,
  removeBlocks,
  renameBlock,
  setField,
} from './edits.ts'
import { addGroup, putInGroup, removeGroups, renameGroup } from './groups.ts'
import { addNote, removeNotes, resizeNote, writeNote } from './notes.ts'
import { registry } from './registry.ts'

/** Everything that one person can do to a document, by names and numbers that any document gives a meaning to. */
const facts = {
  labels: { data: [{ id: 'lbl_a', name: 'a', rows: 5, trained: true }] },
  rows: { data: 10 },
}
const types = ['start', 'say', 'ask', 'condition', 'intent', 'end', 'data-source', 'split', 'fine-tune', 'deploy']
const number = fc.nat({ max: 1000 })
const action = fc.record({
  what: fc.constantFrom(
    ...([
      'add',
      'connect',
      'reconnect',
      'move',
      'delete',
      'disconnect',
      'insert',
      'rename',
      'setField',
      'buttons',
    ] as const),
    ...([
      'group',
      'join',
      'ungroup',
      'name group',
      'note',
      'write',
      'resize',
      'delete note',
      'copy and paste',
    ] as const),
  ),
  type: fc.constantFrom(...types),
  a: number,
  b: number,
  c: number,
  text: fc.string({ maxLength: 8 }),
})
type Done = typeof action extends fc.Arbitrary<infer T> ? T : never

const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)]

function ends(document: GraphDocument, side: 'inputs' | 'outputs'): End[] {
  const { portsOf } = createGraphView(document, registry, facts)
  return Object.keys(document.nodes).flatMap((node) => Object.keys(portsOf(node)[side]).map((port) => ({ node, port })))
}

function carryOut(document: GraphDocument, { what, type, a, b, c, text }: Done): void {
  const nodes = Object.keys(document.nodes)
  const [node, other] = [nth(nodes, a), nth(nodes, b)]
  const group = nth(Object.keys(document.view.groups), c)
  const note = nth(Object.keys(document.view.notes), c)
  const edge = nth(Object.keys(document.edges), c)
  const [from, to] = [nth(ends(document, 'outputs'), a), nth(ends(document, 'inputs'), b)]
  if (what === 'add' && mayAdd(document, type)) addBlock(document, type, { x: a, y: b })
  if (what === 'connect' && from && to) connect(document, facts, from, to)
  if (what === 'reconnect' && edge && from && to) reconnect(document, facts, edge, from, to)
  if (what === 'move' && node)
    moveBlocks(document, Object.fromEntries(itemsOf(document).map((item) => [item, { x: b, y: c }])))
  if (what === 'delete' && node) removeBlocks(document, facts, other ? [node, other] : [node])
  if (what === 'disconnect' && edge) delete document.edges[edge]
  if (what === 'insert' && edge && node) insertOnWire(document, facts, edge, node)
  if (what === 'rename' && node) renameBlock(document, node, text)
  if (what === 'setField' && node) setField(document, node, 'text', { en: text })
  if (what === 'buttons' && node && document.nodes[node]?.type === 'say')
    setField(
      document,
      node,
      'buttons',
      Array.from({ length: c % 3 }, (_, i) => ({ id: `i${i}`, text: { en: text } })),
    )
  if (what === 'group' && node && other) addGroup(document, [node, other], text)
  if (what === 'join' && node) putInGroup(document, [node], group ?? null)
  if (what === 'ungroup' && group) removeGroups(document, [group])
  if (what === 'name group' && group) renameGroup(document, group, text)
  if (what === 'note') addNote(document, { x: a, y: b })
  if (what === 'write' && note) writeNote(document, note, text)
  if (what === 'resize' && note) resizeNote(document, note, { width: a, height: b })
  if (what === 'delete note' && note) removeNotes(document, [note])
  if (what === 'copy and paste') {
    const picked = itemsOf(document).filter((_, index) => (a >> (index % 10)) % 2 === 1)
    const clip = picked.length > 0 ? parseClip(clipToText(copyItems(document, picked))) : null
    if (clip) pasteItems(document, facts, clip, { x: b, y: c })
  }
}

function firstDocument(): GraphDocument {
  const document = emptyDocument('bot_one')
  const [start, say] = ['start', 'say'].map((type, index) => addBlock(document, type, { x: index * 300, y: 0 })!)
  connect(document, facts, { node: start!, port: 'out' }, { node: say!, port: 'in' })
  return document
}

test('whatever one person does, undoing all of it gives the first document, and redoing it the last', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const first = firstDocument()
      const draft = await openOfflineDraft(first, facts)
      for (const done of actions)
        draft.commit((document) => carryOut(document, done), { label: 'edit', allowLargeRemoval: true })
      const last = draft.getState().document
      while (draft.undo());
      expect(draft.getState().document).toEqual(first)
      while (draft.redo());
      expect(draft.getState().document).toEqual(last)
      draft.close()
    }),
    { numRuns: 250 },
  )
})

test('whatever one person does, every wire keeps the rules, every group has its blocks and the document can be stored', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const draft = await openOfflineDraft(firstDocument(), facts)
      // Fewer buttons leave wires behind whose port is gone; they come back with it.
      const had = new Set<string>()
      for (const done of actions) {
        draft.commit((document) => carryOut(document, done), { label: 'edit', allowLargeRemoval: true })
        const { document } = draft.getState()
        for (const { config, type } of Object.values(document.nodes))
          if (type === 'say') for (const button of config.buttons as { id: string }[]) had.add(`button:${button.id}`)
        for (const { id, from, to } of Object.values(document.edges)) {
          const refusal = canConnect(createGraphView(document, registry, facts), from, to, id)
          if (!(refusal === 'no-such-port' && had.has(from.port))) expect(refusal, `${from.port} ${to.port}`).toBeNull()
        }
        const grouped = Object.values(document.view.groups).flatMap(({ nodes }) => nodes)
        expect(new Set(grouped).size).toBe(grouped.length)
        for (const { nodes } of Object.values(document.view.groups)) expect(nodes.length).toBeGreaterThan(0)
        for (const node of grouped) expect(document.nodes).toHaveProperty(node)
        expect(Object.keys(document.view.positions).sort()).toEqual(Object.keys(document.nodes).sort())
      }
      expect(graphDocument.safeParse(draft.getState().document).error).toBeUndefined()
      draft.close()
    }),
    { numRuns: 250 },
  )
})
