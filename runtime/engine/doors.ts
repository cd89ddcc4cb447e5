import type { CurvePoint, Failure, RunNote, TrialPlan } from '#kit'
import type { KnownTrial, PipelineEvent } from '#runtime/compiler/pipeline-vocabulary.ts'
import type { RunSnapshot, Stepped } from './step.ts'

/**
 * Where runs live. `step` is one transaction: load, decide, save with the next sequence number, append events, enqueue what is
 * to start. It answers null when the run is gone or has ended.
 */
export interface RunStore {
  step(run: string, event: PipelineEvent): Promise<Stepped | null>
  snapshot(run: string): Promise<RunSnapshot | null>
}

/** What a block's attempt ends with: the values of its output ports and how it learned, or trials that it wants first. */
export type BlockAnswer =
  | { outputs: Record<string, unknown>; curve?: CurvePoint[] }
  | { plan: TrialPlan; known: Record<string, KnownTrial> }

/** What runs one block, or a trial of one. Rejects with `BotloomError`. */
export interface BlockRunner {
  run(work: {
    run: string
    node: string
    shrink: number
    avoid: readonly string[]
    signal: AbortSignal
    /** Aborted when a person wants the block to end with what it has. */
    finish: AbortSignal
    note(note: RunNote): void
  }): Promise<BlockAnswer>
}

export interface Clock {
  now(): Date
}

export type NodeEnd = { outputs: Record<string, unknown> } | { failure: Failure }
