import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, test } from 'vitest'
import { makeZip } from '../../../tests/drivers/make-zip.ts'
import { withEntities } from '../parse-records.ts'
import { readRecords } from '../read-records.ts'

const utf8 = (text: string) => Buffer.from(text)
const code = (code: string, params: object = {}) =>
  expect.objectContaining({ code, params: expect.objectContaining(params) })
/** Each row as `intent: text [words of an entity=type]`. */
async function rowsOf(bytes: Uint8Array, file: string, as = {}): Promise<string[]> {
  const { records, broken } = withEntities(await readRecords(bytes, file, as), 'text')
  expect(broken).toEqual([])
  return records.map(({ values: { text = '', intent }, entities }) => {
    const parts = entities?.map(({ start, end, type }) => ` [${text.trim().slice(start, end)}=${type}]`) ?? []
    return `${intent}: ${text}${parts.join('')}`
  })
}

describe('training data of Rasa', () => {
  const nlu = `version: "3.1"
nlu:
- intent: 订机票
  examples: |
    - 我要去[深圳](city)
    - 从[北京]{"entity": "city", "role": "from", "value": "BJS"}到[上海😀](city:SHA)的票
    - 看看 [1] 号航班
- intent: faq/refund
  examples:
    - text: |
        can I [return](action) it
    - send it back
- intent: later
  examples: |
- synonym: 深圳
  examples: |
    - 鹏城
    - SZ
- regex: number
  examples: |
    - \\d+
- lookup: city
  examples: |
    - 广州
`
  test('examples become rows, marked words their entities, in characters of any plane', async () => {
    expect(await rowsOf(utf8(nlu), 'export.txt')).toEqual([
      '订机票: 我要去深圳 [深圳=city]',
      '订机票: 从北京到上海😀的票 [北京=city] [上海😀=city]',
      '订机票: 看看 [1] 号航班',
      'faq/refund: can I return it [return=action]',
      'faq/refund: send it back',
    ])
  })

  test('what no row can say is counted', async () => {
    const { contents, format, guess, records } = await readRecords(utf8(nlu), 'nlu.yml')
    expect([format, guess.text, guess.label]).toEqual(['rasa', 'text', 'intent'])
    expect(records.map(({ line }) => line)).toEqual([5, 6, 7, 10, 12])
    expect(contents?.found).toEqual([
      { what: 'intents', count: 2 },
      { what: 'entities', count: 4 },
    ])
    expect(contents?.leftOut).toEqual([
      { what: 'roles', count: 1 },
      { what: 'empty-intents', count: 1 },
      { what: 'synonyms', count: 2 },
      { what: 'regexes', count: 1 },
      { what: 'lookups', count: 1 },
    ])
  })

  test('an example that cannot be read is set apart with its line, the others stay', async () => {
    const text =
      'nlu:\n- intent: a\n  examples: |\n    - fine\n    stray words\n    - [x]{"no": "entity"}\n    - good\n'
    const { records, broken } = await readRecords(utf8(text), 'nlu.yml')
    expect(records.map(({ values }) => values.text)).toEqual(['fine', 'good'])
    expect(broken.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'not-an-example'],
      [6, 'entity-spans'],
    ])
  })

  test('a whole project comes in as a zip, its older JSON as well', async () => {
    const zip = makeZip({
      'bot/domain.yml': 'intents:\n- a\n',
      'bot/data/nlu/a.yml': 'nlu:\n- intent: a\n  examples: |\n    - one\n',
      'bot/data/nlu/b.yml': 'nlu:\n- intent: b\n  examples: |\n    - two\n',
    })
    expect(await rowsOf(zip, 'bot.zip')).toEqual(['a: one', 'b: two'])
    const common_examples = [
      { text: '😀 到 深圳', intent: 'go', entities: [{ start: 4, end: 6, entity: 'city', value: 'x' }] },
    ]
    expect(await rowsOf(utf8(JSON.stringify({ rasa_nlu_data: { common_examples } })), 'nlu.json')).toEqual([
      'go: 😀 到 深圳 [深圳=city]',
    ])
  })

  test('faults are named: YAML that breaks off with its line, a file of stories, one that was made to do harm', async () => {
    await expect(readRecords(utf8('nlu:\n- intent: a\n  examples: "x\n'), 'a.yml')).rejects.toEqual(code('data-yaml'))
    await expect(readRecords(utf8('stories:\n- story: a\n'), 'stories.yml')).rejects.toEqual(code('data-no-nlu'))
    for (const bomb of [
      `nlu:\n${'['.repeat(1_000_000)}`,
      `nlu:\n${'- '.repeat(1_000_000)}`,
      `nlu: ${'{a: '.repeat(2_000)}`,
    ])
      await expect(readRecords(utf8(bomb), 'a.yml')).rejects.toEqual(code('data-yaml'))
  })

  test('aliases are not followed, so none can grow, and __proto__ is a key like another', async () => {
    const bomb = `nlu:
- intent: a
  examples: &a
  - ${'ha '.repeat(100)}
- intent: b
  examples: &b [*a, *a, *a, *a]
- intent: c
  examples: [*b, *b, *b, *b]
- __proto__: {polluted: 1}
  intent: d
  examples: |
    - kept
`
    const { records, broken } = await readRecords(utf8(bomb), 'nlu.yml')
    expect(records).toHaveLength(2)
    expect(broken).toHaveLength(8)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('agents of Dialogflow', () => {
  test('ES: phrases become rows of their intents by language, annotated words entities; the rest is counted', async () => {
    const phrases = [
      {
        id: '1',
        isTemplate: false,
        data: [
          { text: '寄到', userDefined: false },
          { text: '北京', alias: 'to-city', meta: '@sys.geo-city', userDefined: true },
        ],
      },
      { id: '2', isTemplate: true, data: [{ text: '@sys.geo-city:city' }] },
      { id: '3', data: 'broken' },
    ]
    const zip = makeZip({
      'agent.json': '{}',
      'intents/发货 - 下单.json': '{"name": "发货 - 下单"}',
      'intents/发货 - 下单_usersays_zh-cn.json': JSON.stringify(phrases),
      'intents/Fallback.json': '{"name": "Fallback", "fallbackIntent": true}',
      'intents/Fallback_usersays_en.json': '[{"data": [{"text": "nonsense"}]}]',
      'intents/../../evil_usersays_en.json': '[{"data": [{"text": "outside"}]}]',
      'entities/city_entries_en.json': '[]',
    })
    const read = await readRecords(zip, 'agent.zip')
    expect(read).toMatchObject({ format: 'dialogflow-es', columns: ['text', 'intent', 'language'] })
    expect(withEntities(read, 'text').records).toEqual([
      {
        line: 1,
        values: { text: '寄到北京', intent: '发货 - 下单', language: 'zh-cn' },
        entities: [{ start: 2, end: 4, type: 'to-city' }],
      },
    ])
    expect(read.broken).toMatchObject([{ reason: 'not-an-example' }])
    expect(read.contents?.leftOut).toEqual([
      { what: 'templates', count: 1 },
      { what: 'fallbacks', count: 1 },
      { what: 'entity-lists', count: 1 },
    ])
  })

  const trainingPhrases = [
    {
      id: 'x',
      parts: [{ text: 'ship to ' }, { text: 'Berlin', parameterId: 'city' }],
      repeatCount: 1,
      languageCode: 'en',
    },
  ]
  test('CX: as a zip of its folders, and as one JSON file', async () => {
    const zip = makeZip({
      'agent.json': '{}',
      'intents/ship.it/ship.it.json': '{"name": "1", "displayName": "Ship it!", "numTrainingPhrases": 1}',
      'intents/ship.it/trainingPhrases/en.json': JSON.stringify({ trainingPhrases }),
      'intents/negative/negative.json': '{"displayName": "Default Negative Intent", "isFallback": true}',
      'intents/negative/trainingPhrases/en.json': '{"trainingPhrases": [{"parts": [{"text": "no"}]}]}',
      'entityTypes/city/entities/en.json': '{}',
    })
    expect(await rowsOf(zip, 'exported_agent.zip')).toEqual(['Ship it!: ship to Berlin [Berlin=city]'])
    expect((await readRecords(zip, 'a.zip')).contents?.leftOut).toEqual([
      { what: 'fallbacks', count: 1 },
      { what: 'entity-lists', count: 1 },
    ])
    const json = JSON.stringify({ intents: [{ displayName: 'Ship it!', trainingPhrases }, { displayName: 'none' }] })
    expect(await rowsOf(utf8(json), 'intents.json')).toEqual(['Ship it!: ship to Berlin [Berlin=city]'])
  })
})

describe('a data set of the Hugging Face hub', () => {
  const parquet = (columns: Parameters<typeof parquetWriteBuffer>[0]['columnData'], features?: object) =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: columns,
        ...(features ? { kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }] } : {}),
      }),
    )
  const banking = () =>
    parquet([
      { name: 'text', data: ['我的卡丢了', '怎么换汇'] },
      { name: 'label', data: [1n, 0n], type: 'INT64' },
    ])
  const card = `---
license: mit
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': 换汇
          '1': 挂失
---
# Banking
`
  test('ids of classes become their names, by the card beside the tables; splits are told apart and can be chosen', async () => {
    const zip = makeZip({
      'banking/README.md': card,
      'banking/data/train-00000-of-00001.parquet': banking(),
      'banking/data/test.csv': 'text,label\n卡找不到了,1\n没有意思,-1\n',
    })
    const read = await readRecords(zip, 'banking.zip')
    expect(read).toMatchObject({ format: 'hugging-face', part: null, guess: { text: 'text', label: 'label' } })
    expect(read.parts?.map(({ name }) => name)).toEqual(['train', 'test'])
    expect(read.records.map(({ values }) => Object.values(values).join('|'))).toEqual([
      '我的卡丢了|挂失|train',
      '怎么换汇|换汇|train',
      '卡找不到了|挂失|test',
      '没有意思||test',
    ])
    expect(read.contents).toEqual({
      found: [
        { what: 'splits', count: 2 },
        { what: 'named-labels', count: 1 },
      ],
      leftOut: [{ what: 'other-files', count: 1 }],
    })
    expect((await readRecords(zip, 'banking.zip', { part: 'test' })).records).toHaveLength(2)
    await expect(readRecords(zip, 'banking.zip', { part: 'dev' })).rejects.toEqual(code('data-part'))
  })

  test('names are known from dataset_infos.json and from the Parquet file itself', async () => {
    const features = { label: { names: ['fx', 'lost'], _type: 'ClassLabel' } }
    const infos = JSON.stringify({ default: { features } })
    const zip = makeZip({
      'dataset_infos.json': infos,
      'train.jsonl': '{"text":"a","label":1}\n{"text":"b","label":0}\n',
    })
    expect((await readRecords(zip, 'a.zip')).records.map(({ values }) => values.label)).toEqual(['lost', 'fx'])
    const alone = parquet(
      [
        { name: 'text', data: ['a'] },
        { name: 'label', data: [1n], type: 'INT64' },
      ],
      features,
    )
    const read = await readRecords(alone, 'train.parquet')
    expect(read).toMatchObject({ format: 'parquet', encoding: null })
    expect(read.records[0]?.values).toEqual({ text: 'a', label: 'lost' })
  })

  test('tokens with tags become a text with its entities', async () => {
    const features = {
      ner_tags: { feature: { names: ['O', 'B-city', 'I-city'], _type: 'ClassLabel' }, _type: 'Sequence' },
    }
    const table = parquet(
      [
        {
          name: 'tokens',
          data: [
            ['去', '北', '京'],
            ['to', 'New', 'York'],
          ],
          type: 'JSON',
        },
        {
          name: 'ner_tags',
          data: [
            [0, 1, 2],
            [0, 1, 2],
          ],
          type: 'JSON',
        },
      ],
      features,
    )
    expect(await rowsOf(table, 'ner.parquet')).toEqual([
      'undefined: 去北京 [北京=city]',
      'undefined: to New York [New York=city]',
    ])
  })

  test('a Parquet file that is damaged or claims rows without end is refused', async () => {
    const whole = Buffer.from(banking())
    await expect(readRecords(Buffer.concat([whole.subarray(0, 40), whole.subarray(-8)]), 'a.parquet')).rejects.toEqual(
      code('data-parquet'),
    )
    await expect(readRecords(makeZip({ 'train.parquet': whole.subarray(0, 60) }), 'a.zip')).rejects.toEqual(
      code('data-parquet'),
    )
  })

  test('a card that cannot be read, aliases without end included, names nothing and costs nothing', async () => {
    const bomb = '---\na: &a [x, x]\nb: &b [*a, *a]\ndataset_info: [*b, *b]\n---\n'
    const zip = makeZip({ 'README.md': bomb, 'train.csv': 'text,label\nhello,1\n' })
    expect((await readRecords(zip, 'a.zip')).records[0]?.values).toEqual({ text: 'hello', label: '1' })
  })
})

