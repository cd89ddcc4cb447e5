import type { InsightChatsFilter, InsightFilter } from '#server/api/dto.ts'

/** How many days a page looks back, and what it looks at where its address says nothing. */
export const spans = [7, 28, 90] as const
export type Span = (typeof spans)[number]
export const splits = ['version', 'language', 'channel'] as const
export type Split = (typeof splits)[number]

export function spanOf(search: URLSearchParams): Span {
  return spans.find((span) => String(span) === search.get('days')) ?? 28
}
export function splitOf(search: URLSearchParams): Split {
  return splits.find((split) => split === search.get('by')) ?? 'version'
}

/** What the address narrows the figures to, beside the days. */
export function slicesOf(search: URLSearchParams): Pick<InsightFilter, 'version' | 'language' | 'channel'> {
  const version = Number(search.get('version'))
  return {
    ...(Number.isInteger(version) && version > 0 && { version }),
    ...(search.get('language') && { language: search.get('language')! }),
    ...(search.get('channel') && { channel: search.get('channel')! }),
  }
}

/** Where the conversations behind a figure are listed. */
export function chatsAddress(bot: string, filter: InsightChatsFilter): string {
  const figure = new URLSearchParams()
  for (const [key, value] of Object.entries(filter)) if (value !== undefined) figure.set(key, String(value))
  return `/chats?${new URLSearchParams({ status: 'all', bot, figure: String(figure) })}`
}
