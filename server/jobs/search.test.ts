import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type DatasetRow, modelRef, type Progress, type RunNote } from '#kit'
import { definitions } from '#nodes/registry.gen.ts'
import { isTrial } from '#runtime/compiler/pipeline-vocabulary.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import { createReportReader } from '#server/bots/report-reader.ts'
import { createSetStore } from '#server/data/set-store.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { createEventLog } from '#server/realtime/event-log.ts'
import { addBot, embeddedDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { type Compute, createCompute } from './compute.ts'
import { createQueue } from './queue.ts'
import { createRunService, type RunService } from './run-service.ts'

/** Process ids of training processes, newest last. */
const pids: number[] = []
const log = pino(
  { base: null },
  {
    write(line: string) {
      const { pid, msg } = JSON.parse(line) as { pid?: number; msg: string }
      if (pid && msg === 'training process started') pids.push(pid)
    },
  },
)
const topics = { refund: 'money back please', parcel: 'where is the parcel', login: 'cannot sign in' }
const labels = Object.keys(topics).map((name) => ({ id: `lbl_${name}`, name }))
const rows: DatasetRow[] = Object.entries(topics).flatMap(([name, text]) =>
  Array.from({ length: 20 }, (_, i) => ({ id: `${name}_${i}`, text: `${text} ${i}`, label: `lbl_${name}` })),
)
const node = (id: string, type: string, config = {}) => ({ id, type, version: 1, dialog: 'main', config })
const wire = (from: string, port: string, to: string, into: string) => ({
  id: `${from}-${to}-${into}`,
  from: { node: from, port },
  to: { node: to, port: into },
})
/** Data, a split and a search over a tiny encoder; an examination of what was found. */
function graph(config: Record<string, unknown> = {}): GraphDocument {
  const wires = [
    wire('data', 'data', 'split', 'data'),
    wire('split', 'train', 'tune', 'train'),
    wire('split', 'validation', 'tune', 'validation'),
    wire('split', 'test', 'exam', 'test'),
    wire('tune', 'model', 'exam', 'model'),
  ]
  return {
    ...emptyDocument('bot_1'),
    nodes: {
      data: node('data', 'data-source', { set: 'set_1' }),
      split: node('split', 'split', { validation: 20 }),
      tune: node('tune', 'fine-tune', { encoder: 'bert', method: 'search', batchSize: 16, ...config }),
      exam: node('exam', 'evaluate'),
    },
    edges: Object.fromEntries(wires.map((edge) => [edge.id, edge])),
  }
}

let folder: string
let database: OpenDatabase
const opened: { stop(): Promise<void> }[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-search-'))
  await writeTinyEncoders(join(folder, 'models'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  database = await embeddedDatabase()
  await addBot(database, 'ws', 'bot_1')
})
afterEach(async () => {
  await stop()
  await database.close()
})
const stop = async (): Promise<void> => {
  for (const part of opened.splice(0)) await part.stop()
}

const artifacts = () => createArtifactFolder(join(folder, 'artifacts'))

/** A server over the database of the test. Without `compute` blocks run in this very process. */
async function open(compute?: Compute): Promise<RunService> {
  const queue = await createQueue(database, log)
  const events = await createEventLog(database)
  const service = await createRunService({
    database,
    queue,
    events,
    compute: compute ?? noCompute,
    folders: {
      artifacts: join(folder, 'artifacts'),
      cache: join(folder, 'cache'),
      models: join(folder, 'models'),
      allowPaths: false,
    },
    registry: {
      nodes: Object.fromEntries(
        Object.entries(definitions).map(([type, given]) => [
          type,
          { ...given, runsOn: given.runsOn === 'worker' && !compute ? 'server' : given.runsOn },
        ]),
      ),
    },
    records: () => ({
      set: async () => ({ rows, labels }),
      file: () => Promise.reject(new Error('no files here')),
      upload: () => Promise.reject(new Error('no files here')),
    }),
    contentOf: async () => 'r1',
    difference: async () => null,
    artifactExists: (hash) =>
      artifacts()
        .open(hash)
        .then(
          () => true,
          () => false,
        ),
    openArtifact: (hash) => artifacts().open(hash),
    writeArtifact: (fill) => artifacts().write(fill),
    carriesOut: () => true,
    clock: { now: () => new Date() },
    log,
  })
  opened.push(service, queue, { stop: () => events.close() })
  return service
}

const begin = (runs: RunService, document: GraphDocument) =>
  runs.start({ workspace: 'ws', bot: 'bot_1', document, revision: 1 })

/** What the run knows of its trials, in their order. */
async function trials(run: string) {
  const [row] = await database.query<{ snapshot: { context: { progress: Record<string, Trial> } } }>(
    'select snapshot from runs where id = $1',
    [run],
  )
  return Object.entries(row!.snapshot.context.progress)
    .filter(([key]) => isTrial(key))
    .map(([key, at]) => ({ ...at, key }))
    .sort((a, b) => a.trial.number - b.trial.number)
}
interface Trial {
  status: string
  attempt: number
  outputs: unknown
  trial: { number: number }
}

const someEnded = (run: string) =>
  vi.waitFor(async () => expect((await trials(run)).some((at) => at.status === 'done')).toBe(true), {
    timeout: 100_000,
    interval: 20,
  })

/** Five methods, of few rows a label; two rates and two numbers of rounds. */
const tried = 9

test('a search goes on after its server is killed, repeats no trial that had ended, and its best model is the block’s', async () => {
  const first = await open()
  await first.work()
  const { id } = await begin(first, graph())
  await someEnded(id)
  await stop()
  const before = (await trials(id)).filter((at) => at.status === 'done')
  // A dead server's jobs are gone with it.
  await database.query('delete from pgboss.job')

  const runs = await open()
  const told: Progress[] = []
  const notes: RunNote[] = []
  expect(await runs.work()).toBe(1)
  const run = await runs.ended('ws', id, {
    progress: (at, now) => at === 'tune' && told.push(now),
    noted: (_, note) => notes.push(note),
  })
  // Planned anew by the second server: said once, and by no trial.
  expect(notes.filter(({ code }) => code === 'computing-on').length).toBeLessThanOrEqual(1)
  expect(run).toMatchObject({ status: 'done', failure: null })
  const all = await trials(id)
  expect(all.map((at) => at.status)).toEqual(Array(tried).fill('done'))
  for (const { key } of before) expect(all.find((at) => at.key === key)).toMatchObject({ attempt: 1 })

  const tune = (await runs.states('ws', 'bot_1', graph())).find((state) => state.node === 'tune')
  const model = modelRef.parse(tune?.outputs?.model)
  const table = model.trials!
  expect(table.map((row) => row.method)).toEqual(expect.arrayContaining(['head', 'full', 'setfit', 'lora', 'partial']))
  expect(table.length).toBe(tried)
  expect(table.filter((row) => row.chosen)).toHaveLength(1)
  // No other trial has a lead over the chosen one that chance would not explain.
  const chosen = table.find((row) => row.chosen)!
  const top = Math.max(...table.map((row) => row.heldOut!.accuracy))
  expect(chosen.heldOut!.accuracy).toBeGreaterThanOrEqual(top - Math.sqrt((top * (1 - top)) / chosen.heldOut!.rows))
  expect(model).toMatchObject({ method: chosen.method, validationAccuracy: chosen.heldOut!.accuracy })
  expect(new Set(table.map((row) => row.heldOut!.rows))).toEqual(new Set([12]))

  const report = createReportReader({
    db: database.db,
    artifacts: artifacts(),
    sets: createSetStore({ db: database.db }),
  })
  expect(await report.read('ws', 'bot_1', id)).toMatchObject({ model: { trials: table } })
  expect(run.nodes.find((at) => at.node === 'tune')!.seconds).toBeGreaterThan(
    table.reduce((sum, row) => sum + row.seconds, 0) - 0.001,
  )
  expect(told.map((now) => now.trial)).toContain(tried)
  expect(told.every((now) => now.share >= 0 && now.share <= 1)).toBe(true)
  // What the other trials left is nobody's any more.
  expect(all.map((at) => at.outputs)).toEqual(Array(tried).fill(null))
  expect(await database.query(`select 1 from node_results where node like '%#%'`)).toEqual([])
}, 120_000)

test('a search that is asked to end with what it has keeps the best of the trials that ended', async () => {
  const runs = await open()
  await runs.work()
  const { id } = await begin(runs, graph())
  await someEnded(id)
  await runs.finish('ws', id)
  const run = await runs.ended('ws', id)
  expect(run).toMatchObject({ status: 'done', failure: null })
  const tune = (await runs.states('ws', 'bot_1', graph())).find((state) => state.node === 'tune')
  const model = modelRef.parse(tune?.outputs?.model)
  const table = model.trials!
  // The first round at most: nothing further was planned.
  expect(table.length).toBeLessThanOrEqual(5)
  expect(table.every((row) => row.learningRate === null || row.learningRate === 0.0001)).toBe(true)
  const ended = table.filter((row) => row.heldOut)
  expect(ended.length).toBeGreaterThan(0)
  const chosen = table.find((row) => row.chosen)!
  const top = Math.max(...ended.map((row) => row.heldOut!.accuracy))
  expect(chosen.heldOut!.accuracy).toBeGreaterThanOrEqual(top - Math.sqrt((top * (1 - top)) / chosen.heldOut!.rows))
  expect(model.method).toBe(chosen.method)
}, 120_000)

test('a search that was stopped stops all of its trials, and the next run takes what had ended as it is', async () => {
  const runs = await open()
  await runs.work()
  const { id } = await begin(runs, graph())
  await someEnded(id)
  expect((await runs.cancel('ws', id)).status).toBe('cancelled')
  const stopped = await trials(id)
  expect(new Set(stopped.map((at) => at.status))).toEqual(new Set(['done', 'cancelled']))
  const ended = stopped.filter((at) => at.status === 'done').map((at) => at.key)
  const again = await begin(runs, graph())
  await vi.waitFor(async () => expect(await trials(again.id)).not.toEqual([]), { timeout: 100_000, interval: 20 })
  const reused = (await trials(again.id)).filter((at) => at.status === 'reused')
  expect(reused.map((at) => at.key)).toEqual(ended)
  await runs.cancel('ws', again.id)
}, 120_000)

test.skipIf(process.platform === 'win32')(
  'kill -9 of a trial’s process: the trial is tried again, and with less time the first is the only one',
  async () => {
    const compute = createCompute({
      folders: {
        artifacts: join(folder, 'artifacts'),
        cache: join(folder, 'cache'),
        models: join(folder, 'models'),
        allowPaths: false,
      },
      log,
    })
    opened.push(compute)
    let killed = false
    const runs = await open({
      ...compute,
      runJob: (job, told, signal) =>
        compute.runJob(
          job,
          {
            ...told,
            progress(now) {
              told.progress(now)
              if (!isTrial(job.id) || killed) return
              killed = true
              process.kill(pids.at(-1)!, 'SIGKILL')
            },
          },
          signal,
        ),
    })
    await runs.work()
    const { id } = await begin(runs, graph({ minutes: 0.1 }))
    expect(await runs.ended('ws', id)).toMatchObject({ status: 'done' })
    expect(await trials(id)).toMatchObject([{ key: 'tune#head', attempt: 2, status: 'done' }])
  },
  120_000,
)
