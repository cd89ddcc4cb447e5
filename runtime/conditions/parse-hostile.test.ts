import { expect, test } from 'vitest'
import { parseChoice } from './parse-choice.ts'
import { parseDate } from './parse-date.ts'
import { parseNumber } from './parse-number.ts'

const at = { now: '2026-11-24T04:00:00Z', timeZone: 'Asia/Shanghai' }
const options = [
  { value: 'a', texts: ['first thing'] },
  { value: 'b', texts: ['second thing'] },
]
/** The longest message that `/v1` takes, made of what an expression may try in many ways. */
const hostile = {
  'numerals and blanks': `${'一'.repeat(1_000)}${' '.repeat(2_999)}x`,
  'digits and blanks': `${'1'.repeat(1_000)}${' '.repeat(2_999)}x`,
  numerals: '一'.repeat(4_000),
  digits: '1'.repeat(4_000),
  'grouped digits': '1,111'.repeat(800),
  months: 'jan '.repeat(1_000),
  days: `sun${'a'.repeat(3_997)}`,
  'words before a day': 'last '.repeat(800),
}

test.each(Object.entries(hostile))('a message made to be slow is understood or not, but at once (%s)', (_, text) => {
  const begun = performance.now()
  parseDate(text, at)
  parseNumber(text)
  parseChoice(text, options)
  // Milliseconds; before the expressions were bounded the worst of these took more than 20 seconds.
  expect(performance.now() - begun).toBeLessThan(500)
})

test('blanks between the parts of a date may be many', () => {
  expect(parseDate('3   天    前', at)).toBe('2026-11-21')
  expect(parseDate('2026   年 11\t月   2 日', at)).toBe('2026-11-02')
  expect(parseDate('in    2 \n weeks', at)).toBe('2026-12-08')
})
