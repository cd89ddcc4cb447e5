import type { NewOutboxEntry } from '#server/conversations/conversation-rows.ts'
import type { TurnTold } from '#server/conversations/turn-posts.ts'
import { newId } from '#server/new-id.ts'
import { channels } from './channels.ts'

/** A conversation that is held over a channel has something to send, noted with the turn that said it. */
export function toChannelPosts({ before, record }: TurnTold): NewOutboxEntry[] {
  if (!Object.hasOwn(channels, before.channel) || record.messages.every(({ role }) => role === 'user')) return []
  return [{ id: newId('out'), kind: 'channel', payload: { seq: record.seq } }]
}
