import { expect, test } from 'vitest'
import { parseNumber } from './parse-number.ts'

test.each([
  ['the blue one', null],
  ['I meant that one', null],
  ['another one', null],
  ['要蓝色的那一个', null],
  ['换成另一个', null],
  ['just the one', 1],
  ['the only one', 1],
  ['one', 1],
  ['one lamp, the blue one', 1],
  ['the blue one, two of them', 2],
  ['twenty-one', 21],
  ['one hundred', 100],
  ['一个', 1],
  ['要一个蓝的', 1],
])('%j is %j', (text, number) => {
  expect(parseNumber(text)).toBe(number)
})
