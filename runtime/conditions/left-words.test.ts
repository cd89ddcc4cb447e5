import { expect, test } from 'vitest'
import { leftWords } from './left-words.ts'

test.each([
  ['nothing was taken', [], 'nothing was taken'],
  ['Tomorrow, and 3 of them', ['tomorrow'], '| , and 3 of them'],
  ['on the 13th, 3 of them', ['3'], 'on the 13th, | of them'],
  ['LB20261103', ['20261103'], 'LB |'],
  ['in   two\n hours please', ['in two hours'], '| please'],
  ['３ 件，明天', ['3'], '| 件,明天'],
  ['(010) 12345678 + more', ['(010) 12345678'], '| + more'],
  ['red red', ['red'], '| red'],
  ['call 010-1234/5 now', ['010-1234/5'], 'call | now'],
  ['all of it', ['all of it'], '|'],
  ['some words', ['others', ' '], 'some words'],
])('%s without %j', (text, taken, left) => {
  expect(leftWords(text, taken).trim().replace(/ +/g, ' ')).toBe(left)
})
