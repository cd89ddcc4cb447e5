import { expect, test } from 'vitest'
import { leftWords } from './left-words.ts'
import { parseChoice } from './parse-choice.ts'
import { findOptions, parseChoices } from './parse-choices.ts'
import { findDate, parseDate } from './parse-date.ts'
import { findEmail } from './parse-email.ts'
import { findMoney } from './parse-money.ts'
import { parseNumber } from './parse-number.ts'
import { findPhone } from './parse-phone.ts'
import { findRating } from './parse-rating.ts'
import { findTime } from './parse-time.ts'
import { findYesNo } from './parse-yes-no.ts'

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
  'digits and dashes': '1-'.repeat(2_000),
  'a number abroad': `+${'1 '.repeat(2_000)}`,
  'mail addresses': 'a@a.'.repeat(1_000),
  'a long name': `${'a.'.repeat(2_000)}@`,
  'signs of money': '$1 '.repeat(1_300),
  'numbers in words': 'one hundred and '.repeat(250),
  'numerals and money': '一块'.repeat(2_000),
  clocks: '11:11'.repeat(800),
  'parts of the day': '晚早'.repeat(2_000),
  'hours from now': 'in one hour '.repeat(330),
  stars: '★'.repeat(4_000),
  'yes and no': 'yes no 不是'.repeat(400),
  punctuation: '?!，。'.repeat(1_000),
  'letters that go on': 'y'.repeat(4_000),
}

test.each(Object.entries(hostile))('a message made to be slow is understood or not, but at once (%s)', (_, text) => {
  const begun = performance.now()
  parseDate(text, at)
  parseNumber(text)
  parseChoice(text, options)
  parseChoices(text, options)
  findOptions(text, options)
  findYesNo(text)
  findRating(text, 5)
  findEmail(text)
  leftWords(text, ['1', 'one', '一', text])
  for (const amid of [false, true]) {
    findTime(text, { ...at, amid })
    findMoney(text, { amid })
    findDate(text, { ...at, amid })
    findPhone(text)
  }
  // Milliseconds; before the expressions were bounded the worst of these took more than 20 seconds.
  expect(performance.now() - begun).toBeLessThan(3_000)
})

test('blanks between the parts of a date may be many', () => {
  expect(parseDate('3   天    前', at)).toBe('2026-11-21')
  expect(parseDate('2026   年 11\t月   2 日', at)).toBe('2026-11-02')
  expect(parseDate('in    2 \n weeks', at)).toBe('2026-12-08')
})
