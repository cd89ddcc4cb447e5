import { initialTransition, transition } from 'xstate'
import type { EndedTrial } from '#kit'
import type { PipelineConfig } from '#runtime/compiler/compile-pipeline.ts'
import {
  createPipelineMachine,
  type PipelineContext,
  type PipelineEvent,
  trialsOf,
} from '#runtime/compiler/pipeline-vocabulary.ts'

/** A run between two steps: JSON, restored with the machine of its own graph. */
export interface RunSnapshot {
  value: 'running' | 'done' | 'failed' | 'cancelled'
  context: PipelineContext
}

/** What the world must do after a step: a block, or a trial of one, to be run, at once or after a pause. */
export interface StartBlock {
  node: string
  attempt: number
  shrink: number
  /** Devices that failed in it. */
  avoid: string[]
  /** Milliseconds to wait first: a failure that asked for a later try gets one. */
  delay: number
}

export interface Stepped {
  snapshot: RunSnapshot
  /** False when the event meant nothing any more: a result that came twice, an attempt that was given up. */
  changed: boolean
  start: StartBlock[]
}

/** Pause before the n-th attempt of a block whose failure asked for a later one. */
const pauses = [0, 0, 2_000, 15_000]

/** One step of a run: pure, the same twice. */
export function stepRun(config: PipelineConfig, stored: RunSnapshot | null, event: PipelineEvent): Stepped {
  const machine = createPipelineMachine(config)
  // A snapshot carries the machine that made it; resolving with this one is what keeps a restored run honest.
  const before = stored
    ? machine.resolveState({ value: stored.value, context: stored.context })
    : initialTransition(machine)[0]
  const [after] = transition(machine, before, event)
  const context = after.context as PipelineContext
  const old = (before.context as PipelineContext).progress
  const start: StartBlock[] = []
  for (const [node, at] of Object.entries(context.progress)) {
    if (at.status !== 'queued' || (old[node]?.status === 'queued' && old[node].attempt === at.attempt)) continue
    const later = at.failure?.retry === 'later' ? (pauses[at.attempt - (at.rounds ?? 0)] ?? 0) : 0
    start.push({ node, attempt: at.attempt, shrink: at.shrink, avoid: at.avoid ?? [], delay: later })
  }
  return {
    snapshot: { value: after.value as RunSnapshot['value'], context },
    changed: after.value !== before.value || context.progress !== old,
    start: after.status === 'active' ? start : [],
  }
}

/** Values of a block's input ports, from what its sources gave. */
export function inputsOf(snapshot: RunSnapshot, node: string): Record<string, unknown> {
  const inputs: Record<string, unknown> = {}
  for (const [port, source] of Object.entries(snapshot.context.blocks[node]?.inputs ?? {}))
    inputs[port] = snapshot.context.progress[source.node]?.outputs?.[source.port]
  return inputs
}

/** What came of the trials that a block asked for, in that order. */
export function endedTrialsOf(snapshot: RunSnapshot, node: string): EndedTrial[] {
  return trialsOf(snapshot.context.progress, node).map(({ trial, status, outputs, failure, seconds }) => ({
    id: trial!.id,
    config: trial!.config,
    inputs: trial!.inputs,
    limit: trial!.limit,
    outputs,
    failure: outputs
      ? null
      : status === 'cancelled' || !failure
        ? { code: 'run-cancelled', params: {} }
        : { code: failure.code, params: failure.params },
    seconds: seconds ?? 0,
  }))
}
