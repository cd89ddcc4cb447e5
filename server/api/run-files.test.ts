import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import type { ComparisonView, DraftView, ReportView, RunView } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { runs } from '#server/db/schema/runs.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { learnedBot } from '../../tests/drivers/learned-bot.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

const topics = { delivery: ['where', 'parcel', 'late'], refund: ['money', 'back', 'paid'], hello: ['hi', 'hey', 'yo'] }
const records = Object.entries(topics).flatMap(([label, words]) =>
  words.flatMap((word) => [word, `${word} ${word}`, `please ${word}`].map((text) => ({ text, label }))),
)
/** A spreadsheet would compute it. */
records.push({ text: '=HYPERLINK("http://evil.example","hi")', label: 'hello' })

let database: OpenDatabase
let studio: Studio
let bot: string
let first: RunView
let second: RunView
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database)
  await studio.services.runs.work()
  await mkdir(studio.services.config.modelsFolder, { recursive: true })
  await writeTinyEncoders(studio.services.config.modelsFolder)
  const learned = await learnedBot(studio, {
    records,
    columns: { textColumn: 'text', labelColumn: 'label' },
    learn: { encoder: 'bert', method: 'full', epochs: 1, batchSize: 8, learningRate: 1e-5 },
    deploy: { minAccuracy: 0 },
  })
  bot = learned.bot
  first = learned.run
  await push({ 'nodes/learn': { '/config/epochs': [1, 12], '/config/learningRate': [1e-5, 3e-3] } })
  second = await run()
}, 240_000)
afterAll(async () => {
  await studio.close()
  await database.close()
})

const read = async <T>(path: string) => (await studio.call<T>('GET', path)).body
async function push(updated: Record<string, Record<string, [unknown, unknown]>>) {
  const { revision } = await read<DraftView>(`/api/bots/${bot}/draft`)
  const diffs = [{ id: `diff_files_${revision}`, added: {}, removed: {}, updated }]
  const { status } = await studio.call('POST', `/api/bots/${bot}/draft/diffs`, { base: revision, diffs })
  expect(status).toBe(200)
}
async function run(): Promise<RunView> {
  const started = (await studio.call<RunView>('POST', `/api/bots/${bot}/runs`, {})).body
  const { workspace } = await read<{ workspace: { id: string } }>('/api/me')
  return studio.services.runs.ended(workspace.id, started.id)
}
const file = (path: string, headers: Record<string, string> = { cookie: studio.cookie }) =>
  studio.bare('GET', `/api/bots/${bot}/runs/${path}`, headers)

