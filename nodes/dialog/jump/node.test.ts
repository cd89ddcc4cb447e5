import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { definitions } from '#nodes/registry.gen.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { ChatDriver, graphOf, verdict } from '../../../tests/drivers/chat.ts'
import { jump } from './node.ts'

describeBlock(jump, import.meta.url, { target: 'n_1' })

const to = (target: string) => ({ type: 'jump', config: { target } })
const word = (text: string) => ({ type: 'say', config: { text: { en: text } } })
const ask = (zh: string, en: string) => ({
  type: 'ask',
  config: { question: { 'zh-CN': zh, en }, variable: 'said', skipIfSet: false },
})

/** A graph whose blocks named `order_...` stand in the dialog `order`, likewise for `inner`. */
function graphWith(...given: Parameters<typeof graphOf>): GraphDocument {
  const graph = graphOf(...given)
  for (const dialog of ['order', 'inner']) {
    graph.dialogs[dialog] = { id: dialog, name: dialog, parameters: [] }
    for (const node of Object.values(graph.nodes)) if (node.id.startsWith(`${dialog}_`)) node.dialog = dialog
  }
  return graph
}
/** Of ways and where they lead; the words of these graphs are in one language, and some of their ways end. */
const problemsOf = (graph: GraphDocument) =>
  findProblems(createGraphView(graph, { nodes: definitions }, { labels: {}, rows: {} }))
    .filter(({ code }) => /^(block-|jump|unreachable|wire)/.test(code))
    .map(({ code, node }) => `${code} ${node}`)

describe('a jump', () => {
  test('goes on at its block and waits there, in either language', async () => {
    const graph = graphOf({ s: { type: 'start' }, q: ask('还要办什么？', 'What else?'), ok: word('ok'), j: to('q') }, [
      's -> q',
      'q -> ok',
      'ok -> j',
    ])
    const chat = new ChatDriver(graph)
    expect(await chat.start('zh-CN')).toEqual(['还要办什么？'])
    expect(await chat.says('改地址')).toEqual(['ok', '还要办什么？'])
    const english = new ChatDriver(graph)
    await english.start('en')
    expect(await english.says('change my address')).toEqual(['ok', 'What else?'])
    expect(english.path()).toEqual(['q', 'ok', 'j', 'q'])
    expect(problemsOf(graph)).not.toContain('unreachable q')
  })

  test('leaves words that nobody has read for the block that it leads to', async () => {
    const graph = graphOf(
      {
        s: { type: 'start' },
        hi: { type: 'say', config: { text: { en: 'Hello' }, buttons: [{ id: 'b', text: { en: 'Go' } }] } },
        j: to('i'),
        i: { type: 'intent' },
        a: word('Sure'),
      },
      ['s -> hi', 'hi -> j', 'i/lbl_a -> a'],
    )
    const chat = new ChatDriver(graph, { classify: () => verdict({ lbl_a: 0.9 }) })
    await chat.start('en')
    expect(await chat.says('where is my parcel')).toEqual(['Sure'])
  })

  test('into another dialog does not come back: that dialog ends the conversation', async () => {
    const chat = new ChatDriver(
      graphWith({ s: { type: 'start' }, j: to('order_a'), order_s: { type: 'start' }, order_a: word('order') }, [
        's -> j',
      ]),
    )
    expect(await chat.start('en')).toEqual(['order'])
    expect(chat.session).toMatchObject({ status: 'ended', calls: [] })
  })

  test('may lead to the start of another dialog, which is no problem', async () => {
    const graph = graphWith(
      { s: { type: 'start' }, j: to('order_s'), order_s: { type: 'start' }, order_a: word('order') },
      ['s -> j', 'order_s -> order_a'],
    )
    expect(await new ChatDriver(graph).start('en')).toEqual(['order'])
    expect(problemsOf(graph)).toEqual([])
  })

  test('out of a called dialog into the one that called it leaves the call behind', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          call: { type: 'sub-dialog', config: { dialog: 'order' } },
          after: word('never'),
          main_a: ask('主对话', 'main'),
          order_s: { type: 'start' },
          order_j: to('main_a'),
        },
        ['s -> call', 'call -> after', 'order_s -> order_j'],
      ),
    )
    expect(await chat.start('en')).toEqual(['main'])
    expect(chat.session).toMatchObject({ at: 'main_a', calls: [] })
    await chat.says('done')
    expect(chat.path()).toEqual(['main_a'])
    expect(chat.session?.status).toBe('ended')
  })

  test('out of a dialog inside of another into the middle one comes back from there once', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          call: { type: 'sub-dialog', config: { dialog: 'order' } },
          after: word('back in main'),
          order_s: { type: 'start' },
          order_call: { type: 'sub-dialog', config: { dialog: 'inner' } },
          order_b: word('middle'),
          inner_s: { type: 'start' },
          inner_j: to('order_b'),
        },
        ['s -> call', 'call -> after', 'order_s -> order_call', 'inner_s -> inner_j'],
      ),
    )
    expect(await chat.start('en')).toEqual(['middle', 'back in main'])
  })

  test('inside of a called dialog stays in it', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          call: { type: 'sub-dialog', config: { dialog: 'order' } },
          after: word('back'),
          order_s: { type: 'start' },
          order_j: to('order_b'),
          order_b: word('there'),
        },
        ['s -> call', 'call -> after', 'order_s -> order_j'],
      ),
    )
    expect(await chat.start('en')).toEqual(['there', 'back'])
  })

  test('out of a called dialog finds the listener, and what it had understood, as they were before the call', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          i: { type: 'intent' },
          call: { type: 'sub-dialog', config: { dialog: 'order' } },
          done: ask('主对话', 'main'),
          order_s: { type: 'start' },
          order_i: { type: 'intent' },
          order_j: to('done'),
        },
        ['s -> i', 'i/lbl_a -> call', 'order_s -> order_i', 'order_i/lbl_b -> order_j'],
      ),
      { classify: (text) => verdict(text === 'one' ? { lbl_a: 0.9 } : { lbl_b: 0.9 }) },
    )
    await chat.start('en')
    await chat.says('one')
    const { topic } = chat.session!
    expect(await chat.says('two')).toEqual(['main'])
    expect(chat.session).toMatchObject({ listener: 'i', topic, calls: [] })
  })
})

