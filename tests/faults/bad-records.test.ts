import iconv from 'iconv-lite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '#kit'
import type { ImportAnswer, RecordsPreview, RowsPage, RunView } from '#server/api/dto.ts'
import { openShop, type Shop } from './shop.ts'
import { expectWords, refusedByApi } from './told.ts'

/**
 * Records as people really have them, through the studio's own API. How the forms are told apart is covered beside the reader
 * (server/data/parse-records.test.ts); here it counts what the person is told, and that the shop loses nothing by it.
 */
let shop: Shop
let before: unknown
beforeAll(async () => {
  shop = await openShop({ env: { BOTLOOM_UPLOAD_MB: '1' } })
})
afterAll(() => shop.close())
beforeEach(async () => {
  before = await shop.everything()
})

const utf8 = (text: string) => new TextEncoder().encode(text)
const preview = async (name: string, bytes: Uint8Array): Promise<RecordsPreview> => {
  const { status, body } = await shop.studio.upload(name, bytes)
  expect(status, JSON.stringify(body)).toBe(201)
  return body as unknown as RecordsPreview
}
const look = (file: string, as: string, headers?: Record<string, string>) =>
  shop.studio.call<RecordsPreview>('GET', `/api/files/${file}?${as}`, undefined, headers)
const importInto = (set: string, request: object, headers?: Record<string, string>) =>
  shop.studio.call<ImportAnswer>(
    'POST',
    `/api/sets/${set}/import`,
    { textColumn: 'text', labelColumn: 'label', label: null, ...request },
    headers,
  )
const rowsOf = async (set: string) =>
  (await shop.studio.call<RowsPage>('GET', `/api/sets/${set}/rows`)).body.rows
    .map(({ text, labelName }) => `${text}|${labelName}`)
    .reverse()

