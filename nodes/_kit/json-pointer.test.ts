import { expect, test } from 'vitest'
import { readPointer, tokensOf, toPointer } from './json-pointer.ts'

// The example of RFC 6901, section 5.
const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'm~n': 8, ' ': 7 }

test.each([
  ['', document],
  ['/foo', ['bar', 'baz']],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/m~0n', 8],
  ['/ ', 7],
  ['/foo/2', undefined],
  ['/foo/length', undefined],
  ['/toString', undefined],
  ['/foo/0/x', undefined],
])('%j', (pointer, value) => {
  expect(readPointer(document, pointer)).toEqual(value)
})

test('a place is written so that it is read as it was', () => {
  for (const tokens of [[], ['a'], ['a/b', '~1', '0'], ['']]) expect(tokensOf(toPointer(tokens))).toEqual(tokens)
})
