import { describe, expect, it } from 'vitest'
import type { StudioEvent } from '#server/api/dto.ts'
import { applyEvent, isGoingOn, runProgress } from './live-run.ts'

const start = { run: null, status: null, nodes: {} }
const play = (events: StudioEvent[]) => events.reduce(applyEvent, start as Parameters<typeof applyEvent>[0])

describe('the run that goes on', () => {
  it('gathers a curve from the progress of a block', () => {
    const state = play([
      { type: 'run.started', run: 'run_1', nodes: ['split', 'tune'] },
      { type: 'node.settled', run: 'run_1', node: 'split', seconds: 1, reused: true, figure: null },
      { type: 'node.started', run: 'run_1', node: 'tune' },
      { type: 'node.progressed', run: 'run_1', node: 'tune', progress: { phase: 'features', share: 0.1 } },
      {
        type: 'node.progressed',
        run: 'run_1',
        node: 'tune',
        progress: { phase: 'training', share: 0.5, loss: 1.2, step: 40 },
      },
      {
        type: 'node.progressed',
        run: 'run_1',
        node: 'tune',
        progress: { phase: 'training', share: 0.6, loss: 0.9, validationAccuracy: 0.8, secondsLeft: 7 },
      },
    ])
    expect(state.nodes.split?.status).toBe('reused')
    expect(state.nodes.tune?.curve.map((point) => point.loss)).toEqual([1.2, 0.9])
    expect(runProgress(state)).toEqual({ share: 0.8, secondsLeft: 7, node: 'tune' })
  })

  it('leaves no block running once the run has ended', () => {
    const state = play([
      { type: 'run.started', run: 'run_1', nodes: ['split', 'tune'] },
      { type: 'node.settled', run: 'run_1', node: 'split', seconds: 1, reused: false, figure: null },
      { type: 'node.started', run: 'run_1', node: 'tune' },
      { type: 'run.ended', run: 'run_1', status: 'cancelled', failure: null },
      { type: 'node.progressed', run: 'run_1', node: 'tune', progress: { phase: 'training', share: 0.5 } },
    ])
    expect(Object.values(state.nodes).map((node) => node.status)).toEqual(['done', 'cancelled'])
  })

  it('draws the curve anew for each trial of a search', () => {
    const progress = { phase: 'training', share: 0.5, loss: 2, trial: 1, trials: 5 } as const
    const state = play([
      { type: 'run.started', run: 'run_1', nodes: ['tune'] },
      { type: 'node.progressed', run: 'run_1', node: 'tune', progress },
      { type: 'node.progressed', run: 'run_1', node: 'tune', progress: { ...progress, loss: 3, trial: 2 } },
      { type: 'node.progressed', run: 'run_1', node: 'tune', progress: { ...progress, loss: 1, trial: 2 } },
    ])
    expect(state.nodes.tune?.curve.map((point) => point.loss)).toEqual([3, 1])
  })

  it('keeps what a block told, once each, when it is tried again', () => {
    const note = { code: 'memory-ran-out', params: { rows: 8 }, at: '2026-01-01T00:00:00.000Z' } as const
    const state = play([
      { type: 'run.started', run: 'run_1', nodes: ['tune'] },
      { type: 'node.noted', run: 'run_1', node: 'tune', note },
      { type: 'node.noted', run: 'run_1', node: 'tune', note },
      { type: 'node.started', run: 'run_1', node: 'tune' },
    ])
    expect(state.nodes.tune?.notes).toEqual([note])
  })

  it('begins anew with another run and ends once', () => {
    const state = play([
      { type: 'run.started', run: 'run_1', nodes: ['a'] },
      { type: 'node.started', run: 'run_2', node: 'b' },
      { type: 'run.ended', run: 'run_2', status: 'done', failure: null },
    ])
    expect(Object.keys(state.nodes)).toEqual(['b'])
    expect(isGoingOn(state.status)).toBe(false)
  })
})
