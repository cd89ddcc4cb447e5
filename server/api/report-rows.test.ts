import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import type {
  DraftView,
  Me,
  ReportChange,
  ReportEdits,
  ReportRowsPage,
  ReportView,
  RowsChange,
  RunView,
  SetSummary,
} from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { learnedBot } from '../../tests/drivers/learned-bot.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

let database: OpenDatabase
let studio: Studio
let bot: string
let first: RunView
let set: SetSummary
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database)
  await studio.services.runs.work()
  await writeTinyEncoders(studio.services.config.modelsFolder)
  const things = ['order', 'parcel', 'refund', 'invoice']
  const asked = ['where is my', 'when comes the', 'I miss the', 'what about the', 'no', 'my', 'please send a', 'the']
  const records = things.flatMap((thing) => asked.map((lead) => ({ text: `${lead} ${thing}`, label: thing })))
  const made = await learnedBot(studio, {
    records,
    columns: { textColumn: 'text', labelColumn: 'label' },
    learn: { encoder: 'bert', method: 'head' },
    deploy: { minAccuracy: 0 },
  })
  expect(made.run).toMatchObject({ status: 'done', failure: null })
  bot = made.bot
  first = made.run
  set = (await read<SetSummary[]>(`/api/bots/${bot}/sets`))[0]!
})
afterAll(async () => {
  await studio.close()
  await database.close()
})

const post = async <T>(path: string, body: unknown) => (await studio.call<T>('POST', path, body)).body
const read = async <T>(path: string) => (await studio.call<T>('GET', path)).body
const at = (run: RunView, what: string) => `/api/bots/${bot}/runs/${run.id}/report${what}`
const label = (name: string) => set.labels.find((one) => one.name === name)!.id
const staleOf = async (node: string) =>
  (await read<DraftView>(`/api/bots/${bot}/draft`)).states.find((state) => state.node === node)?.stale ?? null

test('rows come a page at a time, the surest mistakes first, and each knows its set and its three likeliest labels', async () => {
  const all = await read<ReportRowsPage>(at(first, '/rows?order=hardest'))
  expect(all).toMatchObject({ total: 32 })
  const isRight = (row: ReportRowsPage['rows'][number]) => row.truth === row.predicted
  const wrong = all.rows.filter((row) => !isRight(row))
  expect(all.rows.slice(0, wrong.length)).toEqual(wrong)
  const confidence = all.rows.map((row) => row.probability)
  expect(confidence).toEqual([
    ...confidence.slice(0, wrong.length).sort((a, b) => b - a),
    ...confidence.slice(wrong.length).sort((a, b) => a - b),
  ])
  for (const row of all.rows) {
    expect(row.guesses).toHaveLength(3)
    expect(row.home).toMatchObject({ set: set.id, now: { id: row.id, text: row.text, labelName: row.truthName } })
  }
  const page = await read<ReportRowsPage>(at(first, '/rows?order=hardest&offset=30&limit=5'))
  expect(page).toEqual({ total: 32, rows: all.rows.slice(30) })
  const cell = await read<ReportRowsPage>(at(first, `/rows?truth=${label('order')}`))
  expect(cell.total).toBe(8)
})

test('several rows are changed at once, the report tells which, blocks turn stale, and one step leads back', async () => {
  const { rows } = await read<ReportRowsPage>(at(first, `/rows?truth=${label('order')}&limit=3`))
  const ids = rows.map((row) => row.id)
  expect(await staleOf('data')).toBeNull()
  const relabelled = await post<RowsChange>(`/api/sets/${set.id}/rows/change`, {
    rows: [...ids, 'row_of_nobody'],
    change: { label: 'refund' },
  })
  expect(relabelled).toMatchObject({ before: set.revision, changed: 3 })
  expect(await read<ReportEdits>(at(first, '/edits'))).toEqual({ rows: ids })
  expect(await staleOf('data')).toEqual([{ kind: 'rows', field: 'set', added: 0, removed: 0, changed: 3 }])
  const now = await read<ReportRowsPage>(at(first, `/rows?truth=${label('order')}&limit=3`))
  expect(now.rows.map((row) => row.home?.now?.labelName)).toEqual(['refund', 'refund', 'refund'])

  const removed = await post<RowsChange>(`/api/sets/${set.id}/rows/delete`, { rows: ids.slice(0, 2) })
  expect(removed).toMatchObject({ changed: 2 })
  const pinned = await post<RowsChange>(`/api/sets/${set.id}/rows/change`, {
    rows: ids,
    change: { split: 'train' },
  })
  expect(pinned).toMatchObject({ changed: 1 })
  const gone = await read<ReportRowsPage>(at(first, `/rows?truth=${label('order')}&limit=3`))
  expect(gone.rows.map((row) => row.home?.now ?? null)).toEqual([
    null,
    null,
    expect.objectContaining({ split: 'train', labelName: 'refund' }),
  ])

  const restore = (to: string) => post<RowsChange>(`/api/sets/${set.id}/rows/restore`, { rows: ids, to })
  expect(await restore(removed.before)).toMatchObject({ changed: 3 })
  expect(await restore(relabelled.before)).toMatchObject({ changed: 3 })
  expect(await read<ReportEdits>(at(first, '/edits'))).toEqual({ rows: [] })
  expect((await read<SetSummary[]>(`/api/bots/${bot}/sets`))[0]!.revision).toBe(set.revision)
  expect(await staleOf('data')).toBeNull()
  const unknown = await studio.call('POST', `/api/sets/${set.id}/rows/restore`, { rows: ids, to: 'f'.repeat(64) })
  expect(unknown).toMatchObject({ status: 404, body: { code: 'not-found' } })
})

test('a report says what has changed since the one before it, and the first has nothing to compare with', async () => {
  expect(await read(at(first, '/change'))).toBeNull()
  const { rows } = await read<ReportRowsPage>(at(first, `/rows?truth=${label('order')}&limit=2`))
  const moved = { rows: rows.map((row) => row.id), change: { label: 'complaint' } }
  await post<RowsChange>(`/api/sets/${set.id}/rows/change`, moved)
  const started = await post<RunView>(`/api/bots/${bot}/runs`, {})
  const { workspace } = await read<Me>('/api/me')
  await studio.services.runs.ended(workspace.id, started.id)
  const report = await read<ReportView>(at(started, ''))
  expect(report.lengths.reduce((sum, slice) => sum + slice.rows, 0)).toBe(32)
  const before = await read<ReportView>(at(first, ''))
  const change = await read<ReportChange>(at(started, '/change'))
  expect(change).toMatchObject({
    run: first.id,
    accuracy: before.accuracy,
    shared: { rows: 30 },
    labels: { added: [{ name: 'complaint' }], gone: [] },
  })
  expect(change.chance).toBeGreaterThan(0)
  expect(await read<ReportEdits>(at(started, '/edits'))).toEqual({ rows: [] })
})
