import type { Message } from '#server/api/dto.ts'

/** What a visitor said and what the bot made of it; the first turn is the bot's alone. */
export interface Turn {
  /** Names the turn's trace. */
  id: string
  user: Message | null
  replies: Message[]
}

export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = []
  for (const message of messages) {
    const last = turns.at(-1)
    if (message.role === 'user') turns.push({ id: message.id, user: message, replies: [] })
    else if (last) last.replies.push(message)
    else turns.push({ id: message.id, user: null, replies: [message] })
  }
  return turns
}

/** The button that a visitor's message was a click on. */
export function choiceOf(message: Message): { block: string; value: string } | null {
  for (const part of message.parts)
    if (part.type === 'choice' && 'block' in part && 'value' in part)
      return { block: String(part.block), value: String(part.value) }
  return null
}
