import type { Message } from '#server/api/dto.ts'

/** A message as its row has it. */
export interface StoredMessage {
  id: string
  seq: number
  role: Message['role']
  parts: string
  text: string
  language: string
  at: Date | string
  author: string | null
  trace: string | null
}

export function toMessage(row: StoredMessage): Message {
  const { id, seq, role, text, language, author } = row
  const at = new Date(row.at).toISOString()
  return { id, seq, role, parts: JSON.parse(row.parts), text, language, at, ...(author === null ? {} : { author }) }
}
