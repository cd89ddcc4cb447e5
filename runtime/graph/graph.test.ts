import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineNode, type Facts, port } from '#kit'
import { emptyDocument, type GraphDocument } from './document.ts'
import { createGraphView } from './graph-view.ts'
import type { NodeRegistry } from './registry.ts'
import { type ContentOf, pipelineFingerprints, staleCauses, staleReasons } from './staleness.ts'
import { pipelineOrder, upstream } from './topology.ts'
import { findProblems } from './validate.ts'
import { canConnect } from './wiring.ts'

const title = (field: string) => ({ title: `x.${field}` })
const common = { version: 1, hue: 'data', icon: 'table' } as const
const data = defineNode({
  ...common,
  type: 'data',
  family: 'pipeline',
  runsOn: 'server',
  config: z.object({
    set: z
      .string()
      .default('')
      .meta({ ...title('set'), ref: 'set' }),
  }),
  inputs: {},
  outputs: { data: port('dataset') },
})
const train = defineNode({
  ...common,
  type: 'train',
  family: 'pipeline',
  runsOn: 'worker',
  config: z.object({
    epochs: z.number().int().min(1).default(3).meta(title('epochs')),
    writing: z.boolean().default(false).meta(title('writing')),
  }),
  gives: ({ writing }) => (writing ? 'answers' : undefined),
  inputs: {
    train: port('dataset'),
    validation: port('dataset', { optional: true }),
    start: port('classifier', { optional: true, endsLabels: true }),
  },
  outputs: { model: port('classifier') },
})
const merge = defineNode({
  ...common,
  type: 'merge',
  family: 'pipeline',
  runsOn: 'worker',
  config: z.object({}),
  inputs: { a: port('dataset'), b: port('dataset', { optional: true }) },
  outputs: { data: port('dataset') },
})
const start = defineNode({
  ...common,
  type: 'start',
  family: 'dialog',
  runsOn: 'conversation',
  single: true,
  config: z.object({}),
  inputs: {},
  outputs: { out: port('flow') },
})
const intent = defineNode({
  ...common,
  type: 'intent',
  family: 'dialog',
  runsOn: 'conversation',
  config: z.object({}),
  inputs: { in: port('flow'), model: port('classifier', { needsLabels: true }) },
  outputs: (_, facts) => ({
    ...Object.fromEntries(facts.labels.map((label) => [label.id, port('flow', { label })])),
    fallback: port('flow'),
  }),
})
const registry: NodeRegistry = { nodes: { data, train, merge, start, intent } }
const noFacts: Facts = { labels: {}, rows: {} }

const graph = (nodes: Record<string, string>, wires: [string, string, string, string][]): GraphDocument => ({
  ...emptyDocument('bot_1'),
  nodes: Object.fromEntries(
    Object.entries(nodes).map(([id, type]) => [id, { id, type, version: 1, dialog: 'main', config: {} }]),
  ),
  edges: Object.fromEntries(
    wires.map(([from, out, to, into], i) => [
      `e${i}`,
      { id: `e${i}`, from: { node: from, port: out }, to: { node: to, port: into } },
    ]),
  ),
})
const whole = graph({ d: 'data', t: 'train', s: 'start', i: 'intent' }, [
  ['d', 'data', 't', 'train'],
  ['t', 'model', 'i', 'model'],
  ['s', 'out', 'i', 'in'],
])
const facts: Facts = {
  labels: {
    d: [
      { id: 'lbl_a', name: 'a', rows: 30, trained: true },
      { id: 'lbl_new', name: 'new', rows: 3, trained: false },
    ],
  },
  rows: { d: 33 },
}

test('labels upstream of the model wire are the ports of the intent block', () => {
  expect(Object.keys(createGraphView(whole, registry, facts).portsOf('i').outputs)).toEqual([
    'lbl_a',
    'lbl_new',
    'fallback',
  ])
  expect(createGraphView(whole, registry, facts).factsOf('i').rows).toBe(33)
})

test('a second text of rows is known downstream of them', () => {
  const pairs: Facts = { ...facts, pairs: { d: true } }
  expect(createGraphView(whole, registry, pairs).factsOf('i')).toMatchObject({ rows: 33, pairs: true })
  expect(createGraphView(whole, registry, facts).factsOf('i')).not.toHaveProperty('pairs')
  expect(createGraphView(whole, registry, { labels: {}, rows: {}, pairs: { t: true } }).factsOf('i').pairs).toBe(true)
})

test('labels of a model that training starts from end there, and its data are upstream all the same', () => {
  const two = graph({ old: 'data', before: 'train', d: 'data', t: 'train', s: 'start', i: 'intent' }, [
    ['old', 'data', 'before', 'train'],
    ['before', 'model', 't', 'start'],
    ['d', 'data', 't', 'train'],
    ['t', 'model', 'i', 'model'],
  ])
  const old = [{ id: 'lbl_old', name: 'old', rows: 5, trained: true }]
  const known: Facts = { labels: { ...facts.labels, old, before: old }, rows: { ...facts.rows, old: 5 } }
  expect(Object.keys(createGraphView(two, registry, known).portsOf('i').outputs)).toEqual([
    'lbl_a',
    'lbl_new',
    'fallback',
  ])
  expect(createGraphView(two, registry, known).factsOf('t').rows).toBe(33)
  expect(upstream(two, registry, 'i')).toContain('old')
  expect(
    canConnect(createGraphView(two, registry, noFacts), { node: 'd', port: 'data' }, { node: 'before', port: 'start' }),
  ).toBe('types-differ')
})

