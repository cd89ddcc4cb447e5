import { expect, test } from 'vitest'
import { measureEntities } from './entity-metrics.ts'

const span = (start: number, end: number, type: string) => ({ start, end, type })

test('an entity counts when start, end and type are right, and otherwise is both missed and found in vain', () => {
  const { precision, recall, f1, support, exact, types } = measureEntities([
    { truth: [span(0, 2, 'a'), span(3, 5, 'b')], found: [span(0, 2, 'a'), span(3, 6, 'b')] },
    { truth: [span(0, 1, 'a')], found: [span(0, 1, 'b')] },
    { truth: [span(0, 1, 'a')], found: [span(0, 1, 'a')] },
    { truth: [], found: [] },
  ])
  expect({ precision, recall, support }).toEqual({ precision: 2 / 4, recall: 2 / 4, support: 4 })
  expect(f1).toBeCloseTo(0.5)
  expect(exact).toBe(0.5)
  expect(types).toEqual([
    { type: 'a', precision: 1, recall: 2 / 3, f1: expect.closeTo(0.8), support: 3 },
    { type: 'b', precision: 0, recall: 0, f1: 0, support: 1 },
  ])
})

test('figures are over all entities, not means over types', () => {
  const many = Array.from({ length: 5 }, (_, i) => span(2 * i, 2 * i + 1, 'np'))
  const { precision, recall, f1 } = measureEntities([
    { truth: [...many, span(20, 24, 'vp'), span(30, 31, 'pp')], found: [...many, span(20, 23, 'vp')] },
  ])
  expect([precision, recall]).toEqual([5 / 6, 5 / 7])
  expect(f1).toBeCloseTo((2 * (5 / 6) * (5 / 7)) / (5 / 6 + 5 / 7))
})

test('without entities anywhere nothing is claimed', () => {
  expect(measureEntities([{ truth: [], found: [] }])).toMatchObject({ f1: 0, support: 0, types: [], exact: 1 })
  expect(measureEntities([])).toMatchObject({ f1: 0, exact: 0 })
})
