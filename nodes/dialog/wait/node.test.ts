import { describe, expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { instantAfter, isClock, nextClock } from './instant.ts'
import { wait } from './node.ts'

describeBlock(wait, import.meta.url)

const waiting = (config: Record<string, unknown>, wires: string[] = []) =>
  graphOf(
    {
      s: { type: 'start' },
      hi: { type: 'say', config: { text: { en: 'Press the button for ten seconds' } } },
      w: { type: 'wait', config },
      q: { type: 'ask', config: { question: { en: 'Did it work?' }, kind: 'yes-no', variable: 'worked' } },
      heard: { type: 'say', config: { text: { en: 'You were quick' } } },
    },
    ['s -> hi', 'hi -> w', 'w -> q', ...wires],
  )

test('it goes on by itself when the time is up', async () => {
  const chat = new ChatDriver(waiting({ amount: 10 }))
  expect(await chat.start('en')).toEqual(['Press the button for ten seconds'])
  expect([chat.minutes, chat.last?.wake?.why]).toEqual([10, 'block'])
  expect(await chat.waits()).toEqual(['Did it work?'])
})

test('who writes first is not kept waiting, and goes their own way where one is wired', async () => {
  const plain = new ChatDriver(waiting({ amount: 10 }))
  await plain.start('en')
  expect(await plain.says('done')).toEqual(['Did it work?'])
  const wired = new ChatDriver(waiting({ amount: 10 }, ['w/message -> heard']))
  await wired.start('en')
  expect(await wired.says('done')).toEqual(['You were quick'])
})

test('a bot that only waits and talks to itself comes to an end', async () => {
  const chat = new ChatDriver(
    graphOf(
      {
        s: { type: 'start' },
        w: { type: 'wait', config: { amount: 1 } },
        hi: { type: 'say', config: { text: { en: 'Hi' } } },
      },
      ['s -> w', 'w -> hi', 'hi -> w'],
    ),
  )
  await chat.start('en')
  let turns = 0
  while (chat.last?.wake && turns < 200) {
    await chat.waits()
    turns++
  }
  expect(turns).toBe(51)
  expect(chat.session?.status).toBe('ended')
})

describe('instants', () => {
  test('so long from now, a month at most', () => {
    const now = '2026-11-24T04:00:00.000Z'
    expect(instantAfter(now, 5, 'seconds')).toBe('2026-11-24T04:00:05.000Z')
    expect(instantAfter(now, 3, 'hours')).toBe('2026-11-24T07:00:00.000Z')
    expect(instantAfter(now, 999, 'days')).toBe('2026-12-24T04:00:00.000Z')
  })

  test.each([
    ['2026-11-24T04:00:00Z', '18:30', 'Asia/Shanghai', '2026-11-24T10:30:00.000Z'],
    ['2026-11-24T12:00:00Z', '18:30', 'Asia/Shanghai', '2026-11-25T10:30:00.000Z'],
    // It is that time just now: the next one is tomorrow's.
    ['2026-11-24T10:30:20Z', '18:30', 'Asia/Shanghai', '2026-11-25T10:30:00.000Z'],
    // The clock goes back an hour in between, and forward.
    ['2026-10-31T20:00:00Z', '09:00', 'America/New_York', '2026-11-01T14:00:00.000Z'],
    ['2026-03-07T20:00:00Z', '09:00', 'America/New_York', '2026-03-08T13:00:00.000Z'],
  ])('from %s the next %s in %s', (now, clock, zone, instant) => {
    expect(nextClock(now, clock, zone)).toBe(instant)
  })

  test('a time of day is hours and minutes', () => {
    expect(['09:00', '9:05', '23:59', '24:00', '9', '9:60'].map(isClock)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
