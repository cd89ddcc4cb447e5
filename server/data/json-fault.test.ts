import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonFault } from './json-fault.ts'

test.each<[string, string, { line: number; column: number }]>([
  ['breaks off in a list', '{"rows": [', { line: 1, column: 11 }],
  ['breaks off in a text', '[\n  "where is', { line: 2, column: 12 }],
  ['has a word of no language', '[1, yes]', { line: 1, column: 5 }],
  ['has a comma too many', '[\n  {"text": "a"},\n]', { line: 3, column: 1 }],
  ['lacks a comma', '[{"text": "a"}\n {"text": "b"}]', { line: 2, column: 2 }],
  ['lacks a colon', '{"text" "a"}', { line: 1, column: 9 }],
  ['names a field without quotes', '{text: "a"}', { line: 1, column: 2 }],
  ['has single quotes', "[\r\n 'a']", { line: 2, column: 2 }],
  ['closes what was not opened', '{"a": 1]', { line: 1, column: 8 }],
  ['goes on behind its end', '[] []', { line: 1, column: 4 }],
  ['has a line break in a text', '["a\nb"]', { line: 1, column: 4 }],
  ['has an escape that is none', '["\\x"]', { line: 1, column: 3 }],
  ['has a number with a leading zero', '[007]', { line: 1, column: 2 }],
])('JSON that %s is told by the line and the character', (_, text, place) => {
  expect(() => JSON.parse(text)).toThrow()
  expect(jsonFault(text)).toEqual(place)
})

test('it is where the engine says, when the engine says where, or at the beginning of that word; what is valid has none', () => {
  const cut = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', '}', ']', ',', ':', '"', '1', 'x', '\n'))
  fc.assert(
    fc.property(cut, ([json, where, put]) => {
      const at = where % (json.length + 1)
      const text = json.slice(0, at) + put + json.slice(at + 1)
      const { line, column } = jsonFault(text)
      const offset =
        text
          .split('\n')
          .slice(0, line - 1)
          .join('\n').length +
        (line > 1 ? 1 : 0) +
        column -
        1
      const engine = engineSays(text)
      if (engine === 'valid') expect(offset).toBe(text.length)
      else if (engine !== null) expect(text.slice(offset, engine)).toMatch(/^[\w.+\-\\]*$/)
    }),
    { numRuns: 500 },
  )
})

function engineSays(text: string): number | 'valid' | null {
  try {
    JSON.parse(text)
    return 'valid'
  } catch (error) {
    const place = /at position (\d+)/.exec(String(error))?.[1]
    return place === undefined ? null : Number(place)
  }
}

test('a file of a million nested lists is no harder than another', () => {
  expect(jsonFault('['.repeat(1_000_000))).toEqual({ line: 1, column: 1_000_001 })
})
