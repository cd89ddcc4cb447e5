import { describe, expect, test } from 'vitest'
import { emptyDocument, type GraphDocument, graphDocument } from '#runtime/graph/document.ts'
import { boxOf, carriedBy, groupAt } from './boxes.ts'
import { clipToText, copyItems, parseClip, pasteItems } from './clipboard.ts'
import { addBlock, moveBlocks, removeBlocks } from './edits.ts'
import { addGroup, groupOf, putInGroup, removeGroups, renameGroup } from './groups.ts'
import { groupItem, noteItem, toItem } from './item-id.ts'
import { addNote, noteSize, resizeNote, smallestNote, writeNote } from './notes.ts'

const facts = { labels: {}, rows: {} }
const sizeOf = () => ({ width: 256, height: 100 })

function threeBlocks(): { document: GraphDocument; ids: [string, string, string] } {
  const document = emptyDocument('bot_groups')
  const at = (x: number) => addBlock(document, 'say', { x, y: 0 })!
  return { document, ids: [at(0), at(400), at(800)] }
}

describe('groups', () => {
  test('a block is in one group at most: a new group takes it out of the old, and no group stays empty', () => {
    const { document, ids } = threeBlocks()
    const first = addGroup(document, [ids[0], ids[1]], 'first')!
    const second = addGroup(document, [ids[1], ids[2]], 'second')!
    expect(document.view.groups[first]?.nodes).toEqual([ids[0]])
    putInGroup(document, [ids[0]], second)
    expect(document.view.groups).not.toHaveProperty(first)
    expect(ids.map((id) => groupOf(document, id))).toEqual([second, second, second])
    expect(graphDocument.safeParse(document).success).toBe(true)
  })

  test('taking a group away keeps its blocks; taking its blocks away takes the group along', () => {
    const { document, ids } = threeBlocks()
    removeGroups(document, [addGroup(document, ids, 'all')!])
    expect(Object.keys(document.nodes)).toEqual(ids)
    addGroup(document, [ids[0]], 'one')
    removeBlocks(document, facts, [ids[0]])
    expect(document.view.groups).toEqual({})
  })

  test('a name is cut to what a document may hold', () => {
    const { document, ids } = threeBlocks()
    const group = addGroup(document, ids, 'x')!
    renameGroup(document, group, '物'.repeat(200))
    expect(graphDocument.safeParse(document).success).toBe(true)
  })

  test('a group carries its blocks and the notes in its frame, and nothing else', () => {
    const { document, ids } = threeBlocks()
    const group = addGroup(document, [ids[0], ids[1]], 'two')!
    const inside = addNote(document, { x: 280, y: -40 })
    resizeNote(document, inside, smallestNote)
    const outside = addNote(document, { x: 0, y: 600 })
    expect(carriedBy(document, [groupItem(group)], sizeOf).sort()).toEqual([ids[0], ids[1], noteItem(inside)].sort())
    expect(carriedBy(document, [noteItem(outside)], sizeOf)).toEqual([noteItem(outside)])
  })

  test('what is let go of over a frame is in the smallest one that lies there; a group on the move takes nothing in', () => {
    const { document, ids } = threeBlocks()
    const wide = addGroup(document, [ids[0], ids[2]], 'wide')!
    const narrow = addGroup(document, [ids[1]], 'narrow')!
    const middle = { x: 500, y: 50 }
    expect(groupAt(document, middle, new Set(), sizeOf)).toBe(narrow)
    expect(groupAt(document, middle, new Set([ids[1]]), sizeOf)).toBe(wide)
    expect(groupAt(document, { x: 500, y: 5000 }, new Set(), sizeOf)).toBeNull()
  })
})

describe('notes', () => {
  test('lines are kept, the text is cut to what a document may hold', () => {
    const { document } = threeBlocks()
    const note = addNote(document, { x: 1, y: 2 })
    writeNote(document, note, 'one\ntwo')
    expect(document.view.notes[note]).toMatchObject({ text: 'one\ntwo', position: { x: 0, y: 4 } })
    writeNote(document, note, 'x'.repeat(5000))
    expect(graphDocument.safeParse(document).success).toBe(true)
  })

  test('a note is never too small to be read', () => {
    expect(noteSize({ width: -5, height: 1 })).toEqual(smallestNote)
  })

  test('moves as a block does', () => {
    const { document, ids } = threeBlocks()
    const note = addNote(document, { x: 0, y: 0 })
    moveBlocks(document, { [ids[0]]: { x: 8, y: 8 }, [noteItem(note)]: { x: 16, y: 17 } })
    expect(document.view.notes[note]?.position).toEqual({ x: 16, y: 16 })
    expect(document.view.positions[ids[0]]).toEqual({ x: 8, y: 8 })
  })
})

describe('copies', () => {
  test('a group and a note paste as text into another bot with new ids, at the same distances', () => {
    const { document, ids } = threeBlocks()
    const group = addGroup(document, [ids[0], ids[1]], '物流')!
    const note = addNote(document, { x: 100, y: 200 })
    writeNote(document, note, 'remember')
    const items = [groupItem(group), noteItem(note)]
    const clip = parseClip(clipToText(copyItems(document, items)))!
    const other = emptyDocument('bot_other')
    const added = pasteItems(other, facts, clip, { x: 1000, y: 1000 })
    expect(added.map((item) => toItem(item).kind).sort()).toEqual(['block', 'block', 'group', 'note'])
    const [pasted] = Object.values(other.view.groups)
    expect(pasted).toMatchObject({ name: '物流', nodes: Object.keys(other.nodes) })
    expect(pasted?.id).not.toBe(group)
    expect(Object.values(other.view.notes)).toMatchObject([{ text: 'remember', position: { x: 1100, y: 1200 } }])
    expect(boxOf(other, groupItem(pasted!.id), sizeOf)?.width).toBe(boxOf(document, groupItem(group), sizeOf)?.width)
    expect(graphDocument.safeParse(other).success).toBe(true)
  })

  test('half of a group is copied without it', () => {
    const { document, ids } = threeBlocks()
    addGroup(document, [ids[0], ids[1]], 'two')
    expect(copyItems(document, [ids[0]]).groups).toEqual([])
  })

  test('text that was copied before there were groups still pastes', () => {
    const { document, ids } = threeBlocks()
    const { groups, notes, ...old } = copyItems(document, [ids[0]])
    expect([groups, notes]).toEqual([[], []])
    expect(parseClip(JSON.stringify(old))?.nodes).toHaveLength(1)
  })
})
