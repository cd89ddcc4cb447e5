import { describe, expect, test } from 'vitest'
import { dated, makeWorkbook } from '../../../tests/drivers/make-workbook.ts'
import { makeZip } from '../../../tests/drivers/make-zip.ts'
import { readRecords } from '../read-records.ts'

const heading = ['问题', '意图']
const code = (code: string, params: object = {}) =>
  expect.objectContaining({ code, params: expect.objectContaining(params) })
const valuesOf = async (bytes: Buffer, as = {}) =>
  (await readRecords(bytes, '客户问题.xlsx', as)).records.map(({ values }) => Object.values(values))

describe('a workbook is read as its author sees it', () => {
  test('by what is in it and not by its name, with the row that each record stands in', async () => {
    const bytes = makeWorkbook([
      { name: '导出', rows: [heading, ['我的快递到哪了', '物流'], [], ['怎么退货 & 退款', '退货']] },
    ])
    const read = await readRecords(bytes, 'export.csv')
    expect(read).toMatchObject({ format: 'xlsx', encoding: null, heading: true, columns: heading, part: '导出' })
    expect(read.records).toEqual([
      { line: 2, values: { 问题: '我的快递到哪了', 意图: '物流' } },
      { line: 4, values: { 问题: '怎么退货 & 退款', 意图: '退货' } },
    ])
    expect(read.guess).toMatchObject({ text: '问题', label: '意图' })
  })

  test('texts in place, in several fonts, with readings above them, and the outcome of a formula', async () => {
    const inline = {
      xml: (at: string) =>
        `<c r="${at}" t="inlineStr"><is><r><t>在</t></r><r><t xml:space="preserve"> 哪里</t></r><rPh sb="0" eb="1"><t>zai</t></rPh></is></c>`,
    }
    const formula = { xml: (at: string) => `<c r="${at}" t="str"><f>A1&amp;"x"</f><v>算出来_x000A_的</v></c>` }
    const rich =
      '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>问题</t></si><si><t>意图</t></si><si><r><rPr><b/></rPr><t>粗</t></r><r><t>细</t></r><rPh sb="0" eb="1"><t>cu</t></rPh></si></sst>'
    const shared = { xml: (at: string) => `<c r="${at}" t="s"><v>2</v></c>` }
    const bytes = makeWorkbook([{ name: 'a', rows: [heading, [inline, 'a'], [formula, 'b'], [shared, 'c']] }], {
      parts: {
        'xl/sharedStrings.xml': `${rich.replace('</sst>', '')}<si><t>a</t></si><si><t>b</t></si><si><t>c</t></si></sst>`,
      },
    })
    // The made workbook gave its own texts the numbers 0 to 4; here 2 is the rich one and moves the others by one.
    expect((await valuesOf(bytes)).map(([text]) => text)).toEqual(['在 哪里', '算出来\n的', '粗细'])
  })

  test('numbers as people write them, days and times as ISO 8601, in both calendars of Excel', async () => {
    const rows = [
      ['q', 'v'],
      ['number', 0.1 + 0.2],
      ['large', { xml: (at: string) => `<c r="${at}"><v>1.2345678E+7</v></c>` }],
      ['yes', true],
      ['day', dated(45_000, 1)],
      ['before the day that never was', dated(59, 1)],
      ['first day', dated(1, 1)],
      ['moment', dated(45_000.5, 2)],
      ['duration', dated(1.25, 3)],
      ['time', dated(0.375, 2)],
      ['chinese', dated(45_000, 4)],
    ]
    expect((await valuesOf(makeWorkbook([{ name: 'a', rows }]))).map(([, value]) => value)).toEqual([
      '0.30000000000000004',
      '12345678',
      'true',
      '2023-03-15',
      '1900-02-28',
      '1900-01-01',
      '2023-03-15T12:00:00',
      '30:00:00',
      '09:00:00',
      '2023-03-15',
    ])
    const old = makeWorkbook(
      [
        {
          name: 'a',
          rows: [
            ['q', 'v'],
            ['day', dated(43_538, 1)],
          ],
        },
      ],
      { from1904: true },
    )
    expect(await valuesOf(old)).toEqual([['day', '2023-03-15']])
  })

  test('a title above the table goes and is counted; merged cells say in each place what they say in one', async () => {
    const bytes = makeWorkbook([
      {
        name: 'a',
        rows: [
          ['2025 年客户问题导出'],
          heading,
          ['到哪了', '物流'],
          ['什么时候到', null],
          ['能退吗', '退货'],
          ['坏了', { xml: (at: string) => `<c r="${at}" t="e"><v>#N/A</v></c>` }],
        ],
        merges: ['A1:B1', 'B3:B4', 'A1000000:XFD1048576'],
      },
    ])
    const read = await readRecords(bytes, 'a.xlsx')
    expect(read.records.map(({ values }) => Object.values(values).join('|'))).toEqual([
      '到哪了|物流',
      '什么时候到|物流',
      '能退吗|退货',
      '坏了|',
    ])
    expect(read.contents?.leftOut).toEqual([
      { what: 'title-rows', count: 1 },
      { what: 'error-cells', count: 1 },
    ])
  })

  test('a heading in two rows is one, and empty columns beside the table are none', async () => {
    const rows = [
      [null, '客户', null, '处理'],
      [null, '问题', '渠道', '意图'],
      [null, '到哪了', '微信', '物流'],
    ]
    const read = await readRecords(makeWorkbook([{ name: 'a', rows, merges: ['B1:C1'] }]), 'a.xlsx')
    expect(read.columns).toEqual(['客户 / 问题', '客户 / 渠道', '处理 / 意图'])
    expect(read.guess).toMatchObject({ text: '客户 / 问题', label: '处理 / 意图' })
  })

  test('of several sheets the first in sight that has rows is read; another one, hidden or not, when a person says so', async () => {
    const bytes = makeWorkbook([
      { name: 'secret', state: 'hidden', rows: [heading, ['hidden', 'a']] },
      { name: 'empty', rows: [] },
      { name: 'first', rows: [heading, ['one', 'a']] },
      { name: 'Q&A', rows: [heading, ['two', 'b']] },
    ])
    const read = await readRecords(bytes, 'a.xlsx')
    expect(read.part).toBe('first')
    expect(read.parts).toEqual([
      { name: 'secret', hidden: true },
      { name: 'empty', hidden: false },
      { name: 'first', hidden: false },
      { name: 'Q&A', hidden: false },
    ])
    expect(await valuesOf(bytes, { part: 'Q&A' })).toEqual([['two', 'b']])
    expect(await valuesOf(bytes, { part: 'secret' })).toEqual([['hidden', 'a']])
    await expect(readRecords(bytes, 'a.xlsx', { part: 'nope' })).rejects.toEqual(code('data-part', { part: 'nope' }))
  })
})

