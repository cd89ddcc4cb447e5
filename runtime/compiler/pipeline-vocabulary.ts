import { type AnyStateMachine, assign, setup } from 'xstate'
import type { DatedRunNote, Failure } from '#kit'
import type { PipelineBlock, PipelineConfig } from './compile-pipeline.ts'

/** What a block is at. `attempt` counts from 1; `shrink` is how often it was made smaller after a failure. */
export interface BlockProgress {
  status: 'waiting' | 'queued' | 'running' | 'done' | 'reused' | 'failed' | 'cancelled'
  attempt: number
  shrink: number
  outputs: Record<string, unknown> | null
  seconds: number | null
  failure: Failure | null
  /** What its attempts told, oldest first; absent in runs of releases that knew no notes. */
  notes?: DatedRunNote[]
  /** A person asked it to end with what it has learned so far. */
  finishing?: boolean
  /** Devices that failed in it; absent as long as none did. */
  avoid?: string[]
}

export interface PipelineContext {
  blocks: Record<string, PipelineBlock>
  progress: Record<string, BlockProgress>
}

export type PipelineEvent =
  | { type: 'run.started'; known: Record<string, Record<string, unknown>> }
  | { type: 'node.started'; node: string; attempt: number }
  | { type: 'node.noted'; node: string; attempt: number; note: DatedRunNote }
  | { type: 'node.settled'; node: string; attempt: number; outputs: Record<string, unknown>; seconds: number }
  | { type: 'node.failed'; node: string; attempt: number; failure: Failure; seconds: number }
  /** The process that ran it is gone; nobody will answer for this attempt. */
  | { type: 'node.lost'; node: string; attempt: number }
  /** The blocks at work are to end with what they have; the run goes on behind them. */
  | { type: 'run.finish-asked' }
  | { type: 'run.cancelled' }

/** Notes of a block that are kept; the oldest give way. */
const mostNotes = 100

/** A block is tried this often on a device; one device less is no try of its own. */
export const mostAttempts = 3

const fresh: BlockProgress = { status: 'waiting', attempt: 0, shrink: 0, outputs: null, seconds: null, failure: null }
const finished = (progress: BlockProgress | undefined): boolean =>
  progress?.status === 'done' || progress?.status === 'reused'

const change = (
  context: PipelineContext,
  node: string,
  next: Partial<BlockProgress>,
): Pick<PipelineContext, 'progress'> => ({
  progress: { ...context.progress, [node]: { ...fresh, ...context.progress[node], ...next } },
})

/** The same result twice, or a late one of an attempt that was given up, is not current and changes nothing. */
function isCurrent(context: PipelineContext, event: PipelineEvent): boolean {
  if (!('node' in event)) return false
  const at = context.progress[event.node]
  return at !== undefined && (at.status === 'queued' || at.status === 'running') && at.attempt === event.attempt
}

const givenUp = (context: PipelineContext, node: string): readonly string[] => context.progress[node]?.avoid ?? []

const vocabulary = setup({
  types: {} as { context: PipelineContext; events: PipelineEvent },
  guards: {
    isCurrent: ({ context, event }) => isCurrent(context, event),
    allKnown: ({ context, event }) =>
      event.type === 'run.started' && Object.keys(context.blocks).every((id) => Object.hasOwn(event.known, id)),
    isLast: ({ context, event }) =>
      isCurrent(context, event) &&
      'node' in event &&
      Object.keys(context.blocks).every((id) => id === event.node || finished(context.progress[id])),
    isWorking: ({ context }) => Object.values(context.progress).some(({ status }) => status === 'running'),
    mayRetry: ({ context, event }) =>
      event.type === 'node.failed' &&
      isCurrent(context, event) &&
      event.failure.retry !== 'never' &&
      event.attempt - givenUp(context, event.node).length < mostAttempts,
  },
  actions: {
    reuse: assign(({ context, event }) => {
      if (event.type !== 'run.started') return {}
      const progress: PipelineContext['progress'] = {}
      for (const id of Object.keys(context.blocks)) {
        const outputs = event.known[id]
        progress[id] = outputs ? { ...fresh, status: 'reused', outputs } : { ...fresh }
      }
      return { progress }
    }),
    /** Whatever has all its inputs and was not begun yet is queued; the engine starts what became queued. */
    queueReady: assign(({ context }) => {
      const progress = { ...context.progress }
      for (const [id, block] of Object.entries(context.blocks)) {
        if (progress[id]?.status !== 'waiting') continue
        const ready = Object.values(block.inputs).every((source) => finished(progress[source.node]))
        if (ready) progress[id] = { ...fresh, status: 'queued', attempt: 1 }
      }
      return { progress }
    }),
    start: assign(({ context, event }) => ('node' in event ? change(context, event.node, { status: 'running' }) : {})),
    note: assign(({ context, event }) => {
      if (event.type !== 'node.noted') return {}
      const before = context.progress[event.node]?.notes ?? []
      return change(context, event.node, { notes: [...before, event.note].slice(-mostNotes) })
    }),
    askToFinish: assign(({ context }) => ({
      progress: Object.fromEntries(
        Object.entries(context.progress).map(([id, at]) => [
          id,
          at.status === 'running' ? { ...at, finishing: true } : at,
        ]),
      ),
    })),
    settle: assign(({ context, event }) =>
      event.type === 'node.settled'
        ? change(context, event.node, { status: 'done', outputs: event.outputs, seconds: event.seconds, failure: null })
        : {},
    ),
    retry: assign(({ context, event }) => {
      if (event.type !== 'node.failed' && event.type !== 'node.lost') return {}
      const at = context.progress[event.node] ?? fresh
      const smaller = event.type === 'node.failed' && event.failure.retry === 'smaller'
      const failed =
        event.type === 'node.failed' && event.failure.retry === 'other-device' && event.failure.params.device
      const avoid = [...givenUp(context, event.node), ...(failed ? [String(failed)] : [])]
      return change(context, event.node, {
        status: 'queued',
        attempt: at.attempt + 1,
        shrink: at.shrink + (smaller ? 1 : 0),
        ...(avoid.length > 0 ? { avoid: [...new Set(avoid)] } : {}),
        failure: event.type === 'node.failed' ? event.failure : null,
      })
    }),
    fail: assign(({ context, event }) => {
      if (event.type !== 'node.failed') return {}
      const failed = change(context, event.node, { status: 'failed', failure: event.failure, seconds: event.seconds })
      return stopOthers({ ...context, ...failed })
    }),
    cancel: assign(({ context }) => stopOthers(context)),
  },
})

/** What had not ended when the run did is cancelled, so that no block looks busy for ever. */
function stopOthers(context: PipelineContext): Pick<PipelineContext, 'progress'> {
  const open = new Set(['waiting', 'queued', 'running'])
  return {
    progress: Object.fromEntries(
      Object.entries(context.progress).map(([id, at]) => [
        id,
        open.has(at.status) ? { ...at, status: 'cancelled' as const } : at,
      ]),
    ),
  }
}

/** A machine over the fixed vocabulary; the config may come from JSON. */
export function createPipelineMachine(config: PipelineConfig): AnyStateMachine {
  return vocabulary.createMachine({
    ...config,
    context: { progress: {}, ...config.context },
  } as unknown as Parameters<typeof vocabulary.createMachine>[0])
}
