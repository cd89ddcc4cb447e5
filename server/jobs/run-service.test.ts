import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { BotloomError, type DatasetRow } from '#kit'
import { definitions } from '#nodes/registry.gen.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { bots } from '#server/db/schema/bots.ts'
import { createEventLog } from '#server/realtime/event-log.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import type { Compute } from './compute.ts'
import { createQueue } from './queue.ts'
import { createRunService, type RunService } from './run-service.ts'

const log = pino({ level: 'silent' })

const rows: DatasetRow[] = Array.from({ length: 40 }, (_, i) => ({
  id: `row_${i}`,
  text: `question ${i} about ${i % 2 ? 'refunds' : 'delivery'}`,
  label: i % 2 ? 'lbl_a' : 'lbl_b',
}))
const labels = [
  { id: 'lbl_a', name: 'refund' },
  { id: 'lbl_b', name: 'delivery' },
]

/** Data, then a split; both are light blocks, which the server's own process runs. */
const graph: GraphDocument = {
  ...emptyDocument('bot_1'),
  nodes: {
    data: { id: 'data', type: 'data-source', version: 1, dialog: 'main', config: { set: 'set_1' } },
    split: { id: 'split', type: 'split', version: 1, dialog: 'main', config: {} },
  },
  edges: { e: { id: 'e', from: { node: 'data', port: 'data' }, to: { node: 'split', port: 'data' } } },
}
const withSeed = (seed: number): GraphDocument => ({
  ...graph,
  nodes: { ...graph.nodes, split: { ...graph.nodes.split!, config: { seed } } },
})

interface House {
  runs: RunService
  database: OpenDatabase
  /** `far` stands for the compute process of a preprocess block; all others run in the server's own. */
  state: {
    far: Compute['runJob']
    revision: string
    fail: BotloomError | null
    reads: number
    hold: Promise<void> | null
  }
  /** As SIGTERM does it. */
  stop(): Promise<void>
  /** Another process over the same database. */
  again(): Promise<RunService>
}
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function house(open: () => Promise<OpenDatabase>): Promise<House> {
  const database = await open()
  const folder = await mkdtemp(join(tmpdir(), 'botloom-runs-'))
  const opened: { stop(): Promise<void> }[] = []
  const events = await createEventLog(database)
  const artifacts = createArtifactFolder(join(folder, 'artifacts'))
  const state: House['state'] = { revision: 'r1', fail: null, reads: 0, hold: null, far: noCompute.runJob }
  await database.db.insert(bots).values(await botRow())
  const make = async () => {
    const queue = await createQueue(database, log)
    const service = await createRunService({
      database,
      queue,
      events,
      compute: {
        ...noCompute,
        runJob: (...given) => state.far(...given),
        warm: () => Promise.reject(new Error('nothing is warmed here')),
      },
      folders: {
        artifacts: join(folder, 'artifacts'),
        cache: join(folder, 'cache'),
        models: join(folder, 'models'),
        allowPaths: false,
      },
      registry: {
        nodes: Object.fromEntries(
          Object.entries(definitions).map(([type, node]) => [
            type,
            { ...node, runsOn: type === 'preprocess' ? 'worker' : node.family === 'pipeline' ? 'server' : node.runsOn },
          ]),
        ),
      },
      records: () => ({
        set: async () => {
          state.reads++
          await state.hold
          if (state.fail) throw state.fail
          return { rows, labels }
        },
        file: () => Promise.reject(new Error('no files here')),
        upload: () => Promise.reject(new Error('no files here')),
      }),
      contentOf: async () => state.revision,
      difference: async () => ({ added: 3, removed: 0, changed: 1, renamed: [{ from: 'refund', to: 'refunds' }] }),
      artifactExists: async (hash) =>
        artifacts.open(hash).then(
          () => true,
          () => false,
        ),
      openArtifact: (hash) => artifacts.open(hash),
      writeArtifact: (fill) => artifacts.write(fill),
      carriesOut: (workspace) => workspace === 'ws',
      clock: { now: () => new Date() },
      log,
    })
    opened.push(service, queue)
    return service
  }
  const runs = await make()
  const stop = async () => {
    for (const part of opened.splice(0)) await part.stop()
  }
  cleanups.push(async () => {
    await stop()
    await events.close()
    await database.close()
    await rm(folder, { recursive: true, force: true })
  })
  return { runs, database, state, stop, again: make }
}

