import { expect, test } from 'vitest'
import { braid, curve, pointOn } from './curve.ts'

test('a wire begins at its output and ends at its input, forward and backward', () => {
  for (const to of [
    { x: 400, y: 50 },
    { x: -300, y: 500 },
  ]) {
    const line = curve({ x: 0, y: 0 }, to)
    expect(pointOn(line, 0)).toEqual({ x: 0, y: 0 })
    expect(pointOn(line, 1)).toEqual(to)
    expect(line.c1.x).toBeGreaterThan(0)
    expect(line.c2.x).toBeLessThan(to.x)
  }
})

test('the strands of the thread stay within its swing of the curve', () => {
  const line = curve({ x: 0, y: 0 }, { x: 600, y: 0 })
  const pieces = braid(line, { strands: 3, swing: 5, turn: 64 })
  expect(new Set(pieces.map(({ strand }) => strand)).size).toBe(3)
  const heights = pieces.flatMap(({ path }) =>
    [...path.matchAll(/[ML]\S+ (-?[\d.]+)/g)].map((match) => Number(match[1])),
  )
  expect(Math.max(...heights.map(Math.abs))).toBeLessThanOrEqual(5.01)
  expect(Math.max(...heights)).toBeGreaterThan(4)
})
