import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { definitions } from '#nodes/registry.gen.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { subDialog } from './node.ts'

describeBlock(subDialog, import.meta.url, { dialog: 'order' })

const registry = { nodes: definitions }
const word = (text: string) => ({ type: 'say', config: { text: { en: text } } })

/** A graph whose blocks named `order_...` stand in the dialog `order`, likewise for `inner`. */
function graphWith(...given: Parameters<typeof graphOf>): GraphDocument {
  const graph = graphOf(...given)
  for (const dialog of ['order', 'inner']) {
    graph.dialogs[dialog] = { id: dialog, name: dialog, parameters: [] }
    for (const node of Object.values(graph.nodes)) if (node.id.startsWith(`${dialog}_`)) node.dialog = dialog
  }
  return graph
}

const ask = { type: 'ask', config: { question: { en: 'Which order?' }, variable: 'order' } }

describe('a sub-dialog', () => {
  test('is gone through, waits for its answers, and comes back to what follows the block', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          call: {
            type: 'sub-dialog',
            config: { dialog: 'order', give: [{ id: '1', variable: 'why', value: 'a return' }] },
          },
          done: word('Order {{order}}, {{why}}.'),
          order_s: { type: 'start' },
          order_ask: ask,
          e: { type: 'end' },
        },
        ['s -> call', 'call -> done', 'done -> e', 'order_s -> order_ask'],
      ),
    )
    expect(await chat.start('en')).toEqual(['Which order?'])
    expect(await chat.says('B12')).toEqual(['Order B12, a return.'])
    expect(chat.path()).toEqual(['order_ask', 'call', 'done', 'e'])
    expect(chat.session).toMatchObject({ status: 'ended', calls: [] })
  })

  test('is found again after each of its callers, and inside of another', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          one: { type: 'sub-dialog', config: { dialog: 'order' } },
          two: { type: 'sub-dialog', config: { dialog: 'inner' } },
          done: word('all'),
          e: { type: 'end' },
          order_s: { type: 'start' },
          order_a: word('outer'),
          order_call: { type: 'sub-dialog', config: { dialog: 'inner' } },
          order_b: word('outer again'),
          inner_s: { type: 'start' },
          inner_a: word('inner'),
        },
        [
          's -> one',
          'one -> two',
          'two -> done',
          'done -> e',
          'order_s -> order_a',
          'order_a -> order_call',
          'order_call -> order_b',
          'inner_s -> inner_a',
        ],
      ),
    )
    expect(await chat.start('en')).toEqual(['outer', 'inner', 'outer again', 'inner', 'all'])
  })

  test('hands over what a name stands for as it is, and words with names as text', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          set: { type: 'set', config: { assignments: [{ id: '1', variable: 'n', kind: 'value', value: 3 }] } },
          call: {
            type: 'sub-dialog',
            config: {
              dialog: 'order',
              give: [
                { id: '1', variable: 'count', value: '{{n}}' },
                { id: '2', variable: 'line', value: '{{n}} of {{n}}' },
                { id: '3', variable: 'none', value: '{{nobody}}' },
              ],
            },
          },
          order_s: { type: 'start' },
          order_ask: ask,
        },
        ['s -> set', 'set -> call', 'order_s -> order_ask'],
      ),
    )
    await chat.start('en')
    expect(chat.session?.variables).toEqual({ n: 3, count: 3, line: '3 of 3' })
  })

  test('that calls itself ends with a word instead of running for ever', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          call: { type: 'sub-dialog', config: { dialog: 'order' } },
          order_s: { type: 'start' },
          order_call: { type: 'sub-dialog', config: { dialog: 'order' } },
        },
        ['s -> call', 'order_s -> order_call'],
      ),
    )
    expect(await chat.start('en')).toHaveLength(1)
    expect(chat.session?.status).toBe('ended')
  })

  test('may end anywhere: a way out that leads nowhere is no fault there', () => {
    const graph = graphWith(
      {
        s: { type: 'start' },
        call: { type: 'sub-dialog', config: { dialog: 'order' } },
        e: { type: 'end' },
        order_s: { type: 'start' },
        order_ask: ask,
      },
      ['s -> call', 'call -> e', 'order_s -> order_ask'],
    )
    const told = findProblems(createGraphView(graph, registry, { labels: {}, rows: {} })).map(({ code }) => code)
    expect(told).not.toContain('output-unconnected')
  })

  test('that is gone is passed by, and the block says so before anybody talks', async () => {
    const graph = graphWith(
      { s: { type: 'start' }, call: { type: 'sub-dialog', config: { dialog: 'nowhere' } }, done: word('on') },
      ['s -> call', 'call -> done'],
    )
    expect(await new ChatDriver(graph).start('en')).toEqual(['on'])
    expect(findProblems(createGraphView(graph, registry, { labels: {}, rows: {} })).map(({ code }) => code)).toContain(
      'dialog-gone',
    )
  })
})
