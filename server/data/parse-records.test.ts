import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { parseRecords } from './parse-records.ts'
import { toDatasetRows } from './to-rows.ts'

const rowsOfFile = (bytes: Uint8Array, file: string, columns: Parameters<typeof toDatasetRows>[2]) =>
  toDatasetRows(parseRecords(bytes, file), file, columns)
const utf8 = (text: string) => new TextEncoder().encode(text)
const csv = '问题,意图\r\n"我的订单,几时到？",物流\r\n㐀龘€,其他\r\n'

describe('encodings', () => {
  test.each([
    ['UTF-8', utf8(csv)],
    ['UTF-8', utf8(`\uFEFF${csv}`)],
    ['UTF-16 LE', iconv.encode(csv, 'utf16le', { addBOM: true })],
    ['UTF-16 LE', iconv.encode(csv, 'utf16le', { addBOM: false })],
    ['UTF-16 BE', iconv.encode(csv, 'utf16be', { addBOM: true })],
    ['UTF-16 BE', iconv.encode(csv, 'utf16be', { addBOM: false })],
    ['GB18030', iconv.encode(csv, 'gb18030')],
  ])('%s is read as it was written', (encoding, bytes) => {
    const parsed = parseRecords(bytes, 'export.csv')
    expect(parsed.encoding).toBe(encoding)
    expect(parsed.records.map((r) => r.values.问题)).toEqual(['我的订单,几时到？', '㐀龘€'])
    expect(parsed.guess).toEqual({ text: '问题', pair: null, label: '意图', language: null })
  })

  test('bytes that are no text are refused with a remedy', () => {
    expect(() => parseRecords(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 0xff, 0xfe]), 'photo.csv')).toThrow(
      expect.objectContaining({ code: 'data-encoding' }),
    )
  })

  test('what a person says it is written in counts, where that can be; else the line is named', () => {
    // Two characters that are two others in GB18030: too few to tell by.
    const big5 = iconv.encode('text,label\n測試,a\n', 'big5')
    expect(parseRecords(big5, 'a.csv').encoding).toBe('GB18030')
    expect(parseRecords(big5, 'a.csv', { encoding: 'Big5' }).records[0]?.values).toEqual({ text: '測試', label: 'a' })
    expect(() =>
      parseRecords(iconv.encode('text,label\n我的订单,物流\n', 'gb18030'), 'a.csv', { encoding: 'UTF-8' }),
    ).toThrow(
      expect.objectContaining({ code: 'data-other-encoding', params: { file: 'a.csv', encoding: 'UTF-8', line: 2 } }),
    )
  })

  test.each([
    ['cut in the midst of a character', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), 4],
    ['with a byte of something else in it', (bytes: Uint8Array) => bytes.map((byte, i) => (i === 24 ? 0xff : byte)), 2],
  ])('UTF-8 %s stays UTF-8: the rows that it hit are set apart, the others are kept', (_, hurt, line) => {
    const parsed = parseRecords(
      hurt(utf8('问题,意图\n我的订单在哪里,物流\n可以退货吗,退货\n怎么还没有人回复我,投诉')),
      'a.csv',
    )
    expect(parsed.encoding).toBe('UTF-8')
    expect(parsed.broken).toMatchObject([{ line, reason: 'encoding' }])
    expect(parsed.records).toHaveLength(2)
  })

  test.each(['联通', '你好', '退款,退款\n查物流,物流', '㐀龘€,其他'])(
    'GB18030 is never taken for broken UTF-8 (%s)',
    (text) => {
      const parsed = parseRecords(iconv.encode(text, 'gb18030'), 'pasted')
      expect([parsed.encoding, parsed.broken]).toEqual(['GB18030', []])
    },
  )

  test('a control character in a text file is named with its line', () => {
    expect(() => parseRecords(utf8('text,label\nfine,a\nbro\u0000ken,b\n'), 'a.csv')).toThrow(
      expect.objectContaining({ code: 'data-control-characters', params: { file: 'a.csv', line: 3 } }),
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
    expect(() => rowsOfFile(utf8('text,intent\na,b,c\n'), 'a.csv', {})).toThrow(
      expect.objectContaining({ code: 'data-ragged', params: { file: 'a.csv', count: 1, line: 2, raw: 'a,b,c' } }),
    )
  })

  test('a table without a heading loses no record: a label that comes again below is a value, not a name', () => {
    const text =
      'refund please,refund\nwhere is it,track\nmy money back,refund\ntrack it,track\nI want a refund,refund\n'
    const parsed = parseRecords(utf8(text), 'a.csv')
    expect(parsed).toMatchObject({ heading: false, columns: ['#1', '#2'], guess: { text: '#1', label: '#2' } })
    expect(parsed.records.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5])
    const named = parseRecords(utf8(text), 'a.csv', { heading: true })
    expect(named).toMatchObject({ heading: true, columns: ['refund please', 'refund'] })
    expect(named.records).toHaveLength(4)
  })

  test('known names are a heading, even where a value is called the same', () => {
    expect(parseRecords(utf8('text,label\nwhich label,label\n'), 'a.csv')).toMatchObject({ heading: true })
    expect(parseRecords(utf8('q,a\nhello,greet\n'), 'a.csv')).toMatchObject({ heading: true })
    expect(parseRecords(utf8('q,a\nhello,greet\n'), 'a.csv', { heading: false }).records).toHaveLength(2)
    expect(parseRecords(utf8('[{"a":"b"}]'), 'a.json').heading).toBeNull()
  })

  test('a data block says of each fault what it is', () => {
    const codeOf = (text: string, file = 'a.csv') => {
      try {
        rowsOfFile(utf8(text), file, {})
        return null
      } catch (error) {
        return (error as { code?: string }).code
      }
    }
    expect(codeOf('{"text":"a","label":"x"}\n{oops\n', 'a.jsonl')).toBe('data-broken-rows')
    expect(codeOf('text\nhello\nbye\n')).toBe('data-one-column')
    expect(codeOf('text,b\nhello,1\nbye,2\n')).toBe('data-no-label-column')
    expect(codeOf('[{"a":"","b":""}]', 'a.json')).toBe('data-no-text-column')
    expect(codeOf('{\n"a": oops', 'a.json')).toBe('data-json')
    expect(codeOf('{\n"a": 1}', 'a.json')).toBe('data-json-no-list')
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
    expect(parseRecords(utf8('{"rows":[{"text":"a"},{"text":"b"}],"v":1}'), 'a.json').records).toHaveLength(2)
    expect(parseRecords(utf8('{"text":"a","slots":[{"b":"c"}]}\n'), 'a.json').records[0]?.values).toEqual({ text: 'a' })
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
      pair: null,
      label: 'c2',
      language: null,
    })
  })

  test('a second text is known by its name; an answer beside labels is what somebody replied, and no text of the row', () => {
    const guess = (heading: string) => parseRecords(utf8(`${heading}\nx,y,z\n`), 'a.csv').guess
    expect(guess('sentence1,sentence2,label')).toMatchObject({ text: 'sentence1', pair: 'sentence2', label: 'label' })
    expect(guess('问题,答案,来源')).toMatchObject({ text: '问题', pair: '答案', label: null })
    expect(guess('question,answer,intent')).toMatchObject({ text: 'question', pair: null, label: 'intent' })
    const answers = Array.from({ length: 6 }, (_, i) => `how ${i},like this`).join('\n')
    expect(parseRecords(utf8(`question,answer\n${answers}\n`), 'a.csv').guess).toMatchObject({
      pair: 'answer',
      label: null,
    })
  })

  test('a key __proto__ in a record reaches no prototype', () => {
    parseRecords(utf8('{"__proto__":{"polluted":1},"text":"a"}\n'), 'a.jsonl')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

test('rows with a second text need no label, and a column may be named to be it', () => {
  const faq = utf8('question,answer\nhow long?,two days\nand abroad?,\n')
  expect(rowsOfFile(faq, 'a.csv', {})).toEqual({
    labels: [],
    rows: [
      { id: '2', text: 'how long?', pair: 'two days' },
      { id: '3', text: 'and abroad?' },
    ],
  })
  const known = utf8('question,answer,intent\nhow long?,two days,time\n')
  expect(rowsOfFile(known, 'a.csv', {}).rows[0]).not.toHaveProperty('pair')
  expect(rowsOfFile(known, 'a.csv', { pair: 'answer' }).rows[0]).toMatchObject({ pair: 'two days' })
  // A column that is asked for as something else is no second text.
  expect(rowsOfFile(faq, 'a.csv', { label: 'answer' }).rows[0]).not.toHaveProperty('pair')
})

test('labels of files get the same id in every file', () => {
  const train = rowsOfFile(utf8('{"text":"a","intent":"x"}\n'), 'train.jsonl', {})
  const other = rowsOfFile(utf8('{"text":"b","intent":"y"}\n{"text":"c","intent":"x"}\n'), 'test.jsonl', {})
  expect(other.rows[1]?.label).toBe(train.rows[0]?.label)
  expect(() => rowsOfFile(utf8('{"text":"a"}\n'), 'a.jsonl', { label: 'nope' })).toThrow(
    expect.objectContaining({ code: 'data-column' }),
  )
})
