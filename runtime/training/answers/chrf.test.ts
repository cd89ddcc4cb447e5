import { expect, test } from 'vitest'
import { chrF } from './chrf.ts'

const of = (written: string, wanted: string) => chrF([{ written, wanted }])

test('the same text is 1 whatever its spaces, another one without a common character is 0', () => {
  expect(of('it is on the way', 'it  is on theway')).toBe(1)
  expect(of('七天内可以退货', '七天内可以退货')).toBe(1)
  expect(of('abc', 'xyz')).toBe(0)
  expect(of('', 'xyz')).toBe(0)
})

test('the figure is that of the definition, worked out by hand', () => {
  // Sequences of 1: 3 of 4 and 3 of 3; of 2: 2 of 3 and 2 of 2; of 3: 1 of 2 and 1 of 1; of 4: the wanted text has none.
  const [precision, recall] = [(3 / 4 + 2 / 3 + 1 / 2) / 3, 1]
  expect(of('abcd', 'abc')).toBeCloseTo((5 * precision * recall) / (4 * precision + recall), 12)
})

test('what is missing costs more than what is too much', () => {
  expect(of('abcdef', 'abcd')).toBeGreaterThan(of('abcd', 'abcdef'))
})
