import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BotloomError, type Failure, toFailure } from '#kit'
import type { PipelineBlock, PipelineConfig } from '#runtime/compiler/compile-pipeline.ts'
import { isTrial, mostAttempts, type PipelineEvent } from '#runtime/compiler/pipeline-vocabulary.ts'
import pipelineDiamond from '../compiler/golden/pipeline-diamond.json' with { type: 'json' }
import { endedTrialsOf, inputsOf, type RunSnapshot, type StartBlock, stepRun } from './step.ts'

const diamond = pipelineDiamond as unknown as PipelineConfig
const started: PipelineEvent = { type: 'run.started', known: {} }
const failure = (code: 'compute-died' | 'data-no-labels' | 'hub-unreachable'): Failure =>
  toFailure(new BotloomError(code))
const settled = (node: string, attempt = 1): PipelineEvent => ({
  type: 'node.settled',
  node,
  attempt,
  outputs: { out: `${node}-${attempt}` },
  seconds: 1,
})
const failed = (node: string, attempt: number, of: Failure): PipelineEvent => ({
  type: 'node.failed',
  node,
  attempt,
  failure: of,
  seconds: 1,
})

/** Steps through JSON each time, as the store does. */
function walk(config: PipelineConfig, events: readonly PipelineEvent[]) {
  let snapshot: RunSnapshot | null = null
  const begun: StartBlock[] = []
  let changed = true
  for (const event of events) {
    const stepped = stepRun(config, snapshot, event)
    snapshot = JSON.parse(JSON.stringify(stepped.snapshot)) as RunSnapshot
    begun.push(...stepped.start)
    changed = stepped.changed
  }
  return { snapshot: snapshot!, begun, changed, names: begun.map((block) => block.node) }
}

describe('a run', () => {
  test('begins a block when all of its inputs are there, side by side where they can', () => {
    expect(walk(diamond, [started]).names).toEqual(['top'])
    expect(walk(diamond, [started, settled('top')]).names).toEqual(['top', 'left', 'right'])
    expect(walk(diamond, [started, settled('top'), settled('left')]).names).not.toContain('end')
    const all = walk(diamond, [started, settled('top'), settled('left'), settled('right'), settled('end')])
    expect(all.snapshot.value).toBe('done')
  })

  test('gives a block what its sources gave', () => {
    const { snapshot } = walk(diamond, [started, settled('top'), settled('left'), settled('right')])
    expect(inputsOf(snapshot, 'end')).toEqual({ a: 'left-1', b: 'right-1' })
  })

  test('reuses what is known and begins only the rest', () => {
    const known = { top: { out: 'old' }, left: { out: 'old' } }
    expect(walk(diamond, [{ type: 'run.started', known }]).names).toEqual(['right'])
    const all = { ...known, right: { out: 'old' }, end: { out: 'old' } }
    const done = walk(diamond, [{ type: 'run.started', known: all }])
    expect(done.snapshot.value).toBe('done')
    expect(done.begun).toEqual([])
  })

  test('keeps what a block told, through its further attempts and to the end', () => {
    const told = (attempt: number, rows: number): PipelineEvent => ({
      type: 'node.noted',
      node: 'top',
      attempt,
      note: { code: 'memory-ran-out', params: { rows }, at: '2026-01-01T00:00:00.000Z' },
    })
    const events = [
      started,
      told(1, 16),
      failed('top', 1, failure('compute-died')),
      told(2, 8),
      told(1, 4),
      settled('top', 2),
    ]
    const { snapshot } = walk(diamond, events)
    expect(snapshot.context.progress.top?.notes?.map(({ params }) => params.rows)).toEqual([16, 8])
  })

  test('asks the blocks at work to end with what they have, further attempts of them too, and no others', () => {
    const asked: PipelineEvent = { type: 'run.finish-asked' }
    const begun: PipelineEvent = { type: 'node.started', node: 'left', attempt: 1 }
    expect(walk(diamond, [started, asked]).changed).toBe(false)
    const { snapshot } = walk(diamond, [
      started,
      settled('top'),
      begun,
      asked,
      failed('left', 1, failure('compute-died')),
    ])
    const finishing = Object.entries(snapshot.context.progress).filter(([, at]) => at.finishing)
    expect(finishing.map(([node, { attempt }]) => [node, attempt])).toEqual([['left', 2]])
  })

  test('takes the same result twice as one, and a result of a given-up attempt as none', () => {
    const once = walk(diamond, [started, settled('top')])
    const twice = walk(diamond, [started, settled('top'), settled('top')])
    expect(twice.changed).toBe(false)
    expect(twice.snapshot).toEqual(once.snapshot)
    const late = walk(diamond, [started, { type: 'node.lost', node: 'top', attempt: 1 }, settled('top', 1)])
    expect(late.changed).toBe(false)
    expect(late.snapshot.context.progress.top?.status).toBe('queued')
  })

  test('tries a lack of memory again with less, and an absent network later', () => {
    const { begun } = walk(diamond, [
      started,
      failed('top', 1, failure('compute-died')),
      failed('top', 2, failure('compute-died')),
    ])
    expect(begun.map(({ attempt, shrink, delay }) => [attempt, shrink, delay])).toEqual([
      [1, 0, 0],
      [2, 1, 0],
      [3, 2, 0],
    ])
    const later = walk(diamond, [started, failed('top', 1, failure('hub-unreachable'))])
    expect(later.begun.at(-1)?.delay).toBeGreaterThan(0)
  })

  test('tries a device that failed with another one, which costs no try of the block, and each only once', () => {
    const broke = (device: string): Failure => toFailure(new BotloomError('device-failed', { device }))
    const { begun, snapshot } = walk(diamond, [
      started,
      failed('top', 1, broke('cuda')),
      failed('top', 2, broke('webgpu')),
      failed('top', 3, failure('compute-died')),
      failed('top', 4, failure('compute-died')),
    ])
    expect(begun.map(({ attempt, shrink, avoid }) => [attempt, shrink, avoid])).toEqual([
      [1, 0, []],
      [2, 0, ['cuda']],
      [3, 0, ['cuda', 'webgpu']],
      [4, 1, ['cuda', 'webgpu']],
      [5, 2, ['cuda', 'webgpu']],
    ])
    expect(snapshot.value).toBe('running')
    const again = Array.from({ length: mostAttempts + 1 }, (_, i) => failed('top', i + 1, broke('cuda')))
    expect(walk(diamond, [started, ...again]).snapshot.value).toBe('failed')
  })

  test('ends failed when a person must act, or when the last try failed; the block keeps the failure', () => {
    const now = walk(diamond, [started, failed('top', 1, failure('data-no-labels'))])
    expect(now.snapshot.value).toBe('failed')
    expect(now.snapshot.context.progress.top?.failure?.code).toBe('data-no-labels')
    const events = Array.from({ length: mostAttempts }, (_, i) => failed('top', i + 1, failure('compute-died')))
    expect(walk(diamond, [started, ...events]).snapshot.value).toBe('failed')
  })

  test('that ended hears nothing any more', () => {
    const events = [started, settled('top'), { type: 'run.cancelled' }, settled('left'), settled('right')] as const
    const { snapshot, changed } = walk(diamond, events)
    expect(snapshot.value).toBe('cancelled')
    expect(changed).toBe(false)
    expect(snapshot.context.progress.left?.status).toBe('cancelled')
  })
})

