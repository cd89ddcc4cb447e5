import { describe, expect, test } from 'vitest'
import { findTime } from './parse-time.ts'

/** Tuesday 24 November 2026, noon in Shanghai. */
const at = { now: '2026-11-24T04:00:00Z', timeZone: 'Asia/Shanghai' }

describe('as an answer', () => {
  test.each([
    ['tomorrow at 3pm', '2026-11-25T15:00'],
    ['tomorrow at 3', '2026-11-25T15:00'],
    ['tomorrow morning at 9', '2026-11-25T09:00'],
    ['9 in the morning, tomorrow', '2026-11-25T09:00'],
    ['3.30pm on 5 March 2027', '2027-03-05T15:30'],
    ['on Friday at half past seven in the evening', '2026-11-27T19:30'],
    ['quarter to four pm tomorrow', '2026-11-25T15:45'],
    ['three thirty pm', '2026-11-24T15:30'],
    ['tonight at 8', '2026-11-24T20:00'],
    ['at 8', '2026-11-24T20:00'],
    ['at 10:30', '2026-11-25T10:30'],
    ["5 o'clock", '2026-11-24T17:00'],
    ['12 am', '2026-11-25T00:00'],
    ['tomorrow noon', '2026-11-25T12:00'],
    ['midnight', '2026-11-25T00:00'],
    ['in two hours', '2026-11-24T14:00'],
    ['in an hour and a half', '2026-11-24T13:30'],
    ['in half an hour', '2026-11-24T12:30'],
    ['45 minutes from now', '2026-11-24T12:45'],
    ['2 hours ago', '2026-11-24T10:00'],
    ['2026-11-02 14:00', '2026-11-02T14:00'],
    ['2026-11-02T09:05', '2026-11-02T09:05'],
    ['２０２６年１１月２日 １４：００', '2026-11-02T14:00'],
    ['明天下午三点半', '2026-11-25T15:30'],
    ['后天晚上八点', '2026-11-26T20:00'],
    ['明早9点', '2026-11-25T09:00'],
    ['今晚七点一刻', '2026-11-24T19:15'],
    ['周五上午10点20', '2026-11-27T10:20'],
    ['11月26号下午2点', '2026-11-26T14:00'],
    ['下午3:15', '2026-11-24T15:15'],
    ['三点', '2026-11-24T15:00'],
    ['凌晨两点', '2026-11-25T02:00'],
    ['今天晚上12点', '2026-11-25T00:00'],
    ['明天中午', '2026-11-25T12:00'],
    ['中午1点', '2026-11-24T13:00'],
    ['十点零五分', '2026-11-24T22:05'],
    ['15时', '2026-11-24T15:00'],
    ['周六晚上八点半', '2026-11-28T20:30'],
    ['last monday at 9am', '2026-11-23T09:00'],
    ['monday 9am', '2026-11-30T09:00'],
    ['上周六晚上八点', '2026-11-21T20:00'],
    ['两小时后', '2026-11-24T14:00'],
    ['半个小时后', '2026-11-24T12:30'],
    ['一个半小时以后', '2026-11-24T13:30'],
    ['20分钟前', '2026-11-24T11:40'],
  ])('%s', (text, value) => {
    expect(findTime(text, at)?.value ?? null).toBe(value)
  })

  test.each([
    'tomorrow',
    '明天',
    '2026-11-02',
    '明天下午',
    'in the evening',
    '25:00',
    '13 pm',
    '10:75',
    '3',
    '不知道',
    'no idea',
    '13800138000',
    '3小时',
    '三点五',
  ])('%s is no moment', (text) => {
    expect(findTime(text, at)).toBeNull()
  })
})

test('a time of day is the next such time, or the last one where dates lean to the past', () => {
  expect(findTime('11:00', at)?.value).toBe('2026-11-25T11:00')
  expect(findTime('11:00', { ...at, dates: 'past' })?.value).toBe('2026-11-24T11:00')
  expect(findTime('下午三点', { ...at, dates: 'past' })?.value).toBe('2026-11-23T15:00')
})

test('hours from now are counted where the clocks change, and in the zone of the bot', () => {
  const london = { now: '2026-03-29T00:30:00Z', timeZone: 'Europe/London' }
  expect(findTime('in an hour', london)?.value).toBe('2026-03-29T02:30')
})

describe('amid other words', () => {
  test.each([
    ['please book a table tomorrow at 3pm for two', '2026-11-25T15:00'],
    ['帮我约明天下午三点的维修', '2026-11-25T15:00'],
    ['it stopped two hours ago', '2026-11-24T10:00'],
    ['明天14:30来取', '2026-11-25T14:30'],
    ['能便宜一点吗', null],
    ['我有三点建议', null],
    ['I am at 3 shops', null],
    ['order 12 now', null],
    ['快点发货', null],
    ['score was 3:2', null],
    ['tomorrow please', null],
  ])('%s', (text, value) => {
    expect(findTime(text, { ...at, amid: true })?.value ?? null).toBe(value)
  })
})

test('it says which part of the words the moment is', () => {
  expect(findTime('Book tomorrow at 3pm please', at)?.text).toBe('tomorrow at 3pm')
  expect(findTime('3pm，电话 13800138000，明天', at)?.text).toBe('3pm')
})
