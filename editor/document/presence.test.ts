import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Presence, StudioEvent } from '#server/api/dto.ts'
import { peopleHere, takePart } from './presence.ts'
import { select, selection } from './selection.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  select([])
})

const seen = (tab: string, block: string | null = null): StudioEvent => {
  const who: Presence = { tab, user: 'usr_1', name: 'Ada', block }
  return { type: 'presence.seen', who, joined: false }
}
function here() {
  const told: (string | null)[] = []
  const part = takePart({
    tab: 'tab_me',
    block: () => selection.getState().nodes[0] ?? null,
    onBlock: (changed) => selection.subscribe(changed),
    tell: async (block) => void told.push(block),
  })
  return { ...part, told }
}
const tabs = () => peopleHere.getState().peers.map(({ tab }) => tab)

test('alone, nobody is told anything; the first who comes is told where one is', () => {
  const me = here()
  select(['hello'])
  select(['bye'])
  vi.advanceTimersByTime(60_000)
  expect(me.told).toEqual([])
  me.receive(seen('tab_other'))
  expect(me.told).toEqual(['bye'])
  me.stop()
})

test('however fast one clicks about, one request a moment goes out, and the last block arrives', () => {
  const me = here()
  me.receive(seen('tab_other'))
  for (let i = 0; i < 50; i++) {
    select([`b${i}`])
    vi.advanceTimersByTime(20)
  }
  vi.advanceTimersByTime(2000)
  expect(me.told.length).toBeLessThanOrEqual(3)
  expect(me.told.at(-1)).toBe('b49')
  me.stop()
})

test('one is never one’s own company; who leaves or falls silent is gone, and colours differ', () => {
  const me = here()
  me.receive(seen('tab_me', 'hello'))
  expect(tabs()).toEqual([])
  for (const tab of ['tab_a', 'tab_b', 'tab_c']) me.receive(seen(tab))
  expect(new Set(peopleHere.getState().peers.map(({ colour }) => colour)).size).toBe(3)
  me.receive({ type: 'presence.left', tab: 'tab_b' })
  expect(tabs()).toEqual(['tab_a', 'tab_c'])
  vi.advanceTimersByTime(30_000)
  me.receive(seen('tab_c', 'hello'))
  vi.advanceTimersByTime(15_000)
  expect(tabs()).toEqual(['tab_c'])
  me.stop()
  expect(tabs()).toEqual([])
})
