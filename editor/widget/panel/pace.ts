import { paceIn } from '#kit/content-parts.ts'
import type { ChatMessage } from '../client/protocol.ts'

export interface Held {
  id: string
  /** Its place among the messages: it and those behind it are not to be seen yet. */
  at: number
  ms: number
}

/**
 * The first message that waits as if somebody typed it: one that follows another of the bot in the same turn, is new, and asks for it.
 * Whoever writes on does not wait any more.
 */
export function firstHeld(
  messages: readonly ChatMessage[],
  /** The `seq` up to which all was said before this page was there. */
  history: number,
  shown: ReadonlySet<string>,
): Held | null {
  // The first answer has been waited for already.
  const from = messages.findLastIndex(({ role }) => role === 'user') + 2
  for (const [i, { id, seq, parts }] of messages.slice(from).entries()) {
    const ms = paceIn(parts)
    if (ms > 0 && seq > history && !shown.has(id)) return { id, at: from + i, ms }
  }
  return null
}
