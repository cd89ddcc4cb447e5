import { expect, test } from 'vitest'
import { apartSlices, isVague, lengthWord, toSlice } from './slices.ts'

test('two slices are apart only where their likely ranges do not touch, so that a few rows mislead nobody', () => {
  const many = toSlice({ name: 'en', rows: 400, accuracy: 0.9 })
  const few = toSlice({ name: 'fr', rows: 5, accuracy: 0.6 })
  const weak = toSlice({ name: 'zh', rows: 400, accuracy: 0.7 })
  expect(apartSlices([many, few])).toBeNull()
  expect(apartSlices([many, weak])).toEqual({ weak, strong: many })
  expect([many, few, weak].map(isVague)).toEqual([false, true, false])
  expect(apartSlices([])).toBeNull()
})

test('two lengths are short and long, the ones between three are medium', () => {
  const slice = { from: 1, to: 2, rows: 1, accuracy: 1 }
  const words = (count: number) => Array.from({ length: count }, (_, i) => lengthWord(Array(count).fill(slice), i))
  expect(words(2)).toEqual(['short', 'long'])
  expect(words(3)).toEqual(['short', 'medium', 'long'])
})
