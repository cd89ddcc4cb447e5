import { describe, expect, it } from 'vitest'
import { countOf, filterOf, isNarrowed, tabOf, widened } from './chat-filter.ts'

const search = (text: string) => new URLSearchParams(text)

describe('the address of a list of chats', () => {
  it('asks for those that wait where it says nothing, or nothing that there is', () => {
    expect(tabOf(search(''))).toBe('waiting')
    expect(tabOf(search('status=gone'))).toBe('waiting')
    expect(filterOf(search('status=all&bot=b&assignee=me&tag=vip&q=refund'))).toEqual({
      status: 'all',
      bot: 'b',
      assignee: 'me',
      tag: 'vip',
      search: 'refund',
    })
  })

  it('is narrowed by everything but its tab and the question why', () => {
    expect(isNarrowed(search('status=ended&why=m'))).toBe(false)
    for (const key of Object.keys(widened)) expect(isNarrowed(search(`${key}=x`))).toBe(true)
  })

  it('counts all as the sum of the others', () => {
    const counts = { open: 4, waiting: 3, agent: 2, ended: 1 }
    expect(countOf(counts, 'all')).toBe(10)
    expect(countOf(counts, 'agent')).toBe(2)
    expect(countOf(undefined, 'all')).toBeNull()
  })
})
