import type { Readable } from 'node:stream'
import { and, desc, eq, lt, ne } from 'drizzle-orm'
import type { Logger } from 'pino'
import {
  type AnyNode,
  type ArtifactAccess,
  addToCurve,
  BotloomError,
  type ClassifierRef,
  type CurvePoint,
  classifierRef,
  datasetRef,
  type LabelRef,
  modelRef,
  type Progress,
  type RecordAccess,
  type RunNote,
  type TrialPlan,
} from '#kit'
import { compilePipeline } from '#runtime/compiler/compile-pipeline.ts'
import { blockOf, type KnownTrial, trialKey } from '#runtime/compiler/pipeline-vocabulary.ts'
import type { BlockAnswer, BlockRunner, Clock } from '#runtime/engine/doors.ts'
import { runBlock } from '#runtime/engine/run-block.ts'
import { endedTrialsOf, inputsOf, stepRun } from '#runtime/engine/step.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { parseConfig } from '#runtime/graph/registry.ts'
import {
  type ContentOf,
  type ContentReason,
  contentRefs,
  type Fingerprint,
  pipelineFingerprints,
  staleCauses,
  staleReasons,
  withConfig,
} from '#runtime/graph/staleness.ts'
import { learnNodes } from '#runtime/graph/topology.ts'
import { runJob } from '#runtime/worker/job.ts'
import type { ComputeFolders } from '#runtime/worker/protocol.ts'
import type { NodeState, RunView, StudioEvent } from '#server/api/dto.ts'
import type { SetDifference } from '#server/data/set-store.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { nodeResults, runs } from '#server/db/schema/runs.ts'
import { newId } from '#server/new-id.ts'
import type { EventLog } from '#server/realtime/event-log.ts'
import type { Compute } from './compute.ts'
import { figureOf } from './figure.ts'
import type { BlockJob, Queue } from './queue.ts'
import { runOutputs } from './run-outputs.ts'
import { createRunStore } from './run-store.ts'
import { type KeptOf, type NowOf, toRunView } from './run-view.ts'
import { stageUploads } from './stage-uploads.ts'
import { ofSearch, within } from './trial.ts'
import { zipFolder } from './zip-folder.ts'

export interface RunServiceDeps {
  database: OpenDatabase
  queue: Queue
  events: EventLog
  compute: Compute
  folders: ComputeFolders
  registry: NodeRegistry
  /** Rows behind sets and files, for the blocks that read them. */
  records(workspace: string): RecordAccess
  /** Hash of what a reference leads to now. Throws what is wrong with the reference. */
  contentOf(workspace: string, ref: 'set' | 'file' | 'encoder', value: string): Promise<string>
  /** What came between two contents of a set whose labels were known by these names; null where it is not known. */
  difference(
    workspace: string,
    set: string,
    from: string,
    to: string,
    labels: readonly LabelRef[],
  ): Promise<SetDifference | null>
  artifactExists(hash: string): Promise<boolean>
  /** The folder of an artifact. Throws `artifact-missing`. */
  openArtifact(hash: string): Promise<string>
  /** Writes an artifact, for a compute process to read. */
  writeArtifact: ArtifactAccess['write']
  /** Whose runs this process may carry out: the command line reads paths, the studio must not. */
  carriesOut(workspace: string): boolean
  clock: Clock
  log: Logger
}

export type RunService = Awaited<ReturnType<typeof createRunService>>

/** A server says this often that it still carries out its runs; one that was silent for `lostAfter` loses them. */
const beatEvery = 4_000
const lostAfter = 20_000
/** Points of a curve that are kept with a run. */
const mostPoints = 240

