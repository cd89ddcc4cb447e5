import type { ChatTest } from '#server/api/dto.ts'
import type { HeldTry } from '#server/conversations/conversation-rows.ts'

/** A try as a test: what the visitor did, and that the bot is to say exactly what it said. */
export function toKeptChat(name: string, { language, startedAt, turns }: HeldTry): ChatTest {
  return {
    name,
    language,
    now: startedAt,
    turns: turns.map(({ user, edited, replies, outside }) => ({
      user,
      ...(Object.keys(edited).length > 0 ? { set: edited } : {}),
      replies: replies.map((text) => ({ pieces: [text] })),
      ...(outside.length > 0 ? { outside } : {}),
    })),
  }
}
