import type { ChatFilter, ChatStatus } from '#server/api/dto.ts'

/** The tabs of the list, in the order in which a desk works through them. */
export const tabs = ['waiting', 'agent', 'open', 'ended', 'all'] as const
export type Tab = (typeof tabs)[number]

const narrowing = ['bot', 'assignee', 'tag', 'q', 'figure'] as const

export function tabOf(search: URLSearchParams): Tab {
  const asked = search.get('status')
  return tabs.find((tab) => tab === asked) ?? 'waiting'
}

/** What the address asks for, as the server is asked. */
export function filterOf(search: URLSearchParams): ChatFilter {
  const value = (key: string) => search.get(key) || undefined
  return {
    status: tabOf(search),
    bot: value('bot'),
    assignee: value('assignee'),
    tag: value('tag'),
    search: value('q'),
    figure: value('figure'),
  }
}

/** Whether the list shows less than its tab has. */
export function isNarrowed(search: URLSearchParams): boolean {
  return narrowing.some((key) => search.get(key))
}

/** Takes every narrowing away and leaves the tab. */
export const widened: Readonly<Record<string, null>> = Object.fromEntries(narrowing.map((key) => [key, null]))

export function countOf(counts: Record<ChatStatus, number> | undefined, tab: Tab): number | null {
  if (!counts) return null
  return tab === 'all' ? Object.values(counts).reduce((sum, count) => sum + count, 0) : counts[tab]
}
