import { describe, expect, test } from 'vitest'
import { narrow } from './narrow.ts'

const items = [
  { title: 'Knowledge answer', detail: 'Answers from what your documents say', group: 'Understand' },
  { title: 'Intent', detail: 'Goes on by what is meant', group: 'Understand' },
  { title: 'Essay', detail: 'A long text', group: 'Talk' },
  { title: 'Quick say', detail: 'Short', group: 'Talk' },
  { title: 'Say more', detail: 'Long', group: 'Talk' },
  { title: 'Say', detail: 'Says a text', words: 'message 消息', group: 'Talk' },
]
const found = (search: string) => narrow(items, search).map(({ title }) => title)

describe('a search in a list of choices', () => {
  test('changes nothing while nothing is typed', () => {
    expect(narrow(items, '  ')).toBe(items)
  })
  test('puts the title that was typed before titles that begin with it, hold it, or only speak of it', () => {
    expect(found('say')).toEqual(['Say', 'Say more', 'Quick say', 'Essay', 'Knowledge answer'])
    expect(found(' SAY ')[0]).toBe('Say')
  })
  test('keeps a group together, where its best choice stands', () => {
    expect(narrow(items, 'a').map(({ group }) => group)).toEqual([
      'Understand',
      'Understand',
      'Talk',
      'Talk',
      'Talk',
      'Talk',
    ])
    expect(narrow(items, 'say').map(({ group }) => group)).toEqual(['Talk', 'Talk', 'Talk', 'Talk', 'Understand'])
  })
  test('finds by further words, in any order, and all of them must occur', () => {
    expect(found('消息')).toEqual(['Say'])
    expect(found('text long')).toEqual(['Essay'])
    expect(found('text nowhere')).toEqual([])
  })
})
