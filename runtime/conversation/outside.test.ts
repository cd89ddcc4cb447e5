import { describe, expect, test } from 'vitest'
import { ChatDriver, graphOf, verdict } from '../../tests/drivers/chat.ts'
import { runTurn } from './run-turn.ts'
import { parseSession } from './session.ts'

/** Asks for an order, asks the shop about it, and listens for the next topic. */
const shop = graphOf(
  {
    s: { type: 'start' },
    i: { type: 'intent', config: { prompt: { en: 'How can I help?' } } },
    api: {
      type: 'http-call',
      config: {
        url: 'https://api.shop.example/stock',
        map: [{ id: 'm', pointer: '/n', variable: 'n' }],
        waiting: { en: 'Looking' },
      },
    },
    ok: { type: 'say', config: { text: { en: '{{n}} left' } } },
    other: { type: 'say', config: { text: { en: 'You are welcome' } } },
    h: { type: 'hand-over', config: { message: { en: 'A person comes' } } },
  },
  ['s -> i', 'i/lbl_stock -> api', 'i/lbl_thanks -> other', 'i -> h', 'api -> ok', 'ok -> i', 'other -> i'],
)
const classify = (text: string) => verdict(text.includes('stock') ? { lbl_stock: 0.9 } : { lbl_thanks: 0.9 })
const open = async () => {
  const chat = new ChatDriver(shop, { classify })
  await chat.start('en')
  return chat
}

describe('while another server is asked', () => {
  test('what the visitor says waits, and is answered after it, in order', async () => {
    const chat = await open()
    expect(await chat.says('stock?')).toEqual(['Looking'])
    expect(await chat.says('thanks')).toEqual([])
    expect(await chat.says('stock again?')).toEqual([])
    expect(await chat.answers(200, { '/n': 3 })).toEqual([
      '3 left',
      'How can I help?',
      'You are welcome',
      'How can I help?',
      'Looking',
    ])
    expect(await chat.answers(200, { '/n': 2 })).toEqual(['2 left', 'How can I help?'])
    expect(chat.session).toMatchObject({ calling: null, held: [], status: 'active', at: 'i' })
  })

  test('an answer that comes twice, or late, or for somebody else changes nothing', async () => {
    const chat = await open()
    await chat.says('stock?')
    const { session, program } = chat
    const deps = {
      program,
      classify: async () => classify('x'),
      retrieve: () => Promise.reject(new Error('no knowledge')),
      now: '2026-11-24T04:00:00Z',
      seed: 'x',
    }
    const stray = { type: 'call.settled' as const, call: 7, status: 200, picked: { '/n': 9 }, ms: 1, attempts: 1 }
    expect((await runTurn(session, stray, deps)).session).toEqual(session)
    await chat.answers(200, { '/n': 3 })
    const after = chat.session
    expect((await runTurn(after, { ...stray, call: 1 }, deps)).session).toEqual(after)
  })

  test('time that passes changes nothing, and nobody is reminded', async () => {
    const chat = await open()
    await chat.says('stock?')
    expect(chat.last?.wake).toBeNull()
    expect(await chat.waits()).toEqual([])
    expect(await chat.answers(200, { '/n': 3 })).toEqual(['3 left', 'How can I help?'])
  })

  test('of a flood the latest words are answered, and all of them end', async () => {
    const chat = await open()
    await chat.says('stock?')
    for (let i = 0; i < 100; i++) await chat.says(`thanks ${i}`)
    expect(chat.session?.held).toHaveLength(20)
    const said = await chat.answers(200, { '/n': 3 })
    expect(said.filter((text) => text === 'You are welcome')).toHaveLength(20)
  })

  test('where the block is gone from the version that answers, whoever listens goes on', async () => {
    const chat = await open()
    await chat.says('stock?')
    const without = graphOf(
      { s: { type: 'start' }, i: { type: 'intent', config: { prompt: { en: 'Anything else?' } } } },
      ['s -> i'],
    )
    const moved = new ChatDriver(without, { classify })
    moved.session = chat.session
    expect(await moved.answers(200, { '/n': 3 })).toEqual(['Anything else?'])
  })
})

test('a bot that asks and asks comes to an end', async () => {
  const circle = graphOf({ s: { type: 'start' }, api: { type: 'http-call', config: { url: 'https://a.example' } } }, [
    's -> api',
    'api -> api',
    'api/error -> api',
  ])
  const chat = new ChatDriver(circle)
  await chat.start('en')
  let turns = 0
  while (chat.session?.calling && turns++ < 200) await chat.answers(200)
  expect([turns, chat.session?.status]).toEqual([51, 'ended'])
})

test('the trace tells what came from outside, and of a request neither address nor words', async () => {
  const chat = await open()
  await chat.says('stock?')
  expect(chat.last?.trace.effects).toEqual([{ type: 'call', block: 'api', method: 'GET', host: 'api.shop.example' }])
  await chat.answers(200, { '/n': 3 })
  expect(chat.last?.trace.began).toEqual([
    { type: 'call.settled', block: 'api', status: 200, picked: { '/n': 3 }, ms: 5, attempts: 1 },
  ])
})

test('a session of the release before is read, and asks nobody', async () => {
  const chat = await open()
  const { calling: _, called: _1, held: _2, due: _3, unasked: _4, began: _5, untold: _6, ...old } = chat.session!
  expect(parseSession({ ...old, sessionFormat: 3 })).toEqual(chat.session)
})