async function botRow() {
  const now = new Date()
  return {
    id: 'bot_1',
    workspaceId: 'ws',
    slug: 'b',
    name: 'B',
    createdAt: now,
    updatedAt: now,
  } as typeof bots.$inferInsert
}

const begin = (runs: RunService, document: GraphDocument) =>
  runs.start({ workspace: 'ws', bot: 'bot_1', document, revision: 1 })

describeOnEachDatabase('runs', (open) => {
  test('a run ends done, its blocks have results, and a second one reuses all of them', async () => {
    const { runs, state } = await house(open)
    await runs.work()
    const first = await runs.ended('ws', (await begin(runs, graph)).id)
    expect(first).toMatchObject({ status: 'done', failure: null })
    expect(first.nodes.map((node) => [node.node, node.status])).toEqual([
      ['data', 'done'],
      ['split', 'done'],
    ])
    const second = await runs.ended('ws', (await begin(runs, graph)).id)
    expect(second.nodes.map((node) => node.status)).toEqual(['reused', 'reused'])
    expect(state.reads).toBe(1)
  })

  test('an edit runs its block again and nothing before it; new rows run everything, and the reason is told', async () => {
    const { runs, state } = await house(open)
    await runs.work()
    await runs.ended('ws', (await begin(runs, graph)).id)
    const edited = await runs.states('ws', 'bot_1', withSeed(7))
    expect(edited.map((at) => at.stale)).toEqual([
      null,
      [{ kind: 'field', field: 'seed', from: expect.anything(), to: 7 }],
    ])
    const run = await runs.ended('ws', (await begin(runs, withSeed(7))).id)
    expect(run.nodes.map((node) => node.status)).toEqual(['reused', 'done'])
    state.revision = 'r2'
    const rows = { kind: 'rows', field: 'set', added: 3, removed: 0, changed: 1 }
    expect((await runs.states('ws', 'bot_1', withSeed(7))).map((at) => at.stale)).toEqual([
      [rows, { kind: 'labels', field: 'set', renamed: [{ from: 'refund', to: 'refunds' }] }],
      [{ kind: 'upstream', node: 'data', cause: rows }],
    ])
  })

  test('a setting that cannot be read concerns its block alone, and nothing before it counts as never run', async () => {
    const { runs } = await house(open)
    await runs.work()
    await runs.ended('ws', (await begin(runs, graph)).id)
    const broken: GraphDocument = {
      ...graph,
      nodes: { ...graph.nodes, split: { ...graph.nodes.split!, config: { seed: 'nine' } } },
    }
    expect((await runs.states('ws', 'bot_1', broken)).map((at) => at.stale)).toEqual([null, [{ kind: 'unreadable' }]])
  })

  test('a block that fails ends the run as failed, with the block and its remedy named', async () => {
    const { runs, state } = await house(open)
    await runs.work()
    state.fail = new BotloomError('data-no-labels')
    const run = await runs.ended('ws', (await begin(runs, graph)).id)
    expect(run).toMatchObject({ status: 'failed', failure: { node: 'data', code: 'data-no-labels' } })
    expect(run.failure?.remedy).not.toBe('')
    expect(run.nodes.map((node) => node.status)).toEqual(['failed', 'cancelled'])
  })

  test('a failure that may pass is tried again, three times at most', async () => {
    const { runs, state } = await house(open)
    await runs.work()
    state.fail = new BotloomError('classifier-unavailable')
    const run = await runs.ended('ws', (await begin(runs, graph)).id)
    expect(run.status).toBe('failed')
    expect(state.reads).toBe(3)
  })

  test('a stopped run ends cancelled, and a late result changes nothing', async () => {
    const { runs, state } = await house(open)
    await runs.work()
    let release = (): void => {}
    state.hold = new Promise((resolve) => {
      release = resolve
    })
    const { id } = await begin(runs, graph)
    await vi.waitFor(() => expect(state.reads).toBe(1), { timeout: 20_000 })
    expect((await runs.cancel('ws', id)).status).toBe('cancelled')
    release()
    expect((await runs.ended('ws', id)).nodes.map((node) => node.status)).toEqual(['cancelled', 'cancelled'])
  })

  test('a block that is asked to end with what it has hears of it wherever it runs, and the run goes on', async () => {
    const { runs, state } = await house(open)
    await runs.work()
    const far: GraphDocument = {
      ...graph,
      nodes: { ...graph.nodes, clean: { id: 'clean', type: 'preprocess', version: 1, dialog: 'main', config: {} } },
      edges: {
        a: { id: 'a', from: { node: 'data', port: 'data' }, to: { node: 'clean', port: 'data' } },
        b: { id: 'b', from: { node: 'clean', port: 'data' }, to: { node: 'split', port: 'data' } },
      },
    }
    const begun = new Promise<void>((resolve) => {
      state.far = (job, told, { finish }) => {
        told.progress({ phase: 'training', share: 0.1, keepable: true })
        resolve()
        return new Promise((settle) => finish.addEventListener('abort', () => settle({ outputs: job.inputs })))
      }
    })
    const { id } = await begin(runs, far)
    await begun
    const asked = await runs.finish('ws', id)
    expect(asked.nodes.map(({ finishing }) => finishing)).toEqual([false, true, false])
    const ended = await runs.ended('ws', id)
    expect(ended.nodes.map(({ status }) => status)).toEqual(['done', 'done', 'done'])
  })

  test('a bot has one run at a time', async () => {
    const { runs } = await house(open)
    await begin(runs, graph)
    await expect(begin(runs, graph)).rejects.toMatchObject({ code: 'run-in-progress' })
  })

  test('a run that a dead server left in the midst is taken over and ends', async () => {
    const { runs, database, again } = await house(open)
    const { id } = await begin(runs, graph)
    // The dead server's job is gone with it, as after a crash between taking and doing it.
    await database.query(`delete from pgboss.job`)
    await database.query(`update runs set beat_at = now() - interval '1 hour'`)
    const second = await again()
    expect(await second.work()).toBe(1)
    expect((await second.ended('ws', id)).status).toBe('done')
  })

  test('a server that is stopped in the midst of a run leaves it to the next one, which ends it', async () => {
    const { runs, database, state, stop, again } = await house(open)
    await runs.work()
    let abort = (_: Error): void => {}
    state.hold = new Promise((_, reject) => {
      abort = reject
    })
    const { id } = await begin(runs, graph)
    await vi.waitFor(() => expect(state.reads).toBe(1), { timeout: 20_000 })
    const stopped = stop()
    // What a runner says when its signal is aborted.
    abort(new BotloomError('run-cancelled'))
    await stopped
    expect(await runs.get('ws', id)).toMatchObject({ status: 'running', failure: null })
    state.hold = null
    await database.query(`update runs set beat_at = now() - interval '1 hour'`)
    const second = await again()
    expect(await second.work()).toBe(1)
    expect((await second.ended('ws', id)).nodes.map((node) => node.status)).toEqual(['done', 'done'])
  })

  test('a run that this process may not carry out is left alone', async () => {
    const { runs, database, again } = await house(open)
    const { id } = await begin(runs, graph)
    await database.query(`update runs set workspace_id = 'ws_cli', beat_at = now() - interval '1 hour'`)
    const second = await again()
    expect(await second.work()).toBe(0)
    const [row] = await database.query<{ owner: string }>('select owner from runs where id = $1', [id])
    await second.work()
    expect(await database.query('select owner from runs where id = $1', [id])).toEqual([row])
  })

  test('work that must not meet a run waits for its blocks, and blocks that come meanwhile wait for it', async () => {
    const { runs, state } = await house(open)
    await runs.work()
    let release = (): void => {}
    state.hold = new Promise((resolve) => {
      release = resolve
    })
    const { id } = await begin(runs, graph)
    await vi.waitFor(() => expect(state.reads).toBe(1), { timeout: 20_000 })
    const order: string[] = []
    let finish = (): void => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    runs.whenIdle(async () => {
      order.push('sweep')
      await finished
      order.push('swept')
    })
    expect(order).toEqual([])
    release()
    await vi.waitFor(() => expect(order).toEqual(['sweep']), { timeout: 20_000 })
    // The next block is in the queue by now, and nothing of it may begin.
    expect((await runs.get('ws', id)).nodes.map(({ status }) => status)).toEqual(['done', 'queued'])
    finish()
    expect((await runs.ended('ws', id)).status).toBe('done')
    expect(order).toEqual(['sweep', 'swept'])
  })

  test('another workspace sees nothing of it', async () => {
    const { runs } = await house(open)
    const { id } = await begin(runs, graph)
    await expect(runs.get('other', id)).rejects.toMatchObject({ code: 'not-found' })
    expect(await runs.list('other', 'bot_1')).toEqual([])
  })
})
