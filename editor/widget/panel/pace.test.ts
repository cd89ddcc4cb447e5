import { expect, test } from 'vitest'
import type { ChatMessage } from '../client/protocol.ts'
import { firstHeld } from './pace.ts'

const said = (seq: number, role: ChatMessage['role'], ms?: unknown): ChatMessage => ({
  id: `m${seq}`,
  seq,
  role,
  parts: [{ type: 'text', text: 'x' }, ...(ms === undefined ? [] : [{ type: 'pace', ms }])],
  text: 'x',
  language: 'en',
  at: '2026-11-24T04:00:00Z',
})
const none = new Set<string>()

test('the first answer comes at once, the next ones wait one after the other', () => {
  const turn = [said(1, 'user'), said(2, 'bot', 500), said(3, 'bot', 600), said(4, 'bot', 700)]
  expect(firstHeld(turn, 0, none)).toEqual({ id: 'm3', at: 2, ms: 600 })
  expect(firstHeld(turn, 0, new Set(['m3']))).toEqual({ id: 'm4', at: 3, ms: 700 })
  expect(firstHeld(turn, 0, new Set(['m3', 'm4']))).toBeNull()
})

test('a greeting is a turn as well', () => {
  expect(firstHeld([said(1, 'bot', 500), said(2, 'bot', 600)], 0, none)).toMatchObject({ id: 'm2' })
})

test('what was said before, what does not ask for it, and what came before the visitor wrote on waits for nothing', () => {
  const turn = [said(1, 'user'), said(2, 'bot', 500), said(3, 'bot', 600)]
  expect(firstHeld(turn, 3, none)).toBeNull()
  expect(firstHeld([said(1, 'user'), said(2, 'bot'), said(3, 'bot'), said(4, 'agent')], 0, none)).toBeNull()
  expect(firstHeld([...turn, said(0, 'user')], 0, none)).toBeNull()
})

test('nobody waits longer than a moment, whatever the server sends', () => {
  const waits = (ms: unknown) => firstHeld([said(1, 'bot'), said(2, 'bot', ms)], 0, none)?.ms
  expect(waits(60_000)).toBe(1500)
  expect(waits(Number.POSITIVE_INFINITY)).toBe(1500)
  for (const ms of [-1, 0, 'soon', null, Number.NaN, {}]) expect(waits(ms)).toBeUndefined()
})