describe('the files of a run', () => {
  test('the report is what the block wrote, and is saved rather than shown', async () => {
    const response = await file(`${second.id}/report.json`)
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="report-${second.id}.json"`)
    const report = (await response.json()) as ReportView
    const shown = await read<ReportView>(`/api/bots/${bot}/runs/${second.id}/report`)
    expect(report).toMatchObject({ rows: shown.rows, accuracy: shown.accuracy, labels: shown.labels })
  })

  test('the rows are a table of every test question with what the model said, and no cell is a formula', async () => {
    const text = Buffer.from(await (await file(`${second.id}/rows.csv`)).arrayBuffer()).toString()
    const lines = text.trimEnd().split('\r\n')
    expect(lines[0]).toBe('\uFEFFid,text,pair,truthName,predictedName,probability,right,language')
    expect(lines).toHaveLength(records.length + 1)
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"",""hi"")"`)
    expect(lines.slice(1).every((line) => !line.split(',').some((cell) => /^"?[=+@]/.test(cell)))).toBe(true)
  })

  test('the model is its whole folder as a zip', async () => {
    const response = await file(`${second.id}/model.zip`)
    expect(response.headers.get('content-type')).toBe('application/zip')
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.readUInt32LE(0)).toBe(0x04034b50)
    const index = bytes.subarray(bytes.readUInt32LE(bytes.length - 6)).toString('latin1')
    for (const name of ['model/config.json', 'model/manifest.json', 'model/model.safetensors'])
      expect(index).toContain(name)
    const [row] = await database.db.select().from(runs).where(eq(runs.id, second.id))
    const { artifact } = row!.snapshot.context.progress.learn!.outputs!.model as { artifact: string }
    const folder = join(studio.services.config.dataFolder, 'artifacts', artifact.slice(0, 2), artifact)
    expect(bytes.includes(await readFile(join(folder, 'config.json')))).toBe(true)
  })

  test.each(['report.json', 'rows.csv', 'model.zip'])(
    '%s is not there for strangers, nor by another name',
    async (name) => {
      expect((await file(`${second.id}/${name}`, {})).status).toBe(401)
      expect((await file(`run_of_somebody/${name}`)).status).toBe(404)
      expect((await file(`..%2F..%2F${second.id}/${name}`)).status).toBe(404)
      const other = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Other', template: null })).body.id
      const foreign = await studio.bare('GET', `/api/bots/${other}/runs/${second.id}/${name}`, {
        cookie: studio.cookie,
      })
      expect(foreign.status).toBe(404)
      await database.db.update(runs).set({ workspaceId: 'wsp_other' }).where(eq(runs.id, second.id))
      expect((await file(`${second.id}/${name}`)).status).toBe(404)
      await database.db.update(runs).set({ workspaceId: 'wsp_main' }).where(eq(runs.id, second.id))
      expect((await file(`${second.id}/${name}`)).status).toBe(200)
    },
  )

  test('a run tells what it left, keeps its curve, and names the run whose results it used again', async () => {
    expect(second.files).toEqual({ report: true, model: true })
    const learn = second.nodes.find(({ node }) => node === 'learn')
    expect(learn?.curve.some((point) => point.loss !== null)).toBe(true)
    const data = second.nodes.find(({ node }) => node === 'data')
    expect(data).toMatchObject({ status: 'reused', kept: { run: first.id, startedAt: first.startedAt } })
  })
})

describe('runs side by side', () => {
  const compare = (...ids: string[]) =>
    studio.call<ComparisonView>('GET', `/api/bots/${bot}/comparison?runs=${ids.join(',')}`)

  test('each stands with its report, curve and settings, and the same questions are held against each other', async () => {
    const { status, body } = await compare(first.id, second.id)
    expect(status).toBe(200)
    expect(body.runs.map(({ id }) => id)).toEqual([first.id, second.id])
    const [a, b] = body.runs
    expect(b!.curve.length).toBeGreaterThan(0)
    expect(b!.data).toEqual([{ node: 'data', rows: records.length }])
    const epochs = (of: typeof a) => of!.blocks.find(({ node }) => node === 'learn')!.config.epochs
    expect([epochs(a), epochs(b)]).toEqual([1, 12])
    const [pair] = body.beside
    const { both, onlyFirst, onlySecond, neither, rows } = pair!
    expect(rows).toBe(records.length)
    expect(both + onlyFirst + onlySecond + neither).toBe(rows)
    expect((both + onlyFirst) / rows).toBeCloseTo((a!.report as ReportView).accuracy, 6)
    expect((both + onlySecond) / rows).toBeCloseTo((b!.report as ReportView).accuracy, 6)
    expect(pair!.p).toBeGreaterThan(0)
    expect(pair!.records).toEqual([{ node: 'data', added: 0, removed: 0, changed: 0 }])
  })

  test('fewer than two, more than four, and runs of others are refused', async () => {
    expect((await compare(first.id)).status).toBe(400)
    expect((await compare(first.id, first.id)).status).toBe(400)
    expect((await compare('run_1', 'run_2', 'run_3', 'run_4', 'run_5')).status).toBe(400)
    expect((await compare(first.id, 'run_of_somebody')).status).toBe(404)
    const bare = await studio.bare('GET', `/api/bots/${bot}/comparison?runs=${first.id},${second.id}`)
    expect(bare.status).toBe(401)
  })
})
