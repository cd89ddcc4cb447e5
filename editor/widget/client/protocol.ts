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
  /** Counts from 1 in a conversation; 0 while the server has not said which. */
  seq: number
  role: 'user' | 'bot' | 'agent' | 'system'
  parts: ChatPart[]
  text: string
  language: string
  at: string
  /** Name of the person who wrote it, of role `agent`. */
  author?: string
  /** Only here, never from the server: on its way, or not taken by the server. */
  unsent?: 'sending' | 'refused'
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
  /** Ids of files that the server has. */
  files?: string[]
  /** A file that it has not: kept as long as the page lives, and sent before the message. */
  blob?: File
}
export interface SentFile {
  id: string
  name: string
  /** Media type. */
  type: string
  bytes: number
}
/** Where the visitor is, and what the page says of the visit; nobody vouches for it. */
export interface PageContext {
  page?: { url: string; title?: string; referrer?: string; language?: string }
  attributes?: Record<string, string>
}

/** An answer of the API that is not a success; `message` and `remedy` are in the visitor's language. */
export class ChatError extends Error {
  readonly status: number
  readonly code: string
  readonly remedy: string
  /** Seconds that the server asks to wait; 0 where it names none. */
  readonly wait: number
  constructor(status: number, answer: { code?: string; message?: string; remedy?: string }, wait: number) {
    super(answer.message ?? '')
    this.status = status
    this.code = answer.code ?? ''
    this.remedy = answer.remedy ?? ''
    this.wait = wait
  }
  /** Worth trying again as it is: too fast, or trouble on the server. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500
  }
  /** The conversation is not there any more, or this page has no right to it. */
  get gone(): boolean {
    return ['conversation-unknown', 'resume-invalid', 'identity-other'].includes(this.code)
  }
}