describe('a jump that leads nowhere', () => {
  test('is like a way without a wire where its block is gone, and says so before anybody talks', async () => {
    const graph = graphOf({ s: { type: 'start' }, a: word('before'), j: to('gone') }, ['s -> a', 'a -> j'])
    const chat = new ChatDriver(graph)
    expect(await chat.start('en')).toEqual(['before'])
    expect(chat.session?.status).toBe('ended')
    expect(problemsOf(graph)).toEqual(['block-gone j'])
  })

  test('in a called dialog goes back to the caller', async () => {
    const chat = new ChatDriver(
      graphWith(
        {
          s: { type: 'start' },
          call: { type: 'sub-dialog', config: { dialog: 'order' } },
          after: word('back'),
          order_s: { type: 'start' },
          order_j: to(''),
        },
        ['s -> call', 'call -> after', 'order_s -> order_j'],
      ),
    )
    expect(await chat.start('en')).toEqual(['back'])
  })

  test('is no way to a block of Learn', () => {
    const graph = graphOf({ s: { type: 'start' }, d: { type: 'data-source' }, j: to('d') }, ['s -> j'])
    expect(problemsOf(graph)).toContain('block-gone j')
  })

  test('to itself, or to another jump that leads back, ends with a word', async () => {
    const self = graphOf({ s: { type: 'start' }, j: to('j') }, ['s -> j'])
    expect(await new ChatDriver(self).start('en')).toEqual([expect.stringMatching(/circles/)])
    expect(problemsOf(self)).toEqual(['block-itself j'])
    const two = graphOf({ s: { type: 'start' }, j: to('k'), k: to('j') }, ['s -> j'])
    expect(await new ChatDriver(two).start('zh-CN')).toEqual([expect.stringMatching(/绕进去/)])
  })
})

test('counts as a way to its block, but only where a conversation reaches the jump', () => {
  const blocks = { s: { type: 'start' }, j: to('a'), a: word('a'), b: word('b') }
  expect(problemsOf(graphOf(blocks, ['s -> j']))).toEqual(expect.not.arrayContaining(['unreachable a']))
  expect(problemsOf(graphOf(blocks, []))).toEqual(expect.arrayContaining(['unreachable a', 'unreachable j']))
})

test('problems: nothing chosen', () => {
  const codes = (config: unknown) =>
    jump.check?.(jump.config.parse(config), { languages: ['en'], names: [] }).map(({ code }) => code)
  expect(codes({})).toEqual(['target-none'])
  expect(codes({ target: 'x' })).toEqual([])
})
