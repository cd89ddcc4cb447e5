import { and, eq, sql } from 'drizzle-orm'
import { BotloomError } from '#kit'
import { compilePipeline, type PipelineConfig } from '#runtime/compiler/compile-pipeline.ts'
import { blockOf, isTrial, type PipelineEvent, trialKey } from '#runtime/compiler/pipeline-vocabulary.ts'
import type { Clock, RunStore } from '#runtime/engine/doors.ts'
import { type RunSnapshot, type Stepped, stepRun } from '#runtime/engine/step.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { withConfig } from '#runtime/graph/staleness.ts'
import type { StudioEvent } from '#server/api/dto.ts'
import type { Database, Transaction } from '#server/db/client.ts'
import { nodeResults, runs } from '#server/db/schema/runs.ts'
import type { EventLog } from '#server/realtime/event-log.ts'
import { figureOf } from './figure.ts'
import type { Queue } from './queue.ts'

type Row = typeof runs.$inferSelect

export interface StoredRuns extends RunStore {
  /** The document that a run is pinned to, and its compiled form; kept while the run is alive. */
  pinned(run: string): Promise<{ document: GraphDocument; config: PipelineConfig }>
  /** Writes the steps that begin a run into the caller's transaction. */
  begin(tx: Transaction, run: string, stepped: Stepped): Promise<void>
}

/** Two servers that step one run at once: the slower one looks again. */
const mostTries = 5

export function createRunStore(deps: {
  db: Database
  queue: Queue
  events: EventLog
  registry: NodeRegistry
  clock: Clock
}): StoredRuns {
  const { db, queue, events, registry, clock } = deps
  const compiled = new Map<string, { document: GraphDocument; config: PipelineConfig }>()

  async function pinned(run: string, row?: Row) {
    const known = compiled.get(run)
    if (known) return known
    const stored = row ?? (await db.select().from(runs).where(eq(runs.id, run)))[0]
    if (!stored) throw new BotloomError('not-found', { what: 'run' })
    const document = parseDocument(JSON.parse(stored.document))
    const entry = { document, config: compilePipeline(document, registry) }
    compiled.set(run, entry)
    return entry
  }

  /** One transaction: SQL only, so that the embedded database's one connection is never held for anything else. */
  async function tryStep(run: string, event: PipelineEvent): Promise<Stepped | null | 'again'> {
    const [row] = await db.select().from(runs).where(eq(runs.id, run))
    if (row?.status !== 'running') return null
    const { config } = await pinned(run, row)
    const stepped = stepRun(config, row.snapshot, event)
    if (!stepped.changed) return stepped
    const ended = stepped.snapshot.value !== 'running'
    const saved = await db.transaction(async (tx) => {
      const updated = await tx
        .update(runs)
        .set({
          snapshot: stepped.snapshot,
          seq: row.seq + 1,
          status: stepped.snapshot.value,
          ...(ended ? { endedAt: clock.now(), failure: failureOf(stepped.snapshot) } : {}),
        })
        .where(and(eq(runs.id, run), eq(runs.seq, row.seq)))
        .returning({ id: runs.id })
      if (updated.length === 0) return false
      if (event.type === 'node.settled') await keepResult(tx, row, event.node, stepped)
      for (const told of tellingsOf(row, event, stepped))
        await events.append(tx, row.workspaceId, `bot:${row.botId}`, told)
      for (const { delay, ...job } of stepped.start) await queue.send(tx, { run, ...job }, delay)
      return true
    })
    if (!saved) return 'again'
    if (ended) compiled.delete(run)
    return stepped
  }

  async function keepResult(tx: Transaction, row: Row, node: string, { snapshot }: Stepped): Promise<void> {
    const at = snapshot.context.progress[node]
    const own = row.fingerprints[blockOf(node)]
    if (!own || !at?.outputs) return
    const fingerprint = at.trial ? withConfig(own, at.trial.config) : own
    const result = {
      workspaceId: row.workspaceId,
      botId: row.botId,
      node,
      hash: fingerprint.hash,
      fingerprint,
      outputs: at.outputs,
      seconds: at.seconds ?? 0,
      runId: row.id,
      at: clock.now(),
    }
    await tx
      .insert(nodeResults)
      .values(result)
      .onConflictDoUpdate({
        target: [nodeResults.workspaceId, nodeResults.botId, nodeResults.node, nodeResults.hash],
        set: result,
      })
    // What the trials gave served the block alone, which has chosen.
    if (!isTrial(node))
      await tx
        .delete(nodeResults)
        .where(
          and(
            eq(nodeResults.workspaceId, row.workspaceId),
            eq(nodeResults.botId, row.botId),
            sql`starts_with(${nodeResults.node}, ${trialKey(node, '')})`,
          ),
        )
  }

  return {
    pinned,
    async snapshot(run) {
      const [row] = await db.select({ snapshot: runs.snapshot }).from(runs).where(eq(runs.id, run))
      return row?.snapshot ?? null
    },
    async step(run, event) {
      for (let i = 0; i < mostTries; i++) {
        const stepped = await tryStep(run, event)
        if (stepped !== 'again') return stepped
      }
      throw new Error(`run ${run} was stepped by somebody else ${mostTries} times in a row`)
    },
    async begin(tx, run, stepped) {
      const [row] = await tx.select().from(runs).where(eq(runs.id, run))
      if (!row) return
      for (const told of tellingsOf(row, { type: 'run.started', known: {} }, stepped))
        await events.append(tx, row.workspaceId, `bot:${row.botId}`, told)
      for (const { delay, ...job } of stepped.start) await queue.send(tx, { run, ...job }, delay)
    },
  }
}

function failureOf(snapshot: RunSnapshot): Row['failure'] {
  for (const [node, at] of Object.entries(snapshot.context.progress))
    if (at.status === 'failed' && at.failure && !isTrial(node)) return { ...at.failure, node }
  return null
}

/** What a step means to those who watch. */
function tellingsOf(row: Row, event: PipelineEvent, stepped: Stepped): StudioEvent[] {
  const run = row.id
  const told: StudioEvent[] = []
  const progress = stepped.snapshot.context.progress
  if (event.type === 'run.started') told.push({ type: 'run.started', run, nodes: Object.keys(progress) })
  if (event.type === 'node.noted') told.push({ type: 'node.noted', run, node: blockOf(event.node), note: event.note })
  if (event.type === 'run.finish-asked')
    for (const [node, at] of Object.entries(progress))
      if ((at.status === 'running' || at.status === 'trying') && !isTrial(node))
        told.push({ type: 'node.finishing', run, node })
  // A trial is a part of its block: what else it does is told as the block's progress.
  if ('node' in event && isTrial(event.node)) return told
  if (event.type === 'node.started' && !progress[event.node]?.rounds)
    told.push({ type: 'node.started', run, node: event.node })
  if (event.type === 'node.settled') {
    const figure = figureOf(event.outputs)
    const seconds = progress[event.node]?.seconds ?? event.seconds
    told.push({ type: 'node.settled', run, node: event.node, seconds, reused: false, figure })
  }
  if (event.type === 'node.failed' && progress[event.node]?.status === 'failed')
    told.push({ type: 'node.failed', run, node: event.node, failure: event.failure })
  if (stepped.snapshot.value !== 'running')
    told.push({ type: 'run.ended', run, status: stepped.snapshot.value, failure: failureOf(stepped.snapshot) })
  return told
}