export async function createRunService(deps: RunServiceDeps) {
  const { database, queue, events, compute, registry, clock, log } = deps
  const { db } = database
  const owner = newId('run')
  const store = createRunStore({ db, queue, events, registry, clock })
  const active = new Map<string, AbortController>()
  const lastProgress = new Map<string, Progress>()
  /** How the blocks at work have learned so far. */
  const curves = new Map<string, CurvePoint[]>()
  /** What is told of a trial is told of its block. */
  const progressKey = (run: string, node: string): string => `${run}/${blockOf(node)}`

  /** Throws what is wrong with a setting or with what it leads to, unless `lenient`: then only the blocks that it concerns have none. */
  async function fingerprintsOf(
    workspace: string,
    document: GraphDocument,
    lenient = false,
  ): Promise<Record<string, Fingerprint>> {
    const contents = new Map<string, string>()
    for (const { ref, value } of contentRefs(document, registry)) {
      const key = `${ref} ${value}`
      if (contents.has(key)) continue
      try {
        contents.set(key, await deps.contentOf(workspace, ref, value))
      } catch (error) {
        // A set or a file that is gone: its block shows the problem, and has other content than any result.
        if (!lenient || !(error instanceof BotloomError)) throw error
        contents.set(key, 'gone')
      }
    }
    const contentOf: ContentOf = (ref, value) => contents.get(`${ref} ${value}`) ?? ''
    return pipelineFingerprints(document, registry, contentOf, lenient ? () => {} : undefined)
  }

  async function resultsOf(workspace: string, bot: string) {
    return db
      .select()
      .from(nodeResults)
      .where(and(eq(nodeResults.workspaceId, workspace), eq(nodeResults.botId, bot)))
      .orderBy(desc(nodeResults.at), desc(nodeResults.seq))
  }

  async function start(given: {
    workspace: string
    bot: string
    document: GraphDocument
    revision: number
  }): Promise<RunView> {
    const { workspace, bot, document, revision } = given
    const config = compilePipeline(document, registry)
    const [busy] = await db
      .select({ id: runs.id })
      .from(runs)
      .where(and(eq(runs.workspaceId, workspace), eq(runs.botId, bot), eq(runs.status, 'running')))
    if (busy) throw new BotloomError('run-in-progress')
    const fingerprints = await fingerprintsOf(workspace, document)
    const known: Record<string, Record<string, unknown>> = {}
    for (const result of await resultsOf(workspace, bot))
      if (fingerprints[result.node]?.hash === result.hash && (await isStored(result.outputs)))
        known[result.node] = result.outputs
    const id = newId('run')
    const stepped = stepRun(config, null, { type: 'run.started', known })
    const now = clock.now()
    await db.transaction(async (tx) => {
      await tx.insert(runs).values({
        id,
        workspaceId: workspace,
        botId: bot,
        revision,
        document: canonicalJson(document),
        fingerprints,
        status: stepped.snapshot.value,
        snapshot: stepped.snapshot,
        seq: 1,
        startedAt: now,
        endedAt: stepped.snapshot.value === 'running' ? null : now,
        owner,
        beatAt: now,
      })
      // A result that is used again is the newest again: it says what the block was made of last.
      for (const [node, at] of Object.entries(stepped.snapshot.context.progress))
        if (at.status === 'reused')
          await tx
            .update(nodeResults)
            .set({ at: now })
            .where(
              and(
                eq(nodeResults.workspaceId, workspace),
                eq(nodeResults.botId, bot),
                eq(nodeResults.node, node),
                eq(nodeResults.hash, fingerprints[node]!.hash),
              ),
            )
      await store.begin(tx, id, stepped)
    })
    return get(workspace, id)
  }

  /** A result whose artifact was cleaned away is no result. */
  async function isStored(outputs: Record<string, unknown>): Promise<boolean> {
    for (const value of Object.values(outputs)) {
      const artifact = (value as { artifact?: unknown } | null)?.artifact
      if (typeof artifact !== 'string') continue
      const found = await deps.artifactExists(artifact)
      if (!found) return false
    }
    return true
  }

  /** What waits for a moment without work, and what is done in one now. */
  const waiting: (() => Promise<void>)[] = []
  let apart: Promise<void> | null = null
  let stopped = false

  function workApart(): void {
    if (apart || stopped || active.size > 0) return
    const work = waiting.shift()
    if (!work) return
    apart = work().finally(() => {
      apart = null
      workApart()
    })
  }

  async function carryOut(job: BlockJob): Promise<void> {
    while (apart) await apart
    // Whoever starts next finds the block begun, or not even that, and takes it over.
    if (stopped) return
    const controller = new AbortController()
    const finish = new AbortController()
    const key = `${job.run}/${job.node}`
    active.set(key, controller)
    try {
      const { signal } = controller
      const run: BlockRunner['run'] = (work) => withFinish(work, finish, () => runOne(work))
      await runBlock({ store, runner: { run }, clock }, { ...job, signal, finish: finish.signal })
    } catch (error) {
      log.error({ err: error, job }, 'a block could not be carried out')
      throw error
    } finally {
      active.delete(key)
      lastProgress.delete(progressKey(job.run, job.node))
      curves.delete(progressKey(job.run, job.node))
      devices.delete(job.run)
      workApart()
    }
  }

  /** Whoever is asked to end a block with what it has need not be the server that carries it out: it is told by the run's events. */
  async function withFinish<T>(
    { run, node }: { run: string; node: string },
    finish: AbortController,
    work: () => Promise<T>,
  ): Promise<T> {
    const [row] = await db.select({ bot: runs.botId }).from(runs).where(eq(runs.id, run))
    if (!row) throw new BotloomError('not-found', { what: 'run' })
    const stopHearing = await events.subscribe<StudioEvent>(`bot:${row.bot}`, null, ({ event }) => {
      if (event.type === 'node.finishing' && event.run === run && event.node === blockOf(node)) finish.abort()
    })
    try {
      // An attempt before this one may have been asked.
      if ((await store.snapshot(run))?.context.progress[node]?.finishing) finish.abort()
      return await work()
    } finally {
      stopHearing()
    }
  }

  async function runOne(work: Parameters<BlockRunner['run']>[0]): Promise<BlockAnswer> {
    const { document } = await store.pinned(work.run)
    const [row] = await db.select().from(runs).where(eq(runs.id, work.run))
    const id = blockOf(work.node)
    const node = document.nodes[id]
    const definition: AnyNode | undefined = node && registry.nodes[node.type]
    if (!row || !node || !definition) throw new BotloomError('not-found', { what: 'block' })
    const at = row.snapshot.context.progress
    const trial = at[work.node]?.trial
    const trials = trial ? [] : endedTrialsOf(row.snapshot, id)
    const job = {
      id: `${work.run}:${work.node}`,
      block: node.type,
      config: parseConfig(registry, trial ? { ...node, version: definition.version, config: trial.config } : node),
      inputs: trial?.inputs ?? inputsOf(row.snapshot, id),
      shrink: work.shrink,
      avoid: [...work.avoid],
      trials,
    }
    const search = { before: trial ? trial.number - 1 : trials.length, atMost: at[id]?.atMost ?? 0, trial: !!trial }
    const progress = (now: Progress): void => {
      const shown = search.atMost > 0 ? ofSearch(now, search) : now
      const key = progressKey(work.run, id)
      // Another trial is another training.
      const before = lastProgress.get(key)?.trial === shown.trial ? (curves.get(key) ?? []) : []
      curves.set(key, addToCurve(before, shown, mostPoints))
      lastProgress.set(key, shown)
      if (shown.device !== undefined) tellDevice(work.run, shown.device)
      const told: StudioEvent = { type: 'node.progressed', run: work.run, node: id, progress: shown }
      void events.pass(`bot:${row.botId}`, told)
    }
    // What trials run on was said when they were planned, and stands in their table.
    const note: typeof work.note = (given) => {
      if (!trial || given.code !== 'computing-on') work.note(given)
    }
    const records = deps.records(row.workspaceId)
    const uploads =
      definition.runsOn === 'worker' ? await stageUploads(definition, job.config, records, deps.writeArtifact) : {}
    const answer = await within(trial?.limit ?? null, work, (signals) =>
      definition.runsOn === 'worker'
        ? compute.runJob({ ...job, uploads }, { progress, note }, signals)
        : runJob(
            { ...job, uploads },
            {
              folders: deps.folders,
              threads: 1,
              ...signals,
              progress,
              note,
              records,
            },
          ),
    )
    if ('outputs' in answer) {
      const curve = curves.get(progressKey(work.run, id)) ?? []
      return trial || curve.length === 0 ? answer : { ...answer, curve }
    }
    return { ...answer, known: await knownTrials(row, id, answer.plan) }
  }

  /** What runs that did not come to their end left of these trials. */
  async function knownTrials(
    { workspaceId, botId, fingerprints }: typeof runs.$inferSelect,
    node: string,
    plan: TrialPlan,
  ): Promise<Record<string, KnownTrial>> {
    const own = fingerprints[node]
    const known: Record<string, KnownTrial> = {}
    if (!own) return known
    const results = await resultsOf(workspaceId, botId)
    for (const { id, config } of plan.trials) {
      const { hash } = withConfig(own, config)
      const found = results.find((result) => result.node === trialKey(node, id) && result.hash === hash)
      if (found && (await isStored(found.outputs))) known[id] = { outputs: found.outputs, seconds: found.seconds }
    }
    return known
  }

  /** The device of a run is that of its newest training; each is written once. */
  const devices = new Map<string, string>()
  function tellDevice(run: string, device: string): void {
    if (devices.get(run) === device) return
    devices.set(run, device)
    db.update(runs)
      .set({ device })
      .where(eq(runs.id, run))
      .catch((error) => log.warn({ err: error, run }, "a run's device"))
  }

  async function cancel(workspace: string, run: string): Promise<RunView> {
    await get(workspace, run)
    await store.step(run, { type: 'run.cancelled' })
    for (const [key, controller] of active) if (key.startsWith(`${run}/`)) controller.abort()
    return get(workspace, run)
  }

  /** Ends the blocks at work with what they have; the run goes on behind them. */
  async function finish(workspace: string, run: string): Promise<RunView> {
    await get(workspace, run)
    await store.step(run, { type: 'run.finish-asked' })
    return get(workspace, run)
  }

  const now =
    (run: string): NowOf =>
    (node) => ({
      progress: lastProgress.get(progressKey(run, node)) ?? null,
      curve: curves.get(progressKey(run, node)) ?? [],
    })

  /** Which run made the result that a fingerprint of a block stands for. */
  async function keptOf(workspace: string, bot: string): Promise<KeptOf> {
    const made = await db
      .select({ node: nodeResults.node, hash: nodeResults.hash, run: nodeResults.runId, startedAt: runs.startedAt })
      .from(nodeResults)
      .innerJoin(runs, and(eq(runs.id, nodeResults.runId), eq(runs.workspaceId, workspace)))
      .where(and(eq(nodeResults.workspaceId, workspace), eq(nodeResults.botId, bot)))
    const found = new Map(made.map(({ node, hash, run, startedAt }) => [`${node} ${hash}`, { run, startedAt }]))
    return (node, hash) => found.get(`${node} ${hash}`) ?? null
  }

  async function get(workspace: string, run: string): Promise<RunView> {
    const [row] = await db
      .select()
      .from(runs)
      .where(and(eq(runs.workspaceId, workspace), eq(runs.id, run)))
    if (!row) throw new BotloomError('not-found', { what: 'run' })
    return toRunView(row, now(run), await keptOf(workspace, row.botId), 'whole')
  }

  async function list(workspace: string, bot: string): Promise<RunView[]> {
    const rows = await db
      .select()
      .from(runs)
      .where(and(eq(runs.workspaceId, workspace), eq(runs.botId, bot)))
      .orderBy(desc(runs.startedAt))
      .limit(50)
    const kept = await keptOf(workspace, bot)
    return rows.map((row) => toRunView(row, now(row.id), kept, 'going'))
  }

  /** The model that a run trained or used again, as a zip of its folder. Throws `not-found` where it has none. */
  async function modelZip(workspace: string, run: string): Promise<Readable> {
    const [row] = await db
      .select({ snapshot: runs.snapshot })
      .from(runs)
      .where(and(eq(runs.workspaceId, workspace), eq(runs.id, run)))
    for (const { value } of runOutputs(row?.snapshot.context.progress ?? {})) {
      const model = modelRef.safeParse(value)
      if (model.success) return zipFolder(await deps.openArtifact(model.data.artifact), 'model')
    }
    throw new BotloomError('not-found', { what: 'model' })
  }

  /** What the last runs left on each block of the Learn half, and why a block must run again. */
  async function states(workspace: string, bot: string, document: GraphDocument): Promise<NodeState[]> {
    const results = await resultsOf(workspace, bot)
    const fingerprints = await fingerprintsOf(workspace, document, true)
    const [newest] = await db
      .select()
      .from(runs)
      .where(and(eq(runs.workspaceId, workspace), eq(runs.botId, bot)))
      .orderBy(desc(runs.startedAt))
      .limit(1)
    const lastOf = (node: string) =>
      results.find((result) => result.node === node && result.hash === fingerprints[node]?.hash) ??
      results.find((result) => result.node === node)
    const causes = staleCauses(fingerprints, (node) => lastOf(node)?.fingerprint ?? null)
    const changes = new Map<string, ContentReason[]>()
    for (const [node, list] of Object.entries(causes))
      for (const cause of list)
        if (cause.kind === 'content')
          changes.set(
            `${node} ${cause.field}`,
            await changeOf(workspace, fingerprints[node]!, lastOf(node)!, cause.field),
          )
    const refs = contentRefs(document, registry)
    return learnNodes(document, registry).map((node) => {
      const now = fingerprints[node]
      const last = lastOf(node)
      const inRun = newest?.snapshot.context.progress[node]
      const why = now ? causes[node] : [{ kind: last ? ('unreadable' as const) : ('never-ran' as const) }]
      const works = inRun?.status === 'running' || inRun?.status === 'trying'
      const busy = inRun && newest.status === 'running' && (inRun.status === 'queued' || works)
      const broke = inRun?.status === 'failed' && why !== undefined
      return {
        node,
        status: busy ? (works ? 'running' : 'queued') : broke ? 'failed' : last ? 'done' : 'idle',
        stale: why ? staleReasons(why, node, (of, field) => changes.get(`${of} ${field}`) ?? []) : null,
        last: last?.fingerprint ?? null,
        known: results.filter((result) => result.node === node).map(({ hash }) => hash),
        contents: Object.fromEntries(
          refs
            .filter((found) => found.node === node && now)
            .map(({ field, ref, value }) => [field, { ref, value, hash: now?.contents[field] ?? '' }]),
        ),
        figure: figureOf(last?.outputs ?? null),
        outputs: last?.outputs ?? null,
        seconds: last?.seconds ?? null,
        failure: broke ? inRun.failure : null,
        run: last?.runId ?? null,
      }
    })
  }

  /** What became of a set since a block read it. */
  async function changeOf(
    workspace: string,
    now: Fingerprint,
    last: { fingerprint: Fingerprint; outputs: Record<string, unknown> },
    field: string,
  ): Promise<ContentReason[]> {
    const set = now.config[field]
    const [from, to] = [last.fingerprint.contents[field], now.contents[field]]
    if (typeof set !== 'string' || from === undefined || to === undefined) return []
    const labels = Object.values(last.outputs).flatMap((value) => datasetRef.safeParse(value).data?.labels ?? [])
    const found = await deps.difference(workspace, set, from, to, labels).catch(() => null)
    if (!found) return []
    const { renamed, ...rows } = found
    return [
      ...(rows.added + rows.removed + rows.changed > 0 ? [{ kind: 'rows', field, ...rows } as const] : []),
      ...(renamed.length > 0 ? [{ kind: 'labels', field, renamed } as const] : []),
    ]
  }

  /** The newest model that passed its gate, of any block of the document; stale when its block must run again. */
  async function candidate(
    workspace: string,
    bot: string,
    document: GraphDocument,
  ): Promise<{ ref: ClassifierRef; stale: boolean } | null> {
    for (const state of await states(workspace, bot, document))
      for (const value of Object.values(state.outputs ?? {})) {
        const ref = classifierRef.safeParse(value)
        if (ref.success) return { ref: ref.data, stale: state.stale !== null }
      }
    return null
  }

  /** Blocks that a dead server left begun are begun again, as a further attempt; whoever runs now takes its runs over. */
  async function recover(everything: boolean): Promise<number> {
    const left = await db
      .select()
      .from(runs)
      .where(
        and(
          eq(runs.status, 'running'),
          ne(runs.owner, owner),
          everything ? undefined : lt(runs.beatAt, new Date(clock.now().getTime() - lostAfter)),
        ),
      )
    const lost = left.filter((row) => deps.carriesOut(row.workspaceId))
    for (const row of lost) {
      const taken = await db
        .update(runs)
        .set({ owner, beatAt: clock.now() })
        .where(and(eq(runs.id, row.id), eq(runs.owner, row.owner)))
        .returning({ id: runs.id })
      if (taken.length === 0) continue
      const blocks = Object.entries(row.snapshot.context.progress).filter(
        ([, at]) => at.status === 'queued' || at.status === 'running',
      )
      for (const [node, at] of blocks) await store.step(row.id, { type: 'node.lost', node, attempt: at.attempt })
      log.warn({ run: row.id, blocks: blocks.map(([node]) => node) }, 'took over a run that was left in the midst')
    }
    return lost.length
  }

  const beat = setInterval(() => {
    void (async () => {
      const mine = [...new Set([...active.keys()].map((key) => key.slice(0, key.indexOf('/'))))]
      await db
        .update(runs)
        .set({ beatAt: clock.now() })
        .where(and(eq(runs.owner, owner), eq(runs.status, 'running')))
      if (mine.length === 0 && database.kind === 'postgres') await recover(false)
    })().catch((error) => log.warn({ err: error }, 'heartbeat'))
  }, beatEvery)
  beat.unref()

  return {
    start,
    cancel,
    finish,
    get,
    list,
    modelZip,
    states,
    candidate,
    /** Takes work from the queue; called once everything is wired. */
    async work() {
      // One server owns the embedded database, so whatever runs there was left by a dead one.
      const repaired = await recover(database.kind === 'pglite')
      await queue.work(carryOut, 2)
      return repaired
    },
    /** Does `work` while this server carries out no block, which may be later; blocks that come meanwhile wait for it. */
    whenIdle(work: () => Promise<void>): void {
      waiting.push(() => work().catch((error) => log.error({ err: error }, 'work between runs')))
      workApart()
    },
    /** Resolves when a run has ended, whatever way. */
    async ended(
      workspace: string,
      run: string,
      told: { progress?(node: string, now: Progress): void; noted?(node: string, note: RunNote): void } = {},
    ): Promise<RunView> {
      const { bot } = await get(workspace, run)
      let stop = (): void => {}
      await new Promise<void>((resolve, reject) => {
        events
          .subscribe<StudioEvent>(`bot:${bot}`, null, ({ event }) => {
            if (event.type === 'node.progressed' && event.run === run) told.progress?.(event.node, event.progress)
            if (event.type === 'node.noted' && event.run === run) told.noted?.(event.node, event.note)
            if (event.type === 'run.ended' && event.run === run) resolve()
          })
          .then(async (unsubscribe) => {
            stop = unsubscribe
            // It may have ended before anybody listened.
            if ((await get(workspace, run)).status !== 'running') resolve()
          })
          .catch(reject)
      })
      stop()
      return get(workspace, run)
    },
    /** Leaves its runs as they are, for whoever starts next: the same as if it had been killed, but for the waiting. */
    async stop() {
      stopped = true
      clearInterval(beat)
      await apart
      for (const controller of active.values()) controller.abort()
    },
  }
}
