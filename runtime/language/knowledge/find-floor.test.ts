import { expect, test } from 'vitest'
import { findFloor } from './find-floor.ts'

test('the floor stands between what the material answers and what it does not', () => {
  const { floor, trials } = findFloor([0.6, 0.65, 0.7, 0.9], [0.1, 0.2, 0.3, 0.4])
  expect(floor).toBeCloseTo(0.5)
  expect(trials).toEqual({ inside: 4, outside: 4, kept: 1, refused: 1 })
})

test('where both lie among each other, it is where most are on their right side, and says how many are', () => {
  const { floor, trials } = findFloor([0.3, 0.6, 0.7, 0.8], [0.1, 0.2, 0.3, 0.65])
  expect(floor).toBeGreaterThan(0.3)
  expect(floor).toBeLessThan(0.6)
  expect(trials).toMatchObject({ kept: 0.75, refused: 0.75 })
})

test('too few questions give an estimate, not a finding', () => {
  expect(findFloor([0.9], [0.1]).trials).toBeNull()
})
