import { expect, test } from 'vitest'
import { operatorsFor } from '#runtime/conditions/operators.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { variableNames } from './names.ts'

const typeOf = (document: Parameters<typeof variableNames>[0], name: string) =>
  variableNames(document).find((variable) => variable.name === name)?.type

test('what blocks count, ask for and set can be compared as what it is, without being declared', () => {
  const assignments = [
    { id: 'a', variable: 'visits', kind: 'increment' },
    { id: 'b', variable: 'paid', kind: 'value', value: true },
    { id: 'c', variable: 'later', kind: 'clear' },
  ]
  const document = graphOf(
    {
      i: { type: 'intent' },
      day: { type: 'ask', config: { variable: 'day', kind: 'date' } },
      code: { type: 'ask', config: { variable: 'code', kind: 'pattern' } },
      s: { type: 'set', config: { assignments } },
    },
    [],
  )
  expect(variableNames(document)).toEqual([
    { name: 'code', type: 'text' },
    { name: 'day', type: 'date' },
    { name: 'intent', type: 'text' },
    { name: 'later', type: null },
    { name: 'misses', type: 'number' },
    { name: 'paid', type: 'boolean' },
    { name: 'visits', type: 'number' },
  ])
  expect(operatorsFor(typeOf(document, 'misses') ?? 'text')).toContain('greater')
})

test('a declared type stands; a block that does not tell leaves the word to one that does', () => {
  const assignments = [{ id: 'a', variable: 'count', kind: 'clear' }]
  const document = graphOf(
    {
      a: { type: 'set', config: { assignments } },
      b: { type: 'ask', config: { variable: 'count', kind: 'number' } },
      c: { type: 'ask', config: { variable: 'size', kind: 'number' } },
    },
    [],
    { variables: { v: { id: 'v', name: 'size', type: 'choice' } } },
  )
  expect(typeOf(document, 'count')).toBe('number')
  expect(typeOf(document, 'size')).toBe('choice')
})
