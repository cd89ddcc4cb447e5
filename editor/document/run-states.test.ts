import { beforeEach, expect, test } from 'vitest'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { pipelineFingerprints } from '#runtime/graph/staleness.ts'
import type { NodeState } from '#server/api/dto.ts'
import { registry } from './registry.ts'
import { runStates } from './run-states.ts'
import { idle } from './stale-now.ts'

/** Records, a split and a training over them, all run once. */
const graph: GraphDocument = {
  ...emptyDocument('bot_1'),
  nodes: {
    data: { id: 'data', type: 'data-source', version: 1, dialog: 'main', config: { set: 'set_1' } },
    split: { id: 'split', type: 'split', version: 1, dialog: 'main', config: {} },
    learn: {
      id: 'learn',
      type: 'fine-tune',
      version: registry.nodes['fine-tune']!.version,
      dialog: 'main',
      config: {},
    },
    say: { id: 'say', type: 'say', version: 1, dialog: 'main', config: {} },
  },
  edges: {
    a: { id: 'a', from: { node: 'data', port: 'data' }, to: { node: 'split', port: 'data' } },
    b: { id: 'b', from: { node: 'split', port: 'train' }, to: { node: 'learn', port: 'train' } },
  },
}
const edit = (node: string, config: Record<string, unknown>): GraphDocument => ({
  ...graph,
  nodes: { ...graph.nodes, [node]: { ...graph.nodes[node]!, config: { ...graph.nodes[node]!.config, ...config } } },
})

/** What the server tells after a run over this content, or with the rows that came since. */
function told(rowsNow = 'r1'): NodeState[] {
  const at = (rows: string) => pipelineFingerprints(graph, registry, (ref, value) => (ref === 'set' ? rows : value))
  const [last, now] = [at('r1'), at(rowsNow)]
  return Object.keys(now).map((node) => ({
    ...idle(node),
    status: 'done',
    last: last[node]!,
    known: [last[node]!.hash],
    contents: Object.fromEntries(
      Object.entries(now[node]!.contents).map(([field, hash]) => [
        field,
        { ref: node === 'data' ? 'set' : 'encoder', value: String(now[node]!.config[field]), hash } as const,
      ]),
    ),
    stale:
      rowsNow !== 'r1' && node === 'data' ? [{ kind: 'rows', field: 'set', added: 3, removed: 0, changed: 0 }] : null,
  }))
}
const stale = () =>
  Object.fromEntries(Object.entries(runStates.getState().states).map(([node, state]) => [node, state.stale]))
const fresh = { data: null, split: null, learn: null }

beforeEach(() => {
  runStates.getState().judge(emptyDocument('other'))
  runStates.getState().replace([])
  runStates.getState().judge(graph)
  runStates.getState().replace(told())
})

test('an edit makes its block and what is behind it stale before the server has heard of it, and undoing it takes that away', () => {
  expect(stale()).toEqual(fresh)
  runStates.getState().judge(edit('split', { seed: 77 }))
  expect(stale()).toEqual({
    data: null,
    split: [{ kind: 'field', field: 'seed', from: expect.any(Number), to: 77 }],
    learn: [{ kind: 'upstream', node: 'split', cause: expect.objectContaining({ field: 'seed' }) }],
  })
  runStates.getState().judge({ ...graph, nodes: { ...graph.nodes } })
  expect(stale()).toEqual(fresh)
})

test('a wire that is cut stales what it led to, a new block has never run, and a deleted one is not counted', () => {
  runStates.getState().judge({ ...graph, edges: { a: graph.edges.a! } })
  expect(stale()).toEqual({ data: null, split: null, learn: [{ kind: 'wiring' }] })
  const { split: _, ...rest } = graph.nodes
  runStates.getState().judge({
    ...graph,
    nodes: { ...rest, clean: { id: 'clean', type: 'preprocess', version: 1, dialog: 'main', config: {} } },
    edges: {},
  })
  expect(stale()).toEqual({ data: null, clean: [{ kind: 'never-ran' }], learn: [{ kind: 'wiring' }] })
})

test('rows that the server counted stay counted while something else is edited', () => {
  const rows = { kind: 'rows', field: 'set', added: 3, removed: 0, changed: 0 } as const
  runStates.getState().replace(told('r2'))
  expect(stale().learn).toEqual([{ kind: 'upstream', node: 'data', cause: rows }])
  runStates.getState().judge(edit('learn', { epochs: 9 }))
  expect(stale().data).toEqual([rows])
  expect(stale().learn).toEqual([
    { kind: 'field', field: 'epochs', from: null, to: 9 },
    { kind: 'upstream', node: 'data', cause: rows },
  ])
})

test('an answer to an earlier edit does not take away what a later one made stale', () => {
  runStates.getState().judge(edit('split', { seed: 77 }))
  runStates.getState().replace(told())
  expect(stale().split).toEqual([{ kind: 'field', field: 'seed', from: expect.any(Number), to: 77 }])
})

test('a result that came while the block was edited on leaves it stale, and one of the same settings makes it fresh', () => {
  const edited = edit('split', { seed: 77 })
  runStates.getState().judge(edited)
  runStates.getState().receive({ type: 'run.started', run: 'run_1', nodes: ['data', 'split', 'learn'] })
  const settle = { type: 'node.settled', run: 'run_1', node: 'split', seconds: 1, reused: false, figure: null } as const
  runStates.getState().receive(settle)
  expect(stale().split).toBeNull()
  runStates.getState().judge(edit('split', { seed: 78 }))
  expect(stale().split).toEqual([{ kind: 'field', field: 'seed', from: 77, to: 78 }])
})

test('what a reply says and where a block lies make nothing stale, and no state is made anew', () => {
  const { states } = runStates.getState()
  runStates.getState().judge({ ...edit('say', { text: { en: 'hi' } }), view: { ...graph.view, positions: {} } })
  expect(runStates.getState().states).toBe(states)
})

test('settings that cannot be read unsettle their block and those behind it, and nothing before it', () => {
  runStates.getState().judge(edit('split', { seed: 'nine' }))
  expect(stale()).toEqual({ data: null, split: [{ kind: 'unreadable' }], learn: [{ kind: 'unreadable' }] })
  runStates.getState().judge(graph)
  expect(stale()).toEqual(fresh)
})