describe('an upload that holds no records is refused in words and leaves nothing behind', () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d])
  const xlsx = new Uint8Array([0x50, 0x4b, 3, 4, 0x14, 0, 6, 0, 8, 0, 0, 0, 0x21, 0, 0xdf, 0xa4, 0xd2, 0x6c, 0x5a, 1])
  test.each<[string, string, Uint8Array, ErrorCode]>([
    ['a picture', 'questions.csv', png, 'data-encoding'],
    ['a workbook that is cut off', 'questions.csv', xlsx, 'data-zip'],
    ['an empty file', '问题.csv', new Uint8Array(), 'data-empty'],
    ['a heading without rows', 'questions.csv', utf8('text,label\n'), 'data-heading-only'],
    ['a workbook of old', '客户问题.xls', Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(600)}`, 'hex'), 'data-old-excel'],
    ['JSON that breaks off', 'questions.json', utf8('{"rows": [{"text": "a"'), 'data-json'],
    ['JSON without a list', 'questions.json', utf8('{\n  "text": "a"\n}'), 'data-json-no-list'],
    [
      'NUL bytes in its text',
      'questions.csv',
      utf8('text,label\nwhere\u0000 is it,track\n'),
      'data-control-characters',
    ],
    ['more than the limit', 'questions.csv', new Uint8Array(1_048_577).fill(97), 'data-too-large'],
  ])('%s', async (_, name, bytes, code) => {
    const { params } = await refusedByApi(code, (headers) => shop.studio.upload(name, bytes, headers))
    if (code === 'data-too-large') expect(params).toEqual({ limit: 1 })
    else expect(params).toMatchObject({ file: name })
    if (code === 'data-control-characters') expect(params).toMatchObject({ line: 2 })
    expect(await shop.everything()).toEqual(before)
  })

  test('a request that is no upload, and a body that is not JSON', async () => {
    const own = { cookie: shop.studio.cookie, 'x-botloom-csrf': shop.studio.csrf, 'content-type': 'application/json' }
    const send = (path: string) => async (headers: Record<string, string>) => {
      const answer = await shop.studio.bare('POST', path, { ...own, ...headers }, '{"text": "where is')
      return { status: answer.status, body: (await answer.json()) as object }
    }
    await refusedByApi('invalid-request', send('/api/files'))
    await refusedByApi('invalid-request', send('/api/files/paste'))
    await refusedByApi('invalid-request', send(`/api/sets/${shop.set}/import`))
    expect(await shop.everything()).toEqual(before)
  })

  test('and the shop goes on as if nothing had happened', async () => {
    await shop.expectUsable()
  })
})

describe('a file in another encoding than it is read in', () => {
  const csv = 'text,label\n我的快递到哪了,物流\n怎么退货,退货\n'

  test('GB18030 is found out; read as UTF-8 it is refused with the line; the right way is still open', async () => {
    const { file, encoding } = await preview('导出.csv', iconv.encode(csv, 'gb18030'))
    expect(encoding).toBe('GB18030')
    before = await shop.everything()
    const { params } = await refusedByApi('data-other-encoding', (headers) => look(file, 'encoding=UTF-8', headers))
    expect(params).toEqual({ file: '导出.csv', encoding: 'UTF-8', line: 2 })
    await refusedByApi('data-other-encoding', (headers) => importInto(shop.set, { file, encoding: 'UTF-8' }, headers))
    await refusedByApi('invalid-request', (headers) => look(file, 'encoding=EBCDIC', headers))
    expect(await shop.everything()).toEqual(before)
    expect((await importInto(shop.set, { file })).body).toMatchObject({ added: 2, broken: 0 })
    expect(await rowsOf(shop.set)).toEqual(expect.arrayContaining(['我的快递到哪了|物流', '怎么退货|退货']))
  })

  test('what was guessed wrongly is put right by whoever sees it, and imported as it was shown', async () => {
    // So little Big5 that it may be GB18030 as well.
    const big5 = 'text,label\n測試,a\n'
    const { file, sample } = await preview('export.csv', iconv.encode(big5, 'big5'))
    expect(sample[0]?.text).not.toBe('測試')
    expect((await look(file, 'encoding=Big5')).body.sample).toEqual([{ text: '測試', label: 'a' }])
    await importInto(shop.set, { file, encoding: 'Big5' })
    expect(await rowsOf(shop.set)).toContain('測試|a')
  })
})

describe('rows that do not fit', () => {
  const ragged =
    'text,label\nfirst one,refund\nwhere is it, please,track\nlonely\nsecond one,track\n"never closed,refund\n'

  test('are named with their lines and reasons; the others are imported, and the upload keeps all', async () => {
    const { file, rows, broken, brokenRows } = await preview('ragged.csv', utf8(ragged))
    expect([rows, brokenRows]).toEqual([2, 3])
    expect(broken.map(({ line, reason, raw }) => `${line} ${reason} ${raw}`)).toEqual([
      '3 too-many-fields where is it, please,track',
      '4 too-few-fields lonely',
      '6 quotes "never closed,refund',
    ])
    const set = await shop.newSet(shop.bot, 'text,label\nhere before,track\n')
    expect((await importInto(set, { file })).body).toMatchObject({ added: 2, broken: 3 })
    expect(await rowsOf(set)).toEqual(['here before|track', 'first one|refund', 'second one|track'])
    expect((await shop.studio.services.files.read('wsp_main', file)).bytes.toString()).toBe(ragged)
  })

  test('cut bytes and endless texts cost their own row and no other', async () => {
    const endless = `text,label\n${'x'.repeat(10_001)},track\nfine,track\n`
    const cut = utf8('text,label\n我的快递到哪了,物流\n怎么退货,退货\n发票怎么开').subarray(0, -1)
    for (const [bytes, line, reason] of [
      [utf8(endless), 2, 'too-long'],
      [cut, 4, 'too-few-fields'],
      [Buffer.concat([cut, utf8(',发票\n')]), 4, 'encoding'],
    ] as const) {
      const { file, broken, encoding } = await preview('hurt.csv', bytes)
      expect([encoding, broken.map((row) => [row.line, row.reason])]).toEqual(['UTF-8', [[line, reason]]])
      const set = await shop.newSet(shop.bot, 'text,label\nhere before,track\n')
      const answer = await importInto(set, { file })
      expect(answer.body).toMatchObject({ broken: 1 })
      expect(answer.body.added).toBeGreaterThan(0)
    }
  })

  test.each<[string, string, ErrorCode, object]>([
    ['ragged rows', ragged, 'data-ragged', { line: 3, count: 3 }],
    ['a single column', 'text\nhello\nbye\n', 'data-one-column', { column: 'text' }],
    [
      'no column that looks like a label',
      'text,when\nhello,1\nbye,2\n',
      'data-no-label-column',
      { columns: 'text, when' },
    ],
  ])('a block that names a file with %s says so, and the run ends with its name', async (_, csv, code, params) => {
    const { file } = await preview('block.csv', utf8(csv))
    before = await shop.everything()
    const bot = await shop.newBot({ data: { type: 'data-source', config: { train: file } } }, [])
    const { id } = await shop.run(bot)
    const told = async (language: string) => {
      const path = `/api/bots/${bot}/runs/${id}`
      const { body } = await shop.studio.call<RunView>('GET', path, undefined, { 'accept-language': language })
      expect(body.status).toBe('failed')
      expect(body.failure).toMatchObject({ node: 'data', params: { file: 'block.csv', ...params } })
      return body.failure ?? {}
    }
    expectWords({ 'zh-CN': await told('zh-CN'), en: await told('en') }, code)
    expect(await shop.everything()).toEqual(before)
  })
})

describe('a table without a heading, or with a single column', () => {
  test('loses no record: its columns are numbered, and a person may say otherwise', async () => {
    const lines = ['refund please,refund', 'where is it,track', 'my money,refund', 'track it,track', 'return it,refund']
    const { file, heading, columns, rows, guess } = await preview('bare.csv', utf8(`${lines.join('\n')}\n`))
    expect({ heading, columns, rows, guess }).toMatchObject({
      heading: false,
      columns: ['#1', '#2'],
      rows: 5,
      guess: { text: '#1', label: '#2' },
    })
    const set = await shop.newSet(shop.bot, 'text,label\nhere before,track\n')
    expect((await importInto(set, { file, textColumn: '#1', labelColumn: '#2' })).body).toMatchObject({ added: 5 })
    expect((await look(file, 'heading=true')).body).toMatchObject({ columns: ['refund please', 'refund'], rows: 4 })
    const unlike = await preview('bare.csv', utf8('hello,greet\nbye now,leave\n'))
    expect(unlike).toMatchObject({ heading: true, rows: 1 })
    const put = await importInto(set, { file: unlike.file, heading: false, textColumn: '#1', labelColumn: '#2' })
    expect(put.body).toMatchObject({ added: 2 })
    expect(await rowsOf(set)).toContain('hello|greet')
  })

  test('takes one label for all, and names the columns that there are when another one is asked for', async () => {
    const { file, columns, guess } = await preview('one.csv', utf8('question\nhello\nbye\n'))
    expect([columns, guess.label]).toEqual([['question'], null])
    before = await shop.everything()
    const { params } = await refusedByApi('data-column', (headers) => importInto(shop.set, { file }, headers))
    expect(params).toMatchObject({ columns: 'question' })
    expect(await shop.everything()).toEqual(before)
    const set = await shop.newSet(shop.bot, 'text,label\nhere before,track\n')
    const request = { file, textColumn: 'question', labelColumn: null, label: 'greet' }
    expect((await importInto(set, request)).body).toMatchObject({ added: 2, newLabels: [{ name: 'greet' }] })
  })
})
