import { describe, expect, test } from 'vitest'
import { findOptions, parseChoices } from './parse-choices.ts'

const options = [
  { value: 'red', texts: ['红色', 'Red'] },
  { value: 'blue', texts: ['蓝色', 'Blue'] },
  { value: 'dark', texts: ['深蓝色', 'Dark blue'] },
]

describe('several options', () => {
  test.each([
    ['red and blue', ['red', 'blue']],
    ['Blue, red', ['red', 'blue']],
    ['1,3', ['red', 'dark']],
    ['1 2', ['red', 'blue']],
    ['1和3', ['red', 'dark']],
    ['红的和深蓝的', ['red', 'dark']],
    ['我要红色的和蓝色的', ['red', 'blue']],
    ['红色、深蓝色', ['red', 'dark']],
    ['第一个和第三个', ['red', 'dark']],
    ['the first and the third one', ['red', 'dark']],
    ['dark blue', ['dark']],
    ['红色', ['red']],
    ['全部', ['red', 'blue', 'dark']],
    ['都要', ['red', 'blue', 'dark']],
    ['all of them', ['red', 'blue', 'dark']],
    ['red, please', ['red']],
    ['red and red', ['red']],
    ['red and blue because they match my sofa', ['red', 'blue']],
  ])('%s', (text, values) => {
    expect(parseChoices(text, options)).toEqual(values)
  })
  test.each([
    '',
    '7',
    '1,9',
    'red and purple',
    '红色和紫色',
    'no idea at all',
    '不知道',
    'where is my parcel',
    '都不要',
    '红的和蓝的',
  ])('%s is no answer', (text) => {
    expect(parseChoices(text, options)).toBeNull()
  })
})

test('a part of the words is enough where it fits one option', () => {
  expect(parseChoices('红的和蓝的', options.slice(0, 2))).toEqual(['red', 'blue'])
})

describe('options amid other words', () => {
  test.each([
    ['I would like the red one tomorrow', ['red']],
    ['想买深蓝色的杯子', ['dark']],
    ['a dark blue mug', ['dark']],
    ['红色还是蓝色', ['red', 'blue']],
    ['不要红色', []],
    ['not red please', []],
    ['特别喜欢红色', ['red']],
    ['I predicted it', []],
    ['红', []],
    ['blueberry', []],
  ])('%s', (text, values) => {
    expect(findOptions(text, options).map(({ value }) => value)).toEqual(values)
  })
})
