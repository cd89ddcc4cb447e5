import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstDifference, fitsPieces } from './expected-replies.ts'

const reply = (...pieces: string[]) => ({ pieces })

test('a text fits its pieces whatever stands between them', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string()), (pieces, between) => {
      const text = pieces.reduce((whole, piece, index) => whole + (between[index - 1] ?? '') + piece)
      expect(fitsPieces(pieces, text)).toBe(true)
    }),
  )
})

test('one piece alone is the whole text and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (piece, text) => {
      expect(fitsPieces([piece], text)).toBe(piece === text)
    }),
  )
})

test('the beginning and the end are held fast, and no letter serves two pieces', () => {
  expect(fitsPieces(['It comes on ', '.'], 'It comes on Friday.')).toBe(true)
  expect(fitsPieces(['It comes on ', '.'], 'Sorry! It comes on Friday.')).toBe(false)
  expect(fitsPieces(['It comes on ', '.'], 'It comes on Friday. Bye')).toBe(false)
  expect(fitsPieces(['aba', 'aba'], 'ababa')).toBe(false)
  expect(fitsPieces(['', 'sorry', ''], 'We are sorry for that')).toBe(true)
})

test('the first reply that is other, missing or too many is named', () => {
  const replies = [reply('Hello'), reply('Order ', '?')]
  expect(firstDifference({ replies }, ['Hello', 'Order 9?'])).toBeNull()
  expect(firstDifference({ replies }, ['Hello', 'Number?'])).toEqual({ reply: 1, said: 'Number?' })
  expect(firstDifference({ replies }, ['Hello'])).toEqual({ reply: 1, said: null })
  expect(firstDifference({ replies }, ['Hello', 'Order 9?', 'Bye'])).toEqual({ reply: 2, said: 'Bye' })
})

test('where others may stand between, each expected one must come in its order', () => {
  const replies = [reply('', 'sorry', ''), reply('Bye')]
  expect(firstDifference({ replies, others: true }, ['Hm', 'So sorry', 'Well', 'Bye', 'Now go'])).toBeNull()
  expect(firstDifference({ replies, others: true }, ['Bye', 'So sorry'])).toEqual({ reply: 1, said: 'So sorry' })
})