test('a wire fits only between ports of one type that are free', () => {
  const view = createGraphView(whole, registry, noFacts)
  expect(canConnect(view, { node: 'd', port: 'data' }, { node: 't', port: 'validation' })).toBeNull()
  expect(canConnect(view, { node: 'd', port: 'data' }, { node: 't', port: 'train' })).toBe('input-taken')
  expect(canConnect(view, { node: 'd', port: 'data' }, { node: 'i', port: 'in' })).toBe('types-differ')
  expect(canConnect(view, { node: 's', port: 'out' }, { node: 'i', port: 'in' })).toBe('output-taken')
  expect(canConnect(view, { node: 'i', port: 'fallback' }, { node: 'i', port: 'in' })).toBeNull()
  expect(canConnect(view, { node: 'd', port: 'nope' }, { node: 'i', port: 'in' })).toBe('no-such-port')
})

test('a wire that would make the data run in a circle is refused', () => {
  const two = graph({ a: 'merge', b: 'merge' }, [['a', 'data', 'b', 'a']])
  expect(
    canConnect(createGraphView(two, registry, noFacts), { node: 'b', port: 'data' }, { node: 'a', port: 'a' }),
  ).toBe('cycle')
})

test('a circle in a stored graph is named block by block and the rest keeps its order', () => {
  const two = graph({ a: 'merge', b: 'merge', behind: 'merge', d: 'data' }, [
    ['a', 'data', 'b', 'a'],
    ['b', 'data', 'a', 'a'],
    ['b', 'data', 'behind', 'a'],
  ])
  expect(pipelineOrder(two, registry)).toEqual({ order: ['d'], cycle: ['a', 'b'] })
  expect(
    findProblems(createGraphView(two, registry, noFacts))
      .filter((p) => p.code === 'pipeline-cycle')
      .map((p) => p.node),
  ).toEqual(['a', 'b'])
})

test('upstream follows the data', () => {
  expect(upstream(whole, registry, 'i')).toEqual(['t', 'd'])
})

test('what is missing or loose is said at the block: an input, a port, a start', () => {
  const loose = graph({ t: 'train', i: 'intent' }, [])
  const codes = findProblems(createGraphView(loose, registry, noFacts)).map((p) =>
    `${p.severity} ${p.code} ${p.node ?? ''} ${p.port ?? ''}`.trim(),
  )
  expect(codes).toContain('error input-missing t train')
  expect(codes).toContain('error input-missing i model')
  expect(codes).toContain('error start-missing')
  expect(codes).toContain('warning unreachable i')
  expect(codes).not.toContain('error input-missing t validation')
})

test('however many wires lead to a block, looking for problems reads it and asks for its ports once', () => {
  const asked: string[] = []
  const crowded = defineNode({
    ...common,
    type: 'crowded',
    family: 'dialog',
    runsOn: 'conversation',
    config: z.object({ id: z.string() }),
    inputs: { in: port('flow') },
    outputs: ({ id }) => {
      asked.push(id)
      return { out: port('flow') }
    },
  })
  const ids = Array.from({ length: 40 }, (_, i) => `c${i}`)
  const crowd = graph(Object.fromEntries(ids.map((id) => [id, 'crowded'])), [
    ...ids.slice(1).map((id): [string, string, string, string] => [id, 'out', 'c0', 'in']),
  ])
  for (const id of ids) crowd.nodes[id]!.config = { id }
  findProblems(createGraphView(crowd, { nodes: { ...registry.nodes, crowded } }, noFacts))
  expect(asked.sort()).toEqual([...ids].sort())
})

test('a model that writes answers is refused where intents are told, by whatever way it comes', () => {
  const wires: Parameters<typeof graph>[1] = [
    ['d', 'data', 'w', 'train'],
    ['d', 'data', 't', 'train'],
    ['w', 'model', 't', 'start'],
    ['t', 'model', 'i', 'model'],
    ['s', 'out', 'i', 'in'],
  ]
  const nodes = { d: 'data', w: 'train', t: 'train', s: 'start', i: 'intent' }
  const writing = (id: string, document = graph(nodes, wires)) => ({
    ...document,
    nodes: { ...document.nodes, [id]: { ...document.nodes[id]!, config: { writing: true } } },
  })
  const found = (document: GraphDocument) =>
    findProblems(createGraphView(document, registry, noFacts)).filter((p) => p.code === 'model-writes')
  expect(found(writing('t'))).toEqual([
    { severity: 'error', code: 'model-writes', half: 'talk', node: 'i', port: 'model' },
  ])
  expect(createGraphView(writing('t'), registry, noFacts).factsOf('i').gives).toBe('answers')
  // What training goes on from says nothing of what it gives.
  expect(found(writing('w'))).toEqual([])
})

