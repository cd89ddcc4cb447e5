import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '#kit'
import { definitions } from '#nodes/registry.gen.ts'
import { runJob } from '#runtime/worker/job.ts'
import type { BotSummary, RowsPage } from '#server/api/dto.ts'
import { createRecordAccess } from '#server/data/record-access.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import { openShop, type Shop } from './shop.ts'
import { refusedByApi } from './told.ts'

/** Graphs that this Botloom cannot or must not run, through the studio's API: what is said, and that nobody's work is hurt. */
let shop: Shop
let before: unknown
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(async () => {
  before = await shop.everything()
})

const pushed = (bot: string, diff: object) => (headers: Record<string, string>) => shop.push(bot, diff, headers)
const asked =
  (method: string, path: string, body?: object) =>
  (headers: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }> =>
    shop.studio.call(method, path, body, headers)
const starts = (bot: string) => asked('POST', `/api/bots/${bot}/runs`, {})
/** What no door of the API lets in, but what an older or a newer program may have left in the database. */
async function plant(bot: string, change: (document: Record<string, unknown>) => void): Promise<string> {
  const [row] = await shop.database.query<{ document: string }>('select document from drafts where bot_id = $1', [bot])
  const document = JSON.parse(row?.document ?? '')
  change(document)
  const text = JSON.stringify(document)
  await shop.database.query('update drafts set document = $1 where bot_id = $2', [text, bot])
  return row?.document ?? ''
}

describe('a graph from a newer Botloom', () => {
  test('is not taken as an edit', async () => {
    const diff = { updated: { bot: { '/format': [1, 99] } } }
    expect((await refusedByApi('graph-newer', pushed(shop.bot, diff))).params).toEqual({ format: 99, known: 1 })
    expect(await shop.everything()).toEqual(before)
  })

  test('that is stored already is shown to nobody and changed by nobody, while everything else goes on', async () => {
    const old = await plant(shop.bot, (document) => {
      document.format = 99
      document.fromTheFuture = { kept: true }
    })
    const stored = () => shop.database.query('select * from drafts where bot_id = $1', [shop.bot])
    const planted = await stored()
    const api = `/api/bots/${shop.bot}`
    const named = { id: 'late_one', added: {}, removed: {}, updated: { 'nodes/hello': { '/name': [null, 'x'] } } }
    try {
      await refusedByApi('graph-newer', asked('GET', `${api}/draft`))
      await refusedByApi('graph-newer', starts(shop.bot))
      await refusedByApi('graph-newer', asked('POST', `${api}/publish`, { note: '' }))
      await refusedByApi('graph-newer', asked('POST', `${api}/tries`, { language: 'en' }))
      await refusedByApi('graph-newer', asked('POST', `${api}/draft/diffs`, { base: 1, diffs: [named] }))
      expect(await stored()).toEqual(planted)

      const bots = await shop.studio.call<BotSummary[]>('GET', '/api/bots')
      expect(bots.body).toContainEqual(expect.objectContaining({ id: shop.bot, published: expect.anything() }))
      const { conversations } = shop.studio.services
      const visit = { workspace: mainWorkspace, bot: shop.bot, pin: { version: 1 }, language: 'en' }
      expect((await conversations.start(visit)).messages).toMatchObject([{ text: 'hello' }])
      const { rows } = (await shop.studio.call<RowsPage>('GET', `/api/sets/${shop.set}/rows`)).body
      const row = `/api/sets/${shop.set}/rows/${rows[0]?.id}`
      expect((await shop.studio.call('PATCH', row, { label: 'parcels' })).body).toMatchObject({ labelName: 'parcels' })
    } finally {
      await shop.database.query('update drafts set document = $1 where bot_id = $2', [old, shop.bot])
    }
    expect(await shop.everything()).toMatchObject({ runs: (before as { runs: unknown }).runs })
    await shop.expectUsable()
  })

  test('a block of it is kept as it is and named when it shall run', async () => {
    const bot = await shop.newBot({ data: { type: 'data-source' } }, [])
    await shop.push(bot, { updated: { 'nodes/data': { '/version': [1, 9] } } })
    expect((await refusedByApi('newer-block', starts(bot))).params).toEqual({ type: 'data-source', version: 9 })
    expect((await shop.draft(bot)).document.nodes.data?.version).toBe(9)
  })
})