const branched = (
  ids: string[],
  attempt = 1,
  known: Record<string, { outputs: Record<string, unknown>; seconds: number }> = {},
  node = 'top',
): PipelineEvent => ({
  type: 'node.branched',
  node,
  attempt,
  plan: { trials: ids.map((id) => ({ id, config: { id }, inputs: {}, limit: null })), atMost: 4 },
  known,
  seconds: 1,
})

describe('a block that wants trials first', () => {
  const tried = [started, branched(['a', 'b']), settled('top#a')]

  test('has each of them begun as a job, and is begun again when all have ended, with what came of them', () => {
    expect(walk(diamond, tried.slice(0, 2)).names).toEqual(['top', 'top#a', 'top#b'])
    expect(walk(diamond, tried).snapshot.context.progress.top?.status).toBe('trying')
    const { begun, snapshot } = walk(diamond, [...tried, settled('top#b')])
    expect(begun.at(-1)).toMatchObject({ node: 'top', attempt: 2 })
    expect(endedTrialsOf(snapshot, 'top')).toEqual([
      { id: 'a', config: { id: 'a' }, inputs: {}, limit: null, outputs: { out: 'top#a-1' }, failure: null, seconds: 1 },
      { id: 'b', config: { id: 'b' }, inputs: {}, limit: null, outputs: { out: 'top#b-1' }, failure: null, seconds: 1 },
    ])
  })

  test('a wish to end that comes between two trials is not lost: what was not begun is left, and the block goes on with what ended', () => {
    const { snapshot } = walk(diamond, [...tried, { type: 'run.finish-asked' }])
    const { top } = snapshot.context.progress
    expect(top).toMatchObject({ status: 'queued', finishing: true, rounds: 1 })
    expect(snapshot.context.progress['top#b']?.status).toBe('cancelled')
  })

  test('may want more of them, and is still tried three times when something fails', () => {
    const second = [...tried, settled('top#b'), branched(['c'], 2), settled('top#c')]
    expect(walk(diamond, second).begun.at(-1)).toMatchObject({ node: 'top', attempt: 3 })
    const dies = [3, 4, 5].map((attempt) => failed('top', attempt, failure('compute-died')))
    expect(walk(diamond, [...second, ...dies.slice(0, 2)]).snapshot.value).toBe('running')
    expect(walk(diamond, [...second, ...dies]).snapshot.value).toBe('failed')
  })

  test('goes on without a trial that failed, and keeps the reason', () => {
    const dies = [1, 2, 3].map((attempt) => failed('top#b', attempt, failure('compute-died')))
    const { begun, snapshot } = walk(diamond, [...tried, ...dies])
    expect(begun.filter(({ node }) => node === 'top#b').map(({ shrink }) => shrink)).toEqual([0, 1, 2])
    expect(snapshot.value).toBe('running')
    expect(begun.at(-1)).toMatchObject({ node: 'top', attempt: 2 })
    expect(endedTrialsOf(snapshot, 'top')[1]).toMatchObject({ outputs: null, failure: { code: 'compute-died' } })
  })

  test('is not tried again where an earlier run did it', () => {
    const known = { a: { outputs: { out: 'old' }, seconds: 5 }, b: { outputs: { out: 'old' }, seconds: 7 } }
    const { names, snapshot } = walk(diamond, [started, branched(['a', 'b'], 1, known)])
    expect(names).toEqual(['top', 'top'])
    expect(endedTrialsOf(snapshot, 'top').map(({ seconds }) => seconds)).toEqual([5, 7])
  })

  test('has taken as long as all of it, and lets go of what the trials gave', () => {
    const all = [...tried, settled('top#b'), settled('top', 2)]
    const { progress } = walk(diamond, all).snapshot.context
    expect(progress.top).toMatchObject({ status: 'done', outputs: { out: 'top-2' }, seconds: 4 })
    expect(progress['top#a']).toMatchObject({ status: 'done', outputs: null })
    expect(walk(diamond, all).names.slice(-2)).toEqual(['left', 'right'])
  })

  test('is stopped with all of its trials', () => {
    const { progress } = walk(diamond, [...tried, { type: 'run.cancelled' }]).snapshot.context
    expect([progress.top?.status, progress['top#a']?.status, progress['top#b']?.status]).toEqual([
      'cancelled',
      'done',
      'cancelled',
    ])
  })
})

