/** What the public API (`/v1`) answers, as far as a chat needs it. Unknown part types are kept; `text` is always there. */
export interface ChatPart {
  type: string
  text?: string
  block?: string
  options?: { value: string; text: string }[]
  [key: string]: unknown
}
export interface ChatMessage {
  id: string
  /** Counts from 1 in a conversation; 0 for a message that the server has not acknowledged yet. */
  seq: number
  role: 'user' | 'bot' | 'agent' | 'system'
  parts: ChatPart[]
  text: string
  language: string
  at: string
}
export interface Started {
  conversationId: string
  token: string
  /** Buys a new token after a reload or when the old one ran out. */
  resume: string
  messages: ChatMessage[]
}
export interface Turn {
  messages: ChatMessage[]
  /** The rest of the answer comes over the event stream. */
  pending?: boolean
}
export interface Outgoing {
  id: string
  text?: string
  choice?: { block: string; value: string }
  language?: string
}

/** An answer of the API that is not a success; `message` and `remedy` are in the visitor's language. */
export class ChatError extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string
  constructor(status: number, code: string, message: string, remedy: string) {
    super(message)
    this.status = status
    this.code = code
    this.remedy = remedy
  }
}