describe('a Learn half that cannot run', () => {
  const round = { id: 'round', from: { node: 'b', port: 'data' }, to: { node: 'a', port: 'data' } }

  test('because it runs in a circle: its blocks are named, the draft is kept, and without the wire it runs', async () => {
    const bot = await shop.newBot(
      { data: { type: 'data-source' }, a: { type: 'preprocess' }, b: { type: 'preprocess' }, split: { type: 'split' } },
      ['a/data -> b/data', 'b/data -> split/data'],
    )
    expect((await shop.push(bot, { added: { 'edges/round': round } })).status).toBe(200)
    expect((await refusedByApi('pipeline-cycle', starts(bot))).params).toEqual({ blocks: 'a, b' })
    const draft = await shop.draft(bot)
    expect(draft.document.edges.round).toEqual(round)
    expect(draft.problems.filter(({ code }) => code === 'pipeline-cycle').map(({ node }) => node)).toEqual(['a', 'b'])
    const wire = { id: 'in', from: { node: 'data', port: 'data' }, to: { node: 'a', port: 'data' } }
    await shop.push(bot, {
      added: { 'edges/in': wire },
      removed: { 'edges/round': round },
      updated: { 'nodes/data': { '/config/set': ['', shop.set] } },
    })
    expect(await shop.run(bot)).toMatchObject({ status: 'done' })
    expect(await shop.everything()).toEqual(before)
  })

  test('because its encoder is not there: its name is told, and with another name the refusal is over', async () => {
    const bot = await shop.newBot(
      { data: { type: 'data-source', config: { set: shop.set } }, learn: { type: 'fine-tune' } },
      ['data/data -> learn/train'],
    )
    const encoder = (from: string, to: string) => ({ updated: { 'nodes/learn': { '/config/encoder': [from, to] } } })
    expect((await shop.push(bot, encoder('botloom-zh-en', 'no-such-encoder'))).status).toBe(200)
    expect((await refusedByApi('unknown-encoder', starts(bot))).params).toEqual({ encoder: 'no-such-encoder' })
    expect((await shop.studio.call('GET', `/api/bots/${bot}/runs`)).body).toEqual([])
    await shop.push(bot, encoder('no-such-encoder', 'botloom-zh-en'))
    expect((await shop.studio.call('POST', `/api/bots/${bot}/runs`, {})).status).toBe(201)
    expect(await shop.everything()).toEqual(before)
  })

  test.each<[string, object, ErrorCode]>([
    ['an input has no wire', { learn: { type: 'fine-tune' } }, 'graph-has-problems'],
    ['there are no records', { data: { type: 'data-source' } }, 'graph-has-problems'],
    ['a setting is out of its range', { split: { type: 'split' } }, 'invalid-config'],
    ['there is nothing in it', { start: { type: 'start' } }, 'nothing-to-run'],
  ])('because %s: the first fault is told in words, not by its key', async (_, blocks, code) => {
    const bot = await shop.newBot(blocks as Parameters<Shop['newBot']>[0], [])
    if (code === 'invalid-config') await shop.push(bot, { updated: { 'nodes/split': { '/config/test': [20, 99] } } })
    const { message } = await refusedByApi(code, starts(bot))
    expect(message).not.toMatch(/\w+\.problem\.|input-missing|no-records/)
    expect(await shop.everything()).toEqual(before)
  })
})