/** A pipeline of up to 12 blocks: each takes from some of those before it. */
const pipelines = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((rows): PipelineConfig => {
    const blocks: Record<string, PipelineBlock> = {}
    for (const [i, sources] of rows.entries())
      blocks[`b${i}`] = {
        inputs:
          i === 0 ? {} : Object.fromEntries(sources.map((at, p) => [`in${p}`, { node: `b${at % i}`, port: 'out' }])),
      }
    return { ...diamond, context: { blocks } }
  })
const fates = fc.array(fc.constantFrom('settle', 'twice', 'lose', 'die', 'branch'), { maxLength: 60 })

test('whatever is lost, late or doubled on the way, every run ends, and each block gave exactly one result', () => {
  fc.assert(
    fc.property(pipelines, fates, (config, list) => {
      let { snapshot, start } = stepRun(config, null, started)
      const waiting = [...start]
      const results: Record<string, number> = {}
      const apply = (event: PipelineEvent): boolean => {
        const stepped = stepRun(config, JSON.parse(JSON.stringify(snapshot)), event)
        snapshot = stepped.snapshot
        waiting.push(...stepped.start)
        return stepped.changed
      }
      for (let i = 0; waiting.length > 0 && snapshot.value === 'running'; i++) {
        const { node, attempt } = waiting.shift()!
        const fate = list[i] ?? 'settle'
        if (fate === 'lose') apply({ type: 'node.lost', node, attempt })
        else if (fate === 'die') apply(failed(node, attempt, failure('compute-died')))
        else if (fate === 'branch' && !isTrial(node)) apply(branched([`t${i}`, `u${i}`], attempt, {}, node))
        else
          for (const _ of fate === 'twice' ? [1, 2] : [1])
            if (apply(settled(node, attempt))) results[node] = (results[node] ?? 0) + 1
      }
      expect(['done', 'failed']).toContain(snapshot.value)
      if (snapshot.value === 'done')
        expect(
          Object.entries(results)
            .filter(([id]) => !isTrial(id))
            .sort(),
        ).toEqual(
          Object.keys(config.context.blocks)
            .sort()
            .map((id) => [id, 1]),
        )
    }),
  )
})
