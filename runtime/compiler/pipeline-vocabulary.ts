import { type AnyStateMachine, assign, setup } from 'xstate'
import type { CurvePoint, DatedRunNote, Failure, Trial, TrialPlan } from '#kit'
import type { PipelineBlock, PipelineConfig } from './compile-pipeline.ts'

/**
 * What a block, or a trial of one, is at. `trying`: it waits for its trials. `attempt` counts from 1; `shrink` is how often it was made
 * smaller after a failure.
 */
export interface BlockProgress {
  status: 'waiting' | 'queued' | 'running' | 'trying' | 'done' | 'reused' | 'failed' | 'cancelled'
  attempt: number
  shrink: number
  outputs: Record<string, unknown> | null
  seconds: number | null
  failure: Failure | null
  /** What its attempts told, oldest first; absent in runs of releases that knew no notes. */
  notes?: DatedRunNote[]
  /** How it learned, where it did. */
  curve?: CurvePoint[]
  /** A person asked it to end with what it has learned so far. */
  finishing?: boolean
  /** Devices that failed in it; absent as long as none did. */
  avoid?: string[]
  /** Attempts that were begun because all trials had ended, and not because something failed. */
  rounds?: number
  /** The most trials that there may be in all. */
  atMost?: number
  /** Set for a trial; `number` counts those of its block from 1. */
  trial?: Trial & { of: string; number: number }
}

export interface PipelineContext {
  blocks: Record<string, PipelineBlock>
  /** By block id, and by `trialKey` for trials. */
  progress: Record<string, BlockProgress>
}

/** What a trial is called in a run; no block's id has the sign in it. */
export function trialKey(node: string, id: string): string {
  return `${node}#${id}`
}
export function isTrial(key: string): boolean {
  return key.includes('#')
}
/** The block that a key is about. */
export function blockOf(key: string): string {
  return key.split('#', 1)[0]!
}

/** What an earlier run left of a trial. */
export interface KnownTrial {
  outputs: Record<string, unknown>
  seconds: number
}

export type PipelineEvent =
  | { type: 'run.started'; known: Record<string, Record<string, unknown>> }
  | { type: 'node.started'; node: string; attempt: number }
  | { type: 'node.noted'; node: string; attempt: number; note: DatedRunNote }
  /** The block wants trials first; what is known of some is taken as it is. */
  | {
      type: 'node.branched'
      node: string
      attempt: number
      plan: TrialPlan
      known: Record<string, KnownTrial>
      seconds: number
    }
  | {
      type: 'node.settled'
      node: string
      attempt: number
      outputs: Record<string, unknown>
      seconds: number
      curve?: CurvePoint[]
    }
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
const ended = (progress: BlockProgress): boolean =>
  finished(progress) || progress.status === 'failed' || progress.status === 'cancelled'
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
    isWorking: ({ context }) =>
      Object.values(context.progress).some(({ status }) => status === 'running' || status === 'trying'),
    mayRetry: ({ context, event }) =>
      event.type === 'node.failed' &&
      isCurrent(context, event) &&
      event.failure.retry !== 'never' &&
      event.attempt - givenUp(context, event.node).length - (context.progress[event.node]?.rounds ?? 0) < mostAttempts,
    isTrial: ({ context, event }) => isCurrent(context, event) && 'node' in event && isTrial(event.node),
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
          at.status === 'running' || at.status === 'trying'
            ? { ...at, finishing: true }
            : at.trial && at.status === 'queued'
              ? { ...at, status: 'cancelled' as const }
              : at,
        ]),
      ),
    })),
    settle: assign(({ context, event }) => (event.type === 'node.settled' ? settled(context, event) : {})),
    /** The block waits; each trial that has no result yet is queued as blocks are. */
    branch: assign(({ context, event }) => {
      if (event.type !== 'node.branched') return {}
      const own = context.progress[event.node] ?? fresh
      const progress: PipelineContext['progress'] = {
        ...context.progress,
        [event.node]: {
          ...own,
          status: 'trying',
          atMost: event.plan.atMost,
          seconds: (own.seconds ?? 0) + event.seconds,
        },
      }
      let number = trialsOf(progress, event.node).length
      for (const trial of event.plan.trials) {
        const key = trialKey(event.node, trial.id)
        if (progress[key]) continue
        const known = event.known[trial.id]
        number++
        progress[key] = {
          ...fresh,
          ...(known ? { status: 'reused', ...known } : { status: 'queued', attempt: 1 }),
          trial: { ...trial, of: event.node, number },
        }
      }
      return { progress }
    }),
    /** A block all of whose trials have ended is asked what comes next. */
    resume: assign(({ context }) => {
      const progress = { ...context.progress }
      for (const [id, at] of Object.entries(progress))
        if (at.status === 'trying' && trialsOf(progress, id).every(ended))
          progress[id] = { ...at, status: 'queued', attempt: at.attempt + 1, rounds: (at.rounds ?? 0) + 1 }
      return { progress }
    }),
    failTrial: assign(({ context, event }) =>
      event.type === 'node.failed'
        ? change(context, event.node, { status: 'failed', failure: event.failure, seconds: event.seconds })
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

/** Trials of a block, in the order in which it asked for them. */
export function trialsOf(progress: PipelineContext['progress'], node: string): BlockProgress[] {
  return Object.values(progress)
    .filter((at) => at.trial?.of === node)
    .sort((a, b) => a.trial!.number - b.trial!.number)
}

/**
 * A block that settled took as long as its own attempts and its trials together. What the trials gave is let go: what of it is still
 * wanted is in the block's own outputs.
 */
function settled(
  context: PipelineContext,
  { node, outputs, seconds, curve }: Extract<PipelineEvent, { type: 'node.settled' }>,
): Pick<PipelineContext, 'progress'> {
  const trials = trialsOf(context.progress, node)
  const before = trials.length > 0 ? (context.progress[node]?.seconds ?? 0) : 0
  const whole = trials.reduce((sum, at) => sum + (at.seconds ?? 0), before + seconds)
  const { progress } = change(context, node, {
    status: 'done',
    outputs,
    seconds: whole,
    failure: null,
    ...(curve ? { curve } : {}),
  })
  for (const at of trials) progress[trialKey(node, at.trial!.id)] = { ...at, outputs: null }
  return { progress }
}

/** What had not ended when the run did is cancelled, so that no block looks busy for ever. */
function stopOthers(context: PipelineContext): Pick<PipelineContext, 'progress'> {
  const open = new Set(['waiting', 'queued', 'running', 'trying'])
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