describe('what is no workbook that can be read gets a remedy', () => {
  const ole = (...more: string[]) =>
    Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(600),
      ...more.map((text) => Buffer.from(text, 'utf16le')),
    ])
  test.each<[string, Buffer, ReturnType<typeof code>]>([
    ['the Excel of old', ole('Workbook'), code('data-old-excel')],
    ['a password', ole('EncryptionInfo', 'EncryptedPackage'), code('data-encrypted')],
    ['a zip with a password', makeZip({ 'a.csv': 'text\na' }, { locked: true }), code('data-encrypted')],
    [
      'a binary workbook',
      makeZip({ 'xl/workbook.bin': 'x', 'xl/worksheets/sheet1.bin': 'x' }),
      code('data-other-workbook', { kind: '.xlsb' }),
    ],
    [
      'OpenDocument',
      makeZip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<a/>' }),
      code('data-other-workbook', { kind: '.ods' }),
    ],
    [
      'a page that is called .xls',
      Buffer.from('<html><table><tr><td>a</td></tr></table></html>'),
      code('data-other-workbook', { kind: 'HTML' }),
    ],
    ['a zip of something else', makeZip({ 'photo.png': 'x' }), code('data-zip-contents', { names: 'photo.png' })],
    [
      'a workbook that was cut off',
      makeWorkbook([{ name: 'a', rows: [heading, ['a', 'b']] }]).subarray(0, 900),
      code('data-zip'),
    ],
    ['an empty sheet', makeWorkbook([{ name: 'a', rows: [] }]), code('data-empty')],
    ['a heading alone', makeWorkbook([{ name: 'a', rows: [heading] }]), code('data-heading-only')],
    [
      '10,000 columns',
      makeWorkbook([{ name: 'a', rows: [Array.from({ length: 10_000 }, (_, i) => `c${i}`)] }]),
      code('data-wide', { limit: 1000 }),
    ],
  ])('%s', async (_, bytes, refusal) => {
    await expect(readRecords(bytes, 'a.xls')).rejects.toEqual(refusal)
  })
})

describe('a workbook made to do harm does none', () => {
  test('one that unfolds without end is refused before it fills the memory', async () => {
    const bomb = Buffer.alloc(48 * 2 ** 20, ' ')
    bomb.write('<worksheet><sheetData>')
    const bytes = makeWorkbook([{ name: 'a', rows: [] }], { parts: { 'xl/worksheets/sheet1.xml': bomb } })
    expect(bytes.length).toBeLessThan(400_000)
    await expect(readRecords(bytes, 'a.xlsx')).rejects.toEqual(code('data-unfolds'))
  })

  test('entities that a sheet declares are not followed', async () => {
    const evil = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "${'ha'.repeat(50)}"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="str"><v>text</v></c><c t="str"><v>label</v></c></row><row><c t="str"><v>&b;&f;</v></c><c t="str"><v>x</v></c></row></sheetData></worksheet>`
    const bytes = makeWorkbook([{ name: 'a', rows: [] }], { parts: { 'xl/worksheets/sheet1.xml': evil } })
    const [[text] = []] = await valuesOf(bytes)
    expect(text).not.toMatch(/haha|root:/)
  })

  test('names that climb out of the archive lead nowhere', async () => {
    const bytes = makeWorkbook([{ name: 'a', rows: [heading, ['a', 'b']] }], {
      parts: {
        '../../../tmp/evil.xml': 'x',
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>',
      },
    })
    await expect(readRecords(bytes, 'a.xlsx')).rejects.toEqual(code('data-empty'))
  })

  test('a relation whose target is no address is left out; the others hold', async () => {
    const bytes = (target: string) =>
      makeWorkbook([{ name: 'a', rows: [heading, ['hello', 'b']] }], {
        parts: {
          'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="z" Type="x/theme" Target="${target}"/><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
        },
      })
    for (const target of ['http://[', '%E0%A4%A'])
      expect((await valuesOf(bytes(target))).flat(), target).toContain('hello')
  })

  test('a column called __proto__ is a column', async () => {
    const read = await readRecords(
      makeWorkbook([
        {
          name: 'a',
          rows: [
            ['__proto__', 'text'],
            ['evil', 'hello'],
          ],
        },
      ]),
      'a.xlsx',
    )
    expect(({} as Record<string, unknown>).evil).toBeUndefined()
    expect(read.records[0]?.values.text).toBe('hello')
  })
})
