import { expect, test } from 'vitest'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import type { NodeState } from '#server/api/dto.ts'
import { runPlan } from './run-plan.ts'
import { idle } from './stale-now.ts'

const block = (id: string, type: string) => ({ id, type, version: 1, dialog: 'main', config: {} })
const graph: GraphDocument = {
  ...emptyDocument('bot_1'),
  nodes: {
    learn: block('learn', 'fine-tune'),
    data: block('data', 'data-source'),
    split: block('split', 'split'),
    exam: block('exam', 'evaluate'),
  },
  edges: {
    a: { id: 'a', from: { node: 'data', port: 'data' }, to: { node: 'split', port: 'data' } },
    b: { id: 'b', from: { node: 'split', port: 'train' }, to: { node: 'learn', port: 'train' } },
    c: { id: 'c', from: { node: 'learn', port: 'model' }, to: { node: 'exam', port: 'model' } },
  },
}
const dataset = { artifact: 'a'.repeat(64), rows: 100, labels: [], outOfScopeRows: 0, languages: [] }
const ran = (node: string, seconds: number, more: Partial<NodeState> = {}): NodeState => ({
  ...idle(node),
  status: 'done',
  stale: null,
  seconds,
  run: 'run_1',
  ...more,
})
const wiring = [{ kind: 'wiring' }] as const

test('the plan names the stale blocks in the order of the data, and what is used again', () => {
  const states = {
    data: ran('data', 1),
    split: ran('split', 1),
    learn: ran('learn', 40, { stale: [...wiring] }),
    exam: ran('exam', 2, { stale: [...wiring] }),
  }
  expect(runPlan(graph, states)).toEqual({
    stale: [
      { node: 'learn', seconds: 40 },
      { node: 'exam', seconds: 2 },
    ],
    kept: [
      { node: 'data', run: 'run_1' },
      { node: 'split', run: 'run_1' },
    ],
    seconds: 42,
    unknown: 0,
  })
})

test('with half as many rows again a block takes half as long again', () => {
  const states = {
    data: ran('data', 2, {
      stale: [{ kind: 'rows', field: 'set', added: 60, removed: 10, changed: 3 }],
      outputs: { data: dataset },
      contents: { set: { ref: 'set', value: 'set_1', hash: 'h' } },
    }),
    learn: ran('learn', 40, { stale: [...wiring] }),
  }
  const { stale } = runPlan(graph, states)
  expect(Object.fromEntries(stale.map(({ node, seconds }) => [node, seconds]))).toEqual({
    data: 3,
    split: null,
    learn: 60,
    exam: null,
  })
})

test('what has never run is counted as unknown and not as nothing', () => {
  expect(runPlan(graph, {})).toMatchObject({ seconds: 0, unknown: 4, kept: [] })
})
