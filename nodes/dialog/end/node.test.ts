import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { end } from './node.ts'

describeBlock(end, import.meta.url, { text: { en: 'Bye', 'zh-CN': '再见' }, rating: true })

const graph = graphOf(
  {
    s: { type: 'start' },
    hi: { type: 'say', config: { text: { en: 'Hi' }, buttons: [{ id: 'bye', text: { en: 'Leave' } }] } },
    e: { type: 'end', config: { text: { en: 'Bye' } } },
  },
  ['s -> hi', 'hi/button:bye -> e', 'hi -> e'],
)

test('says goodbye and ends', async () => {
  const chat = new ChatDriver(graph)
  await chat.start()
  expect(await chat.clicks('Leave')).toEqual(['Bye'])
  expect(chat.session?.status).toBe('ended')
})

test('a visitor who writes after the end begins at the start, and those words are still heard', async () => {
  const chat = new ChatDriver(graph)
  await chat.start()
  await chat.clicks('Leave')
  expect(await chat.says('leave')).toEqual(['Hi', 'Bye'])
})

test('an end may stay silent', async () => {
  const chat = new ChatDriver(graphOf({ s: { type: 'start' }, e: { type: 'end' } }, ['s -> e']))
  expect(await chat.start()).toEqual([])
  expect(chat.session?.status).toBe('ended')
})

describe('a rating', () => {
  const rated = (config: object = {}) =>
    graphOf(
      {
        s: { type: 'start' },
        hi: { type: 'say', config: { text: { en: 'Hi' }, buttons: [{ id: 'bye', text: { en: 'Leave' } }] } },
        e: { type: 'end', config: { text: { en: 'Bye' }, rating: true, thanks: { en: 'Thanks' }, ...config } },
      },
      ['s -> hi', 'hi/button:bye -> e', 'hi -> hi'],
    )
  const left = async (config: object = {}) => {
    const chat = new ChatDriver(rated(config))
    await chat.start('en')
    await chat.clicks('Leave')
    return chat
  }
  const ratings = (chat: ChatDriver) =>
    chat.last?.outbox.map((entry) => entry.type === 'rate' && [entry.rating, entry.comment])

  test('stars are asked for, then a few words, then it is over', async () => {
    const chat = await left()
    expect(chat.buttons()).toEqual(['★', '★★', '★★★', '★★★★', '★★★★★'])
    expect(await chat.clicks('★★★★')).toEqual(['Thank you! Is there anything that you would like to tell us?'])
    expect(ratings(chat)).toEqual([[4, '']])
    expect(await chat.says('a bit slow')).toEqual(['Thanks'])
    expect([ratings(chat), chat.session?.status]).toEqual([[[4, 'a bit slow']], 'ended'])
  })

  test('words are a rating too, and no is no comment', async () => {
    const chat = await left()
    await chat.says('very good')
    expect(ratings(chat)).toEqual([[5, '']])
    expect([await chat.says('no'), ratings(chat)]).toEqual([['Thanks'], []])
    const other = await left({ comment: false })
    expect([await other.says('4/5'), ratings(other), other.session?.status]).toEqual([['Thanks'], [[4, '']], 'ended'])
  })

  test('who has something else on their mind is answered that, and is not asked again', async () => {
    const chat = await left()
    expect((await chat.says('where is my order'))[0]).toBe('Hi')
    expect([ratings(chat), chat.session?.status, chat.session?.at]).toEqual([[], 'active', 'hi'])
  })

  test('nobody is reminded of it: in ten minutes it is over without a word', async () => {
    const chat = await left()
    expect(chat.minutes).toBe(10)
    expect([await chat.waits(), chat.session?.status]).toEqual([[], 'ended'])
  })

  test('a bot from before asks nobody', () => {
    expect(end.migrations?.[2]?.({ text: {} })).toMatchObject({ rating: false })
  })
})
