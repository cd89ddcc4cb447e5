import { describe, expect, it } from 'vitest'
import type { Message } from '#server/api/dto.ts'
import { timelineOf } from './timeline.ts'

const said = (seq: number, role: Message['role'], at: string, author?: string): Message => ({
  id: `m${seq}`,
  seq,
  role,
  parts: [],
  text: '',
  language: 'en',
  at,
  author,
})
const note = (id: string, at: string) => ({ id, at, text: '', author: { id: 'u', name: 'Lin' } })
const keysOf = (entries: ReturnType<typeof timelineOf>) => entries.map(({ key }) => key.split(' ')[0])

describe('the order of a conversation', () => {
  it('puts notes where they were written, and a day before its first entry', () => {
    const messages = [
      said(2, 'bot', '2026-03-01T10:00:02'),
      said(1, 'user', '2026-03-01T10:00:00'),
      said(3, 'user', '2026-03-02T09:00:00'),
    ]
    const notes = [note('b', '2026-03-02T09:30:00'), note('a', '2026-03-01T10:00:01')]
    expect(keysOf(timelineOf(messages, notes, []))).toEqual(['day', 'm1', 'a', 'm2', 'day', 'm3', 'b'])
  })

  it('says who speaks when the speaker changes, or goes on after a while', () => {
    const messages = [
      said(1, 'agent', '2026-03-01T10:00:00', 'Lin'),
      said(2, 'agent', '2026-03-01T10:01:00', 'Lin'),
      said(3, 'agent', '2026-03-01T10:02:00', 'Mo'),
      said(4, 'agent', '2026-03-01T10:30:00', 'Mo'),
    ]
    expect(timelineOf(messages, [], []).map((entry) => entry.kind === 'message' && entry.first)).toEqual([
      false,
      true,
      false,
      true,
      true,
    ])
  })

  it('shows what is on its way once, also when the server knows it already', () => {
    const outgoing = ['m1', 'm2'].map((id) => ({ id, text: 'x', at: '', state: 'sending' as const, error: null }))
    const keys = keysOf(timelineOf([said(1, 'agent', '2026-03-01T10:00:00')], [], outgoing))
    expect(keys).toEqual(['day', 'm1', 'm2'])
  })
})