describe('dirty bytes', () => {
  test('a GB18030 file with one damaged row keeps the rest and sets that row apart', async () => {
    const { default: iconv } = await import('iconv-lite')
    const lines = ['问题,意图', '我的快递到哪了,物流', '怎么退货,退货', '发票怎么开,发票']
    const bytes = Buffer.concat(lines.map((line) => iconv.encode(`${line}\n`, 'gb18030')))
    const hurt = Buffer.from(bytes)
    // The second byte of 退 is gone from the third line.
    hurt[bytes.indexOf(iconv.encode('退货,退货', 'gb18030')) + 1] = 0x2c
    const read = await readRecords(hurt, '导出.csv')
    expect(read.encoding).toBe('GB18030')
    expect(read.records.map(({ values }) => values.问题)).toEqual(['我的快递到哪了', '发票怎么开'])
    expect(read.broken).toMatchObject([{ line: 3 }])
  })

  test.each([
    ['Big5', 'big5', '問題,意圖\n我的訂單什麼時候會到,查物流\n可以退貨嗎,退貨\n'],
    ['GB18030', 'gb18030', '问题,意图\n我的订单什么时候会到,查物流\n可以退货吗,退货\n'],
    [
      'Windows-1252',
      'win1252',
      'question,sujet\nOù est mon colis ? Il devait être là,livraison\nJe préfère être remboursé,remboursement\n',
    ],
    ['UTF-16 LE', 'utf16le', '问题,意图\n我的订单什么时候会到,查物流\n可以退货吗,退货\n'],
    ['UTF-16 BE', 'utf16be', '问题,意图\n我的订单什么时候会到,查物流\n可以退货吗,退货\n'],
  ])('%s without any mark is found out', async (encoding, name, text) => {
    const { default: iconv } = await import('iconv-lite')
    const read = await readRecords(iconv.encode(text, name, { addBOM: false }), 'export.csv')
    expect(read.encoding).toBe(encoding)
    expect(read.records[0]?.values[read.columns[0] ?? '']).toBe(text.split('\n')[1]?.split(',')[0])
  })

  test('10,000 columns are refused with a remedy instead of being shown', async () => {
    const wide = Array.from({ length: 10_000 }, (_, i) => `c${i}`)
    await expect(readRecords(utf8(`${wide.join(',')}\n${wide.join(',')}\n`), 'a.csv')).rejects.toEqual(
      code('data-wide'),
    )
    const item = Object.fromEntries(wide.map((column) => [column, 'x']))
    await expect(readRecords(utf8(JSON.stringify([item])), 'a.json')).rejects.toEqual(code('data-wide'))
  })
})