test('a label that no model knows yet is a warning at its port, never an error', () => {
  const found = findProblems(createGraphView(whole, registry, facts)).filter((p) => p.port === 'lbl_new')
  expect(found.map((p) => p.code)).toContain('label-untrained')
  expect(found.every((p) => p.severity === 'warning')).toBe(true)
})

test('a config that does not parse is an error at its block and field', () => {
  const broken = { ...whole, nodes: { ...whole.nodes, t: { ...whole.nodes.t!, config: { epochs: 0 } } } }
  expect(findProblems(createGraphView(broken, registry, facts)).find((p) => p.code === 'invalid-config')).toMatchObject(
    {
      node: 't',
      field: 'epochs',
    },
  )
})

test('an edit stales exactly the block and what is behind it, and says why', () => {
  const revisions: Record<string, string> = { set_1: 'r1' }
  const contentOf: ContentOf = (kind, value) => `${kind}:${revisions[value]}`
  const withSet: GraphDocument = {
    ...whole,
    nodes: { ...whole.nodes, d: { ...whole.nodes.d!, config: { set: 'set_1' } } },
  }
  const before = pipelineFingerprints(withSet, registry, contentOf)
  const tuned: GraphDocument = {
    ...withSet,
    nodes: { ...withSet.nodes, t: { ...withSet.nodes.t!, config: { epochs: 9 } } },
  }
  const after = pipelineFingerprints(tuned, registry, contentOf)
  const lastOf = (node: string) => before[node] ?? null
  expect(staleCauses(after, lastOf)).toEqual({ t: [{ kind: 'field', field: 'epochs', from: 3, to: 9 }] })
  expect(staleCauses(pipelineFingerprints(withSet, registry, contentOf), lastOf)).toEqual({})
  revisions.set_1 = 'r2'
  const moreRows = staleCauses(pipelineFingerprints(withSet, registry, contentOf), lastOf)
  expect(moreRows).toEqual({
    d: [{ kind: 'content', field: 'set' }],
    t: [{ kind: 'upstream', node: 'd', cause: { kind: 'content', field: 'set' } }],
  })
  const rows = { kind: 'rows', field: 'set', added: 3, removed: 0, changed: 1 } as const
  const told = (node: string) => staleReasons(moreRows[node]!, node, (of) => (of === 'd' ? [rows] : []))
  expect(told('d')).toEqual([rows])
  expect(told('t')).toEqual([{ kind: 'upstream', node: 'd', cause: rows }])
  expect(staleCauses(after, () => null).t).toEqual([{ kind: 'never-ran' }])
})

test('the nearest cause of a stale block comes first, and one that began further up is told by the block where it began', () => {
  const chain: GraphDocument = {
    ...whole,
    nodes: {
      d: { ...whole.nodes.d!, config: { set: 's' } },
      m: { id: 'm', type: 'merge', version: 1, dialog: 'main', config: {} },
      t: whole.nodes.t!,
    },
    edges: {
      a: { id: 'a', from: { node: 'd', port: 'data' }, to: { node: 'm', port: 'a' } },
      b: { id: 'b', from: { node: 'm', port: 'data' }, to: { node: 't', port: 'train' } },
    },
  }
  const at = (revision: string, document = chain) => pipelineFingerprints(document, registry, () => revision)
  const before = at('r1')
  const edited = { ...chain, nodes: { ...chain.nodes, t: { ...chain.nodes.t!, config: { epochs: 5 } } } }
  expect(staleCauses(at('r2', edited), (node) => before[node] ?? null)).toEqual({
    d: [{ kind: 'content', field: 'set' }],
    m: [{ kind: 'upstream', node: 'd', cause: { kind: 'content', field: 'set' } }],
    t: [
      { kind: 'field', field: 'epochs', from: 3, to: 5 },
      { kind: 'upstream', node: 'd', cause: { kind: 'content', field: 'set' } },
    ],
  })
  // What ran again by itself is fresh; what lies behind it has another input all the same.
  const ran = at('r2')
  expect(staleCauses(ran, (node) => (node === 't' ? before.t! : ran[node]!))).toEqual({
    t: [{ kind: 'upstream', node: 'm', cause: null }],
  })
  const { b: _, ...cut } = chain.edges
  expect(staleCauses(at('r1', { ...chain, edges: cut }), (node) => before[node] ?? null)).toEqual({
    t: [{ kind: 'wiring' }],
  })
})

test('moving, renaming and editing a reply never stale the Learn half', () => {
  const contentOf: ContentOf = () => 'same'
  const before = pipelineFingerprints(whole, registry, contentOf)
  const edited = {
    ...whole,
    nodes: { ...whole.nodes, d: { ...whole.nodes.d!, name: 'Records' } },
    view: { ...whole.view, positions: { d: { x: 9, y: 9 } } },
    languages: ['en'],
  }
  expect(pipelineFingerprints(edited, registry, contentOf)).toEqual(before)
})
