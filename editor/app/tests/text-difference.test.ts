import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textDifference } from './text-difference.ts'

test('what is alike and what differs make the two texts again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
      const found = textDifference(before, after)
      expect(found.start + found.before + found.end).toBe(before)
      expect(found.start + found.after + found.end).toBe(after)
    }),
  )
})

test('only what was exchanged differs', () => {
  expect(textDifference('It comes on Friday.', 'It comes on Sunday.')).toEqual({
    start: 'It comes on ',
    before: 'Fri',
    after: 'Sun',
    end: 'day.',
  })
})
