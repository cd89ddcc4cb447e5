import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { transition } from 'xstate'
import { definitions } from '#nodes/registry.gen.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import type { GraphDocument } from '../graph/document.ts'
import { compileDialog } from './compile-dialog.ts'
import { createDialogMachine } from './dialog-vocabulary.ts'

const registry = { nodes: definitions }
const menu = { text: { en: 'Hi' }, buttons: [{ id: 'a', text: { en: 'A' } }] }
const graphs: Record<string, GraphDocument> = {
  'menu-with-loop': graphOf(
    {
      s: { type: 'start' },
      menu: { type: 'say', config: menu },
      order: { type: 'ask', config: { question: { en: 'Order?' }, variable: 'order' } },
      bye: { type: 'end' },
    },
    ['s -> menu', 'menu/button:a -> order', 'menu -> menu', 'order -> bye', 'order/failed -> menu'],
  ),
  'intent-with-labels': graphOf(
    {
      s: { type: 'start' },
      i: { type: 'intent' },
      a: { type: 'say', config: { text: { en: 'A' } } },
      h: { type: 'hand-over' },
      model: { type: 'split' },
    },
    ['s -> i', 'i/lbl_a -> a', 'a -> i', 'i/fallback -> h'],
  ),
}

describe('each graph compiles to the machine beside it', () => {
  test.each(Object.keys(graphs))('%s', (name) => {
    const file = new URL(`./golden/${name}.json`, import.meta.url)
    const compiled = compileDialog(graphs[name]!, registry)
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, `${JSON.stringify(compiled, null, 2)}\n`)
    expect(compiled).toEqual(JSON.parse(readFileSync(file, 'utf8')))
  })
})

test('the compiled machine follows the port and stays where it has no wire', () => {
  const config = JSON.parse(JSON.stringify(compileDialog(graphs['menu-with-loop']!, registry)))
  const machine = createDialogMachine(config)
  const go = (at: string, port: string) =>
    transition(machine, machine.resolveState({ value: at, context: {} }), { type: 'block.left', port })[0].value
  expect(go('s', 'out')).toBe('menu')
  expect(go('menu', 'button:a')).toBe('order')
  expect(go('menu', 'out')).toBe('menu')
  expect(go('order', 'nowhere')).toBe('order')
})

test('moving blocks on the canvas changes nothing in the machine', () => {
  const graph = graphs['menu-with-loop']!
  const moved = { ...graph, view: { ...graph.view, positions: { s: { x: 5, y: 6 } } } }
  expect(compileDialog(moved, registry)).toEqual(compileDialog(graph, registry))
})

describe('what cannot be compiled is named', () => {
  const say = { type: 'say', config: { text: { en: 'Hi' } } }
  test.each([
    ['dialog-without-start', graphOf({ a: say }, [])],
    ['dialog-two-starts', graphOf({ s: { type: 'start' }, t: { type: 'start' } }, [])],
    ['dialog-wire-lost', graphOf({ s: { type: 'start' } }, ['s -> gone'])],
    ['dialog-wire-doubled', graphOf({ s: { type: 'start' }, a: say, b: say }, ['s -> a', 's -> b'])],
  ])('%s', (code, graph) => {
    expect(() => compileDialog(graph, registry)).toThrow(expect.objectContaining({ code }))
  })
  test('unknown-block', () => {
    const graph = structuredClone(graphs['menu-with-loop']!)
    graph.nodes.menu!.type = 'teleport'
    expect(() => compileDialog(graph, registry)).toThrow(expect.objectContaining({ code: 'unknown-block' }))
  })
  test('invalid-config', () => {
    const graph = structuredClone(graphs['menu-with-loop']!)
    graph.nodes.order!.config.tries = 'many'
    expect(() => compileDialog(graph, registry)).toThrow(expect.objectContaining({ code: 'invalid-config' }))
  })
})
