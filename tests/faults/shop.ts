import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { DraftView, ImportAnswer, RecordsPreview, RowsPage, RunView, SetSummary } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import type { Compute } from '#server/jobs/compute.ts'
import { additionOf, graphOf } from '../drivers/chat.ts'
import { embeddedDatabase } from '../drivers/database.ts'
import { noCompute } from '../drivers/no-compute.ts'
import { openStudio, type Studio } from '../drivers/studio.ts'

const questions = [
  ...['refund please', 'my money back', 'I want a refund', 'return it'].map((text) => `${text},refund`),
  ...['where is it', 'track my parcel', 'has it shipped', '我的快递到哪了'].map((text) => `${text},track`),
]

/** A studio with one bot in it that has records, a draft that ran, and a published version: what bad input must not hurt. */
export interface Shop {
  studio: Studio
  database: OpenDatabase
  bot: string
  set: string
  /** A further bot with these blocks and wires as its draft. */
  newBot(...graph: Parameters<typeof graphOf>): Promise<string>
  newSet(bot: string, csv: string): Promise<string>
  push(
    bot: string,
    diff: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>
  draft(bot: string): Promise<DraftView>
  /** Starts a run and waits until it has ended, whatever way. */
  run(bot: string): Promise<RunView>
  /** All that a person would miss: rows, draft, runs, versions, uploads. */
  everything(): Promise<unknown>
  /** Takes further records, runs, and talks: as a shop that nothing has happened to. */
  expectUsable(): Promise<void>
  close(): Promise<void>
}

export async function openShop(
  options: { compute?: Compute | 'real'; env?: Record<string, string> } = {},
): Promise<Shop> {
  const database = await embeddedDatabase()
  const compute = options.compute === 'real' ? undefined : (options.compute ?? noCompute)
  const studio = await openStudio(database, { compute, env: options.env })
  await studio.services.runs.work()
  let count = 0

  const draft = async (bot: string) => (await studio.call<DraftView>('GET', `/api/bots/${bot}/draft`)).body
  const push: Shop['push'] = async (bot, diff, headers) => {
    const id = `fault_${String(++count).padStart(6, '0')}`
    const { revision } = await draft(bot)
    const diffs = [{ id, added: {}, removed: {}, updated: {}, ...diff }]
    return studio.call('POST', `/api/bots/${bot}/draft/diffs`, { base: revision ?? 1, diffs }, headers)
  }
  const newBot: Shop['newBot'] = async (blocks, wires, part) => {
    const bot = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body.id
    const added = additionOf(graphOf(blocks, wires, part))
    expect((await push(bot, { added })).status).toBe(200)
    return bot
  }
  const importCsv = async (set: string, csv: string): Promise<ImportAnswer> => {
    const { body: preview } = await studio.call<RecordsPreview>('POST', '/api/files/paste', { text: csv })
    const request = { file: preview.file, textColumn: 'text', labelColumn: 'label', label: null }
    const answer = await studio.call<ImportAnswer>('POST', `/api/sets/${set}/import`, request)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body
  }
  const newSet: Shop['newSet'] = async (bot, csv) => {
    const set = (await studio.call<SetSummary>('POST', `/api/bots/${bot}/sets`, { name: 'Questions' })).body.id
    await importCsv(set, csv)
    return set
  }
  const run: Shop['run'] = async (bot) => {
    const started = await studio.call<RunView>('POST', `/api/bots/${bot}/runs`, {})
    expect(started.status, JSON.stringify(started.body)).toBe(201)
    return studio.services.runs.ended(mainWorkspace, started.body.id)
  }

  const bot = await newBot(
    {
      data: { type: 'data-source' },
      split: { type: 'split' },
      start: { type: 'start' },
      hello: { type: 'say', config: { text: { en: 'hello', 'zh-CN': '你好' } } },
      bye: { type: 'end' },
    },
    ['data/data -> split/data', 'start -> hello', 'hello -> bye'],
  )
  const set = await newSet(bot, `text,label\n${questions.join('\n')}\n`)
  await push(bot, { updated: { 'nodes/data': { '/config/set': ['', set] } } })
  expect((await run(bot)).status).toBe('done')
  expect((await studio.call('POST', `/api/bots/${bot}/publish`, { note: '' })).status).toBe(201)

  return {
    studio,
    database,
    bot,
    set,
    newBot,
    newSet,
    push,
    draft,
    run,
    async everything() {
      const get = async (path: string) => {
        const { status, body } = await studio.call('GET', path)
        expect(status, JSON.stringify(body)).toBe(200)
        return body
      }
      return {
        rows: await get(`/api/sets/${set}/rows?limit=500`),
        set: await get(`/api/sets/${set}`),
        draft: await get(`/api/bots/${bot}/draft`),
        runs: await get(`/api/bots/${bot}/runs`),
        versions: await get(`/api/bots/${bot}/versions`),
        stored: await database.query('select document, revision from drafts where bot_id = $1', [bot]),
        uploads: await database.query('select id, name, bytes, hash from files order by id'),
        files: await digests(join(studio.services.config.dataFolder, 'files')),
      }
    },
    async expectUsable() {
      const before = (await studio.call<RowsPage>('GET', `/api/sets/${set}/rows`)).body.total
      const text = `one more question number ${++count}`
      expect(await importCsv(set, `text,label\n${text},refund\n`)).toMatchObject({ added: 1 })
      expect((await studio.call<RowsPage>('GET', `/api/sets/${set}/rows`)).body.total).toBe(before + 1)
      expect(await run(bot)).toMatchObject({ status: 'done', failure: null })
      const chat = await studio.call<{ messages: { text: string }[] }>('POST', `/api/bots/${bot}/tries`, {
        language: 'en',
      })
      expect(chat.body.messages.map((message) => message.text)).toEqual(['hello'])
    },
    async close() {
      await studio.close()
      await database.close()
    },
  }
}

async function digests(folder: string): Promise<[string, string][]> {
  const names = (await readdir(folder).catch(() => [])).sort()
  const of = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex')
  return Promise.all(names.map(async (name): Promise<[string, string]> => [name, await of(name)]))
}
