import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignBoxes, alignments, distributeBoxes } from './align.ts'
import type { Box } from './boxes.ts'

const boxes: Record<string, Box> = {
  a: { x: 0, y: 40, width: 100, height: 60 },
  b: { x: 200, y: 0, width: 40, height: 20 },
  c: { x: 120, y: 300, width: 60, height: 100 },
}

describe('aligning', () => {
  test.each([
    ['left', { a: 0, b: 0, c: 0 }, 'x'],
    ['centre', { a: 70, b: 100, c: 90 }, 'x'],
    ['right', { a: 140, b: 200, c: 180 }, 'x'],
    ['top', { a: 0, b: 0, c: 0 }, 'y'],
    ['middle', { a: 170, b: 190, c: 150 }, 'y'],
    ['bottom', { a: 340, b: 380, c: 300 }, 'y'],
  ] as const)('to the %s moves along one axis only', (to, expected, axis) => {
    const places = alignBoxes(boxes, to)
    expect(Object.fromEntries(Object.entries(places).map(([id, at]) => [id, at[axis]]))).toEqual(expected)
    const other = axis === 'x' ? 'y' : 'x'
    for (const [id, at] of Object.entries(places)) expect(at[other]).toBe(boxes[id]![other])
  })
})

describe('distributing', () => {
  test('makes the gaps equal and leaves the outermost two where they are', () => {
    expect(distributeBoxes(boxes, 'horizontally')).toEqual({
      a: { x: 0, y: 40 },
      c: { x: 120, y: 300 },
      b: { x: 200, y: 0 },
    })
    expect(distributeBoxes(boxes, 'vertically')).toEqual({
      b: { x: 200, y: 0 },
      a: { x: 0, y: 130 },
      c: { x: 120, y: 300 },
    })
  })
})

test('aligning or distributing twice is as good as once', () => {
  const box = fc.record({
    x: fc.integer({ min: -500, max: 500 }),
    y: fc.integer({ min: -500, max: 500 }),
    width: fc.constant(64),
    height: fc.constant(32),
  })
  const some = fc.array(box, { minLength: 3, maxLength: 8 }).map((list) => Object.fromEntries(list.entries()))
  fc.assert(
    fc.property(some, fc.constantFrom(...alignments), (before, to) => {
      const once = alignBoxes(before, to)
      const moved = Object.fromEntries(Object.entries(before).map(([id, one]) => [id, { ...one, ...once[id]! }]))
      expect(alignBoxes(moved, to)).toEqual(once)
    }),
  )
})
