import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportAnswer, RecordsPreview, RowsPage } from '#server/api/dto.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { makeWorkbook } from '../../tests/drivers/make-workbook.ts'
import { makeZip } from '../../tests/drivers/make-zip.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

describeOnEachDatabase('files of other tools through the API', (open) => {
  let studio: Studio
  let database: Awaited<ReturnType<typeof open>>
  let set = ''
  beforeAll(async () => {
    database = await open()
    studio = await openStudio(database, { compute: noCompute })
    const bot = await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Import', template: null })
    set = (await studio.call<{ id: string }>('POST', `/api/bots/${bot.body.id}/sets`, { name: 'Set' })).body.id
  })
  afterAll(async () => {
    await studio.close()
    await database.close()
  })

  const look = async (name: string, bytes: Uint8Array) =>
    (await studio.upload(name, bytes)).body as unknown as RecordsPreview
  const importAll = async ({ file, guess }: RecordsPreview, more: object = {}) =>
    studio.call<ImportAnswer>('POST', `/api/sets/${set}/import`, {
      file,
      textColumn: guess.text,
      labelColumn: guess.label,
      label: null,
      ...more,
    })
  const rowsOf = async (search: string) =>
    (await studio.call<RowsPage>('GET', `/api/sets/${set}/rows?search=${encodeURIComponent(search)}`)).body.rows
  const workbook = makeWorkbook([
    {
      name: 'first',
      rows: [
        ['问题', '意图'],
        ['第一张', '甲'],
      ],
    },
    {
      name: 'second',
      rows: [
        ['问题', '意图'],
        ['第二张', '乙'],
        ['第二张的另一行', '乙'],
      ],
    },
  ])

  test('the sheet that a person chose in the preview is the one that is imported', async () => {
    const preview = await look('表.xlsx', workbook)
    expect(preview).toMatchObject({ format: 'xlsx', encoding: null, part: 'first', rows: 1 })
    const chosen = await studio.call<RecordsPreview>('GET', `/api/files/${preview.file}?part=second`)
    expect(chosen.body).toMatchObject({ part: 'second', rows: 2, constant: ['意图'] })
    expect((await importAll(preview, { part: 'second' })).body).toMatchObject({ added: 2, broken: 0 })
    expect(await rowsOf('第一张')).toEqual([])
    expect(await rowsOf('另一行')).toMatchObject([{ text: '第二张的另一行', labelName: '乙' }])
    expect((await importAll(preview, { part: 'third' })).body).toMatchObject({ code: 'data-part' })
  })

  test('entities that another tool marked are the spans of the rows, and languages come along', async () => {
    const rasa = 'nlu:\n- intent: fly\n  examples: |\n    - off to [Berlin](city) please\n'
    await importAll(await look('nlu.yml', new TextEncoder().encode(rasa)))
    expect(await rowsOf('Berlin')).toMatchObject([
      { labelName: 'fly', entities: [{ start: 7, end: 13, type: 'city' }] },
    ])
    const phrases = [{ parts: [{ text: 'nach ' }, { text: 'Köln', parameterId: 'to' }] }]
    const agent = makeZip({
      'intents/fly/fly.json': '{"displayName": "fly"}',
      'intents/fly/trainingPhrases/de.json': JSON.stringify({ trainingPhrases: phrases }),
    })
    await importAll(await look('agent.zip', agent))
    expect(await rowsOf('Köln')).toMatchObject([
      { labelName: 'fly', language: 'de', entities: [{ start: 5, end: 9, type: 'to' }] },
    ])
  })

  test('what is refused or breaks off on its way leaves no file and no row', async () => {
    const folder = join(studio.services.config.dataFolder, 'files')
    const before = await readdir(folder)
    const old = await studio.upload('旧.xls', Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(600)}`, 'hex'))
    expect(old.body).toMatchObject({ code: 'data-old-excel', remedy: expect.stringContaining('.xlsx') })
    const own = { cookie: studio.cookie, 'x-botloom-csrf': studio.csrf, origin: 'http://127.0.0.1:4600' }
    const torn = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\ntext,label\nhello,'
    const headers = { ...own, 'content-type': 'multipart/form-data; boundary=x' }
    expect((await studio.bare('POST', '/api/files', headers, torn)).status).toBe(400)
    expect(await readdir(folder)).toEqual(before)
  })
})
