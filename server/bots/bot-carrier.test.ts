import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentHash } from '#runtime/graph/hash.ts'
import type { BotSummary, DraftView, RowsPage, SetSummary } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import { bots, drafts } from '#server/db/schema/bots.ts'
import { files, setRows, sets } from '#server/db/schema/sets.ts'
import { registry } from '#server/services.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'
import { createBotCarrier } from './bot-carrier.ts'
import type { BotFile } from './bot-file.ts'

let database: OpenDatabase
let studio: Studio
let shop = ''
let file: BotFile
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database, { compute: noCompute })
  const made = await studio.call<BotSummary>('POST', '/api/bots', { name: '小舟商城', template: 'e-commerce' })
  shop = made.body.id
  file = (await studio.call<BotFile>('GET', `/api/bots/${shop}/export`)).body
})
afterAll(async () => {
  await studio.close()
  await database.close()
})

async function importFile(
  content: unknown,
): Promise<{ status: number; body: BotSummary & { code: string; remedy: string } }> {
  const form = new FormData()
  form.set('file', new Blob([typeof content === 'string' ? content : JSON.stringify(content)]), 'shop.botloom.json')
  const response = await studio.app.request(
    new Request('http://127.0.0.1:4600/api/bots/import', {
      method: 'POST',
      headers: {
        cookie: studio.cookie,
        origin: 'http://127.0.0.1:4600',
        host: '127.0.0.1:4600',
        'x-botloom-csrf': studio.csrf,
      },
      body: form,
    }),
  )
  return { status: response.status, body: await response.json() }
}
const draftOf = async (bot: string) => (await studio.call<DraftView>('GET', `/api/bots/${bot}/draft`)).body
const setsOf = async (bot: string) => (await studio.call<SetSummary[]>('GET', `/api/bots/${bot}/sets`)).body
const counts = async () => {
  const lengths: number[] = []
  for (const table of [bots, drafts, sets, setRows, files])
    lengths.push((await database.db.select().from(table)).length)
  return lengths
}

test('a bot that goes out and comes in is the same bot: content, rows, labels and their order', async () => {
  const { status, body } = await importFile(file)
  expect(status).toBe(201)
  expect(body.name).toBe('小舟商城')
  expect(body.id).not.toBe(shop)
  const [was, is] = [await setsOf(shop), await setsOf(body.id)]
  expect(is.length).toBeGreaterThan(0)
  expect(is.map(({ name, rows, revision, labels }) => ({ name, rows, revision, labels }))).toEqual(
    was.map(({ name, rows, revision, labels }) => ({ name, rows, revision, labels })),
  )
  // All that must differ: the bot's id and the ids of its sets.
  const back = is.reduce(
    (text, set, index) => text.replaceAll(set.id, was[index]!.id),
    JSON.stringify({ ...(await draftOf(body.id)).document, id: shop }),
  )
  expect(contentHash(JSON.parse(back))).toBe((await draftOf(shop)).contentHash)
  const page = async (set: string) =>
    (await studio.call<RowsPage>('GET', `/api/sets/${set}/rows?offset=0&limit=100`)).body.rows.map(
      ({ id: _, ...row }) => row,
    )
  for (const [index, set] of is.entries()) expect(await page(set.id)).toEqual(await page(was[index]!.id))
  expect((await draftOf(body.id)).problems).toEqual((await draftOf(shop)).problems)
})

test('a row that is to be learned from stays one on the way out and in', async () => {
  const rowsOf = async (set: string) =>
    (await studio.call<RowsPage>('GET', `/api/sets/${set}/rows?offset=0&limit=100`)).body.rows
  const made = await studio.call<BotSummary>('POST', '/api/bots', { name: 'Pinned', template: 'e-commerce' })
  const [set] = await setsOf(made.body.id)
  const [pinned] = await rowsOf(set!.id)
  const change = { rows: [pinned!.id], change: { split: 'train' } }
  expect((await studio.call('POST', `/api/sets/${set!.id}/rows/change`, change)).status).toBe(200)
  const { status, body } = await importFile(
    (await studio.call<BotFile>('GET', `/api/bots/${made.body.id}/export`)).body,
  )
  expect(status).toBe(201)
  const [back] = await setsOf(body.id)
  expect((await rowsOf(back!.id)).filter(({ split }) => split === 'train').map(({ text }) => text)).toEqual([
    pinned!.text,
  ])
  expect(back!.revision).toBe((await setsOf(made.body.id))[0]!.revision)
})

test('an upload that a block names travels with it', async () => {
  const upload = await studio.upload('train.csv', Buffer.from('text,label\nhello,greeting\nbye,farewell\n'))
  const bot = (await studio.call<BotSummary>('POST', '/api/bots', { name: 'Files', template: null })).body.id
  const config = { train: upload.body.file }
  const node = { id: 'data', type: 'data-source', version: 1, dialog: 'main', config }
  const diff = { id: 'diff_files1', added: { 'nodes/data': node }, removed: {}, updated: {} }
  expect((await studio.call('POST', `/api/bots/${bot}/draft/diffs`, { base: 1, diffs: [diff] })).status).toBe(200)
  const out = (await studio.call<BotFile>('GET', `/api/bots/${bot}/export`)).body
  const { body } = await importFile(out)
  const train = (await draftOf(body.id)).document.nodes.data?.config.train
  expect(train).toMatch(/^file_/)
  expect(train).not.toBe(upload.body.file)
  const preview = await studio.call<{ rows: number; name: string }>('GET', `/api/files/${train}`)
  expect(preview.body).toMatchObject({ rows: 2, name: 'train.csv' })
})

