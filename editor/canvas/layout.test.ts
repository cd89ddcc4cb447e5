import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { boxOf, overlaps } from '#editor/document/boxes.ts'
import { groupItem, noteItem } from '#editor/document/item-id.ts'
import { addNote } from '#editor/document/notes.ts'
import { registry } from '#editor/document/registry.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { learnNodes, talkNodes } from '#runtime/graph/topology.ts'
import { flowOrder } from './flow-order.ts'
import { layOut } from './layout.ts'

const sample: GraphDocument = JSON.parse(
  readFileSync(new URL('../../nodes/templates/e-commerce/graph.json', import.meta.url), 'utf8'),
)
const size = { width: 256, height: 120 }

test('every block of the sample shop gets a place of its own, Learn above Talk', () => {
  const places = layOut(sample, registry, () => size)
  const ids = Object.keys(sample.nodes)
  expect(Object.keys(places).sort()).toEqual([...ids].sort())
  for (const a of ids)
    for (const b of ids)
      if (a < b) {
        const apart =
          Math.abs(places[a]!.x - places[b]!.x) >= size.width || Math.abs(places[a]!.y - places[b]!.y) >= size.height
        expect(apart, `${a} and ${b} overlap`).toBe(true)
      }
  const learnFoot = Math.max(...learnNodes(sample, registry).map((id) => places[id]!.y + size.height))
  const talkTop = Math.min(...talkNodes(sample, registry).map((id) => places[id]!.y))
  expect(talkTop).toBeGreaterThan(learnFoot)
})

test('data flows left to right', () => {
  const places = layOut(sample, registry, () => size)
  const learn = new Set(learnNodes(sample, registry))
  for (const { from, to } of Object.values(sample.edges))
    if (learn.has(from.node) && learn.has(to.node)) expect(places[to.node]!.x).toBeGreaterThan(places[from.node]!.x)
})

test('an empty bot and a dialog that runs in a circle can be laid out', () => {
  expect(layOut(emptyDocument('bot_1'), registry, () => size)).toEqual({})
  const circle = emptyDocument('bot_2')
  for (const id of ['a', 'b']) circle.nodes[id] = { id, type: 'say', version: 1, dialog: 'main', config: {} }
  circle.edges.e1 = { id: 'e1', from: { node: 'a', port: 'out' }, to: { node: 'b', port: 'in' } }
  circle.edges.e2 = { id: 'e2', from: { node: 'b', port: 'out' }, to: { node: 'a', port: 'in' } }
  expect(Object.keys(layOut(circle, registry, () => size))).toHaveLength(2)
})

test('Tab walks every block once, Learn before Talk and a conversation from its start', () => {
  const order = flowOrder(sample, registry)
  expect([...order].sort()).toEqual(Object.keys(sample.nodes).sort())
  expect(order.slice(0, 6)).toEqual(['questions', 'clean', 'split', 'learn', 'measure', 'deploy'])
  expect(order[6]).toBe('start')
})

test('a group stays together: no block of another lies in its frame, and frames do not overlap', () => {
  const document = structuredClone(sample)
  Object.assign(
    document.view.positions,
    layOut(document, registry, () => size),
  )
  const frames = Object.keys(document.view.groups).map((id) => boxOf(document, groupItem(id), () => size)!)
  for (const [index, frame] of frames.entries())
    for (const other of frames.slice(index + 1)) expect(overlaps(frame, other)).toBe(false)
  for (const group of Object.values(document.view.groups)) {
    const frame = boxOf(document, groupItem(group.id), () => size)!
    for (const id of Object.keys(document.nodes)) {
      const block = boxOf(document, id, () => size)!
      expect(overlaps(frame, block), `${id} and ${group.name}`).toBe(group.nodes.includes(id))
    }
  }
})

test('a note stays beside the block that it was beside, and covers no block; one that stood alone covers none either', () => {
  const document = structuredClone(sample)
  const at = document.view.positions.menu!
  const beside = addNote(document, { x: at.x, y: at.y - 160 })
  const alone = addNote(document, { x: -4000, y: 4000 })
  const places = layOut(document, registry, () => size)
  const note = places[noteItem(beside)]!
  expect({ x: note.x - places.menu!.x, y: note.y - places.menu!.y }).toEqual({
    x: document.view.notes[beside]!.position.x - at.x,
    y: document.view.notes[beside]!.position.y - at.y,
  })
  for (const id of [beside, alone]) {
    const box = { ...places[noteItem(id)]!, ...document.view.notes[id]!.size }
    for (const block of Object.keys(document.nodes))
      expect(overlaps(box, { ...places[block]!, ...size }), block).toBe(false)
  }
})
