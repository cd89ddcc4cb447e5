import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import type { Retrieved } from '#runtime/conversation/turn.ts'
import { ChatDriver, graphOf, verdict } from '../../../tests/drivers/chat.ts'
import { knowledgeAnswer } from './node.ts'

describeBlock(knowledgeAnswer, import.meta.url)

const found = (score: number, floor = 0.5): Retrieved => ({
  result: {
    passages: [
      {
        id: 'p',
        source: { title: 'Terms', headings: [], url: 'javascript:alert(1)' },
        answer: 'Within 14 days.',
        score,
        similarity: score,
        words: 0,
      },
    ],
    ms: 1,
  },
  floor,
})
const say = (text: string) => ({ type: 'say', config: { text: { en: text }, pace: false } })
const graph = (config: Record<string, unknown> = {}) =>
  graphOf(
    {
      s: { type: 'start' },
      i: { type: 'intent', config: { ladder: false, clarify: false } },
      k: { type: 'knowledge-answer', config },
      topic: say('A parcel.'),
      lost: say('Nobody knows.'),
    },
    ['s -> i', 'i/lbl_a -> topic', 'i/fallback -> k', 'k/unknown -> lost'],
  )
const classify = (text: string) => verdict({ lbl_a: text.includes('parcel') ? 0.9 : 0.1 })

test('what is no topic is looked up, and a topic behind the answer goes where it belongs', async () => {
  const chat = new ChatDriver(graph(), { classify, retrieve: () => found(0.8) })
  await chat.start('en')
  expect(await chat.says('how long')).toEqual(['Within 14 days.\nSource: Terms'])
  expect(chat.last?.trace.retrieval).toMatchObject({ text: 'how long', floor: 0.5, block: 'k' })
  expect(await chat.says('my parcel')).toEqual(['A parcel.'])
})

test('an address that may not be used is no link', async () => {
  const chat = new ChatDriver(graph({ buttons: false }), { classify, retrieve: () => found(0.8) })
  await chat.start('en')
  await chat.says('how long')
  expect(chat.last?.messages[0]?.parts.at(-1)).toEqual({ type: 'source', title: 'Terms', text: 'Source: Terms' })
})

test('the block’s own floor is held against the answer instead of the knowledge’s', async () => {
  for (const [floor, reply] of [
    [0.3, 'Within 14 days.\nSource: Terms'],
    [0.9, 'Nobody knows.'],
  ] as const) {
    const chat = new ChatDriver(graph({ floor }), { classify, retrieve: () => found(0.5) })
    await chat.start('en')
    expect(await chat.says('how long')).toEqual([reply])
    expect(chat.last?.trace.retrieval?.floor).toBe(floor)
  }
})

test('knowledge that cannot be asked leaves as if it held nothing', async () => {
  const chat = new ChatDriver(graph(), { classify, retrieve: () => Promise.reject(new Error('down')) })
  await chat.start('en')
  expect(await chat.says('how long')).toEqual(['Nobody knows.'])
})