test('neither secrets nor what belongs to this installation are in the file', () => {
  expect(Object.keys(file).sort()).toEqual(['botloom', 'document', 'files', 'format', 'name', 'sets', 'template'])
  expect(JSON.stringify(file)).not.toContain('wsp_')
})

const [someNode] = ['n_stranger']
const withNode = (change: object) => ({
  ...file,
  document: {
    ...file.document,
    nodes: {
      ...file.document.nodes,
      [someNode]: { id: someNode, type: 'say', version: 1, dialog: 'main', config: {}, ...change },
    },
  },
})

test.each<[string, () => unknown, string]>([
  ['what is no JSON', () => 'PK\u0003\u0004', 'bot-file-unreadable'],
  ['JSON of something else', () => ({ hello: 'world' }), 'bot-file-unreadable'],
  ['a list', () => [file], 'bot-file-unreadable'],
  ['a file of a newer Botloom', () => ({ ...file, format: 2 }), 'bot-file-newer'],
  ['a document of a newer format', () => ({ ...file, document: { ...file.document, format: 99 } }), 'graph-newer'],
  ['a field that nobody knows', () => ({ ...file, secrets: {} }), 'bot-file-invalid'],
  [
    'a __proto__ anywhere',
    () => JSON.stringify(file).replace('"positions":{', '"positions":{"__proto__":{"x":1},'),
    'bot-file-invalid',
  ],
  ['a block that nobody knows', () => withNode({ type: 'mine-bitcoin' }), 'unknown-block'],
  ['a block of a newer version', () => withNode({ version: 99 }), 'newer-block'],
  ['a block under a foreign id', () => withNode({ id: 'other' }), 'graph-invalid'],
  [
    'a block that names a path',
    () => withNode({ type: 'fine-tune', config: { encoder: '../../etc/passwd' } }),
    'path-refused',
  ],
  [
    'a row with a label that is not there',
    () => ({ ...file, sets: [{ ...file.sets[0], rows: [{ text: 'x', label: 'lbl_none' }] }] }),
    'bot-file-invalid',
  ],
  [
    'two labels of one name',
    () => ({
      ...file,
      sets: [
        {
          ...file.sets[0],
          labels: [
            { id: 'lbl_a', name: 'A' },
            { id: 'lbl_b', name: 'A' },
          ],
          rows: [],
        },
      ],
    }),
    'bot-file-invalid',
  ],
  [
    'a row longer than any',
    () => ({ ...file, sets: [{ ...file.sets[0], rows: [{ text: 'x'.repeat(10_001) }] }] }),
    'bot-file-invalid',
  ],
])('%s is refused with what to do, and nothing is left behind', async (_, content, code) => {
  const before = await counts()
  const { status, body } = await importFile(content())
  expect(body.code).toBe(code)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(body.remedy).not.toBe('')
  expect(await counts()).toEqual(before)
})

test('what the database cannot keep is left out of texts before anything is checked', async () => {
  const labels = [
    { id: 'lbl_a', name: 'A' },
    { id: 'lbl_b', name: 'A\u0000' },
  ]
  expect((await importFile({ ...file, sets: [{ ...file.sets[0], labels, rows: [] }] })).body.code).toBe(
    'bot-file-invalid',
  )
  const row = { text: 'a\u0000b', group: 'g\u0000' }
  const { status, body } = await importFile({ ...file, sets: [{ ...file.sets[0], labels: [], rows: [row] }] })
  expect(status).toBe(201)
  const [set] = await setsOf(body.id)
  const { rows } = (await studio.call<RowsPage>('GET', `/api/sets/${set!.id}/rows?offset=0&limit=9`)).body
  expect(rows).toMatchObject([{ text: 'ab', group: 'g' }])
})

test('a part that fails half way takes everything back', async () => {
  const before = await counts()
  const { services } = studio
  let written = 0
  const carrier = createBotCarrier({
    ...services,
    registry,
    sets: {
      ...services.sets,
      async importWhole(...given) {
        if (written++ > 0) throw new Error('the disk is gone')
        return services.sets.importWhole(...given)
      },
    },
  })
  const [set] = file.sets
  const content = { id: 'file_0', name: 'a.csv', content: 'YQ==' }
  const twice = { ...file, sets: [set!, { ...set!, id: 'set_other' }], files: [content] }
  await expect(carrier.fromFile(mainWorkspace, twice)).rejects.toThrow('the disk is gone')
  expect(written).toBe(2)
  expect(await counts()).toEqual(before)
})
