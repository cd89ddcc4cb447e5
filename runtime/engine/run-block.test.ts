import { expect, test } from 'vitest'
import type { PipelineConfig } from '#runtime/compiler/compile-pipeline.ts'
import type { PipelineEvent } from '#runtime/compiler/pipeline-vocabulary.ts'
import pipelineChain from '../compiler/golden/pipeline-chain.json' with { type: 'json' }
import type { BlockAnswer, RunStore } from './doors.ts'
import { runBlock } from './run-block.ts'
import { type RunSnapshot, stepRun } from './step.ts'

/** A store of one run whose steps take their time, as those of a database do. */
function storeOf(config: PipelineConfig) {
  let snapshot: RunSnapshot = stepRun(config, null, { type: 'run.started', known: {} }).snapshot
  let line: Promise<unknown> = Promise.resolve()
  const store: RunStore = {
    step(_, event: PipelineEvent) {
      const stepped = line
        .then(() => new Promise(setImmediate))
        .then(() => {
          const next = stepRun(config, snapshot, event)
          snapshot = next.snapshot
          return next
        })
      line = stepped
      return stepped
    },
    snapshot: async () => snapshot,
  }
  return { store, now: () => snapshot }
}

test.each([
  ['its result', (): Promise<BlockAnswer> => Promise.resolve({ outputs: { out: 1 } }), 'done'],
  ['a failure that may pass', (): Promise<BlockAnswer> => Promise.reject(new Error('no')), 'queued'],
])('what a block told before %s is kept with it', async (_, end, status) => {
  const { store, now } = storeOf(pipelineChain as unknown as PipelineConfig)
  const clock = { now: () => new Date('2026-01-01T00:00:00Z') }
  const runner = {
    run: async ({ note }: Parameters<Parameters<typeof runBlock>[0]['runner']['run']>[0]) => {
      note({ code: 'memory-ran-out', params: { rows: 8 } })
      return end()
    },
  }
  const { signal } = new AbortController()
  await runBlock(
    { store, runner, clock },
    { run: 'run_1', node: 'data', attempt: 1, shrink: 0, avoid: [], signal, finish: signal },
  )
  expect(now().context.progress.data).toMatchObject({
    status,
    notes: [{ code: 'memory-ran-out', params: { rows: 8 }, at: '2026-01-01T00:00:00.000Z' }],
  })
})
