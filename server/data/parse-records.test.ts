import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { parseRecords } from './parse-records.ts'
import { toDatasetRows } from './to-rows.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const csv = '问题,意图\r\n"我的订单,几时到？",物流\r\n㐀龘€,其他\r\n'

describe('encodings', () => {
  test.each([
    ['UTF-8', utf8(csv)],
    ['UTF-8', utf8(`\uFEFF${csv}`)],
    ['UTF-16', iconv.encode(csv, 'utf16le', { addBOM: true })],
    ['UTF-16', iconv.encode(csv, 'utf16be', { addBOM: true })],
    ['GB18030', iconv.encode(csv, 'gb18030')],
  ])('%s is read as it was written', (encoding, bytes) => {
    const parsed = parseRecords(bytes, 'export.csv')
    expect(parsed.encoding).toBe(encoding)
    expect(parsed.records.map((r) => r.values['问题'])).toEqual(['我的订单,几时到？', '㐀龘€'])
    expect(parsed.guess).toEqual({ text: '问题', label: '意图', language: null })
  })

  test('bytes that are no text are refused with a remedy', () => {
    expect(() => parseRecords(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff, 0xfe]), 'photo.csv')).toThrow(
      expect.objectContaining({ code: 'data-encoding' }),
    )
  })

  test.each(['', '   \n\n', '\uFEFF'])('an empty file is refused as such (%j)', (text) => {
    expect(() => parseRecords(utf8(text), 'a.csv')).toThrow(expect.objectContaining({ code: 'data-empty' }))
  })
})

describe('forms', () => {
  test('ragged rows are set apart with line and reason, the others are kept', () => {
    const text = 'text,intent\nhello,greet\nwhere is it, please,track\nonly\n"two\nlines",greet\nbye,leave\n'
    const parsed = parseRecords(utf8(text), 'a.csv')
    expect(parsed.broken).toEqual([
      { line: 3, reason: 'too-many-fields', raw: 'where is it, please,track' },
      { line: 4, reason: 'too-few-fields', raw: 'only' },
    ])
    expect(parsed.records.map(({ line, values }) => [line, values.text])).toEqual([
      [2, 'hello'],
      [5, 'two\nlines'],
      [7, 'bye'],
    ])
  })

  test('a quote that never closes is said to be the fault', () => {
    const parsed = parseRecords(utf8('text,intent\nfine,a\n"never closed,a\n'), 'a.csv')
    expect(parsed.records).toHaveLength(1)
    expect(parsed.broken[0]).toMatchObject({ line: 3, reason: 'quotes' })
  })

  test('a data block refuses a file with ragged rows and names the first one', () => {
    expect(() => toDatasetRows(utf8('text,intent\na,b,c\n'), 'a.csv', {})).toThrow(
      expect.objectContaining({ code: 'data-ragged', params: { file: 'a.csv', count: 1, line: 2, raw: 'a,b,c' } }),
    )
  })

  test('JSON Lines, with a broken line set apart', () => {
    const parsed = parseRecords(utf8('{"text":"a","intent":"x","tokens":["a"]}\n{oops\n{"text":"b"}\n'), 'a.jsonl')
    expect(parsed.format).toBe('jsonl')
    expect(parsed.columns).toEqual(['text', 'intent'])
    expect(parsed.records).toHaveLength(2)
    expect(parsed.broken).toEqual([{ line: 2, reason: 'not-json', raw: '{oops' }])
  })

  test('a JSON list, also inside of an object', () => {
    expect(parseRecords(utf8('[{"text":"a"},{"text":"b"}]'), 'a.json').records).toHaveLength(2)
    expect(parseRecords(utf8('{"rows":[{"text":"a"}],"v":1}'), 'a.json').records).toHaveLength(1)
    expect(() => parseRecords(utf8('{"rows": [}'), 'a.json')).toThrow(expect.objectContaining({ code: 'data-json' }))
  })

  test('pasted sentences stay sentences, commas and all', () => {
    const parsed = parseRecords(utf8('where is it, please\nhello, you\n\n我的快递，到哪了'), 'pasted')
    expect(parsed.format).toBe('text')
    expect(parsed.records.map((r) => r.values.text)).toEqual(['where is it, please', 'hello, you', '我的快递，到哪了'])
  })

  test('a pasted table is a table: tabs from a spreadsheet, commas with a heading', () => {
    expect(parseRecords(utf8('question\tlabel\nhi\tgreet\n'), 'pasted').format).toBe('tsv')
    expect(parseRecords(utf8('question,label\nhi,greet\n'), 'pasted').format).toBe('csv')
  })

  test('columns are guessed by what is in them when their names say nothing', () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i},where is my parcel number ${i},${i % 2 ? 'a' : 'b'}`)
    expect(parseRecords(utf8(`id,c1,c2\n${rows.join('\n')}\n`), 'a.csv').guess).toEqual({
      text: 'c1',
      label: 'c2',
      language: null,
    })
  })

  test('a key __proto__ in a record reaches no prototype', () => {
    parseRecords(utf8('{"__proto__":{"polluted":1},"text":"a"}\n'), 'a.jsonl')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

test('labels of files get the same id in every file', () => {
  const train = toDatasetRows(utf8('{"text":"a","intent":"x"}\n'), 'train.jsonl', {})
  const other = toDatasetRows(utf8('{"text":"b","intent":"y"}\n{"text":"c","intent":"x"}\n'), 'test.jsonl', {})
  expect(other.rows[1]?.label).toBe(train.rows[0]?.label)
  expect(() => toDatasetRows(utf8('{"text":"a"}\n'), 'a.jsonl', { label: 'nope' })).toThrow(
    expect.objectContaining({ code: 'data-column' }),
  )
})
