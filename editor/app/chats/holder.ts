import type { ChatSummary, Person } from '#server/api/dto.ts'

/** Who may answer a chat now: whoever looks at it, a colleague, the bot, nobody yet, or nobody any more. */
export type Holder = 'me' | 'colleague' | 'bot' | 'nobody' | 'ended'

export function holderOf({ status, assignee }: Pick<ChatSummary, 'status' | 'assignee'>, me: Person['id']): Holder {
  if (status === 'ended') return 'ended'
  if (status === 'open') return 'bot'
  // Whoever it is meant for has it only once they took it.
  if (status === 'waiting' || !assignee) return 'nobody'
  return assignee.id === me ? 'me' : 'colleague'
}
