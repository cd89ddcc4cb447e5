import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineNode, port } from '#kit'
import { graphOf } from '../../tests/drivers/chat.ts'
import type { GraphDocument } from '../graph/document.ts'
import { compilePipeline } from './compile-pipeline.ts'
import { createPipelineMachine } from './pipeline-vocabulary.ts'

const light = { version: 1, family: 'pipeline', runsOn: 'server', hue: 'data', icon: 'database' } as const
const source = defineNode({
  ...light,
  type: 'source',
  config: z.object({}),
  inputs: {},
  outputs: { out: port('dataset') },
})
const mix = defineNode({
  ...light,
  type: 'mix',
  config: z.object({ share: z.number().max(1).default(0.5) }),
  inputs: { a: port('dataset'), b: port('dataset', { optional: true }) },
  outputs: { out: port('dataset') },
})
const registry = { nodes: { source, mix } }

const graph = (types: Record<string, string>, wires: string[]): GraphDocument => {
  const document = graphOf({}, wires)
  for (const [id, type] of Object.entries(types))
    document.nodes[id] = { id, type, version: 1, dialog: 'main', config: {} }
  return document
}

const graphs = {
  'pipeline-chain': graph({ data: 'source', clean: 'mix', last: 'mix' }, ['data -> clean/a', 'clean -> last/a']),
  'pipeline-diamond': graph({ top: 'source', left: 'mix', right: 'mix', end: 'mix' }, [
    'top -> left/a',
    'top -> right/a',
    'left -> end/a',
    'right -> end/b',
  ]),
}

describe('each Learn half compiles to the machine beside it', () => {
  test.each(Object.entries(graphs))('%s', (name, document) => {
    const file = new URL(`./golden/${name}.json`, import.meta.url)
    const compiled = compilePipeline(document, registry)
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, `${JSON.stringify(compiled, null, 2)}\n`)
    expect(compiled).toEqual(JSON.parse(readFileSync(file, 'utf8')))
  })
})

test('every guard and action that a compiled pipeline names exists', () => {
  const machine = createPipelineMachine(compilePipeline(graphs['pipeline-diamond'], registry))
  const { guards, actions } = machine.implementations
  const named = { guards: new Set<string>(), actions: new Set<string>() }
  JSON.stringify(compilePipeline(graphs['pipeline-diamond'], registry).states, (key, value) => {
    if (key === 'guard') named.guards.add(value)
    if (key === 'actions') for (const action of value) named.actions.add(action)
    return value
  })
  expect([...named.guards].filter((name) => !(name in guards))).toEqual([])
  expect([...named.actions].filter((name) => !(name in actions))).toEqual([])
  expect(named.actions.size).toBeGreaterThan(3)
})

test('nothing that a restored snapshot would run again or lose is in a compiled pipeline', () => {
  const text = JSON.stringify(compilePipeline(graphs['pipeline-diamond'], registry))
  for (const trap of ['invoke', 'spawn', 'after', 'always', 'raise']) expect(text).not.toContain(`"${trap}"`)
})

test('moving blocks on the canvas changes nothing in the machine', () => {
  const chain = graphs['pipeline-chain']
  const moved = { ...chain, view: { ...chain.view, positions: { data: { x: 5, y: 6 } } } }
  expect(compilePipeline(moved, registry)).toEqual(compilePipeline(chain, registry))
})

describe('what cannot be compiled is named', () => {
  test('a pipeline that runs in a circle, with the blocks of the circle', () => {
    const circle = graph({ data: 'source', a: 'mix', b: 'mix' }, ['data -> a/a', 'a -> b/a', 'b -> a/b'])
    expect(() => compilePipeline(circle, registry)).toThrow(
      expect.objectContaining({ code: 'pipeline-cycle', params: { blocks: 'a, b' } }),
    )
  })
  test('a bot without a Learn half', () => {
    expect(() => compilePipeline(graph({}, []), registry)).toThrow(expect.objectContaining({ code: 'nothing-to-run' }))
  })
  test('a setting that is out of bounds, with its block and field', () => {
    const broken = graph({ data: 'source', a: 'mix' }, ['data -> a/a'])
    broken.nodes.a!.config = { share: 7 }
    expect(() => compilePipeline(broken, registry)).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        params: expect.objectContaining({ block: 'a', field: 'share' }),
      }),
    )
  })
})