/** That an edit may not bring a path into a field that takes one is covered field by field in server/api/api.test.ts. */
describe('a path where a file, a set or an encoder belongs', () => {
  const paths = ['/etc/passwd', '../../etc/passwd']

  test.each(paths)('is refused at every door that takes a document, a diff or a name (%s)', async (path) => {
    const bot = await shop.newBot({ note: { type: 'say', config: { text: { en: 'x' } } } }, [])
    const block = (config: object) => ({ id: 'd', type: 'data-source', version: 1, dialog: 'main', config })
    await refusedByApi('path-refused', pushed(bot, { added: { 'nodes/d': block({ validation: path }) } }))
    // A block of another type keeps what it does not know; becoming a data block, it would know it.
    const { d: _, ...sly } = { d: 0, ...block({ train: path, text: {} }), id: 's', type: 'say' }
    await shop.push(bot, { added: { 'nodes/s': sly } })
    await refusedByApi('path-refused', pushed(bot, { updated: { 'nodes/s': { '/type': ['say', 'data-source'] } } }))
    await refusedByApi('file-missing', asked('GET', `/api/files/${encodeURIComponent(path)}`))
    const request = { file: path, textColumn: 'text', labelColumn: null, label: 'x' }
    await refusedByApi('file-missing', asked('POST', `/api/sets/${shop.set}/import`, request))
    await refusedByApi('not-found', asked('POST', '/api/bots', { name: 'x', template: path }))
    const nodes = (await shop.draft(bot)).document.nodes
    expect(Object.keys(nodes).sort()).toEqual(['note', 's'])
    expect(nodes.s?.type).toBe('say')
    expect(await shop.everything()).toEqual(before)
  })

  test('one bad diff of several takes none of them in', async () => {
    const { revision } = await shop.draft(shop.bot)
    const diff = (id: string, field: string, to: string) => ({
      id,
      added: {},
      removed: {},
      updated: { [`nodes/${field}`]: { '/config/train': ['', to] } },
    })
    const named = { id: 'sly_name', added: {}, removed: {}, updated: { 'nodes/hello': { '/name': [null, 'Hi'] } } }
    const body = { base: revision, diffs: [named, diff('sly_path', 'data', '/etc/passwd')] }
    await refusedByApi('path-refused', asked('POST', `/api/bots/${shop.bot}/draft/diffs`, body))
    expect(await shop.everything()).toEqual(before)
  })

  test.each([
    ['train', '/etc/passwd', 'file-missing'],
    ['train', '../../../../etc/passwd', 'file-missing'],
    ['encoder', '/etc', 'encoder-path-refused'],
    ['encoder', '../../runtime/language/builtin/botloom-zh-en', 'encoder-path-refused'],
  ] as const)(
    'that got into a stored graph all the same (%s %s) is not followed by a run',
    async (field, path, code) => {
      const bot = await shop.newBot(
        {
          data: { type: 'data-source', config: { set: shop.set } },
          learn: { type: 'fine-tune' },
          start: { type: 'start' },
          bye: { type: 'end' },
        },
        ['data/data -> learn/train', 'start -> bye'],
      )
      await plant(bot, (document) => {
        const { data, learn } = document.nodes as Record<string, { config: Record<string, unknown> }>
        if (field === 'encoder') learn!.config.encoder = path
        else Object.assign(data!.config, { set: '', train: path })
      })
      await refusedByApi(code, starts(bot))
      const keep = { note: '', keepOldModel: true }
      expect((await shop.studio.call('POST', `/api/bots/${bot}/publish`, keep)).status).toBe(201)
      expect(JSON.stringify(await shop.draft(bot))).not.toContain('root:')
      const artifacts = join(shop.studio.services.config.dataFolder, 'artifacts')
      expect((await readdir(artifacts, { recursive: true })).join()).not.toContain('passwd')
      expect(await shop.everything()).toEqual(before)
    },
  )

  test.each(paths)('is not followed by the runner either, which knows nothing of who asks (%s)', async (path) => {
    const { config, sets, files } = shop.studio.services
    const folders = { artifacts: '', cache: '', models: config.modelsFolder, allowPaths: false }
    const { signal } = new AbortController()
    const around = { folders, threads: 1, signal, finish: signal, progress: () => {}, note: () => {} }
    const job = {
      block: 'data-source',
      config: definitions['data-source']!.config.parse({ train: path }),
      inputs: {},
      shrink: 0,
      avoid: [],
      trials: [],
      uploads: {},
    }
    const records = createRecordAccess({ sets, files }, mainWorkspace)
    await expect(
      runJob({ ...job, config: job.config as object as Record<string, unknown> }, { ...around, records }),
    ).rejects.toMatchObject({
      code: 'file-missing',
    })
  })
})

test('after all of this the shop takes records, runs and talks as before', async () => {
  await shop.expectUsable()
})
