import type { ChatSummary } from '#server/api/dto.ts'
import type { Tab } from './chat-filter.ts'

/**
 * The server gives pages in the order in which chats began. What is loaded is put as a desk works: who has waited longest comes
 * first among those that wait, elsewhere whoever spoke last.
 */
export function inOrder(chats: readonly ChatSummary[], tab: Tab): ChatSummary[] {
  const spoke = ({ last, updatedAt }: ChatSummary) => last?.at ?? updatedAt
  const asked = ({ handoff, startedAt }: ChatSummary) => handoff?.at ?? startedAt
  return [...chats].sort((a, b) =>
    tab === 'waiting' ? asked(a).localeCompare(asked(b)) : spoke(b).localeCompare(spoke(a)),
  )
}
