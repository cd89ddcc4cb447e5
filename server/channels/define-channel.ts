import type { z } from 'zod'
import type { ChannelKind, Message } from '#server/api/dto.ts'
import type { Outbound } from '#server/outbound/outbound.ts'

/** What somebody did on the other side. */
export interface Incoming {
  /** The messenger's own id of it: the same id is the same message, however often it comes. At most 64 characters. */
  id: string
  /** Who it is, by the messenger's own id. */
  sender: string
  /** `start`: they came and have said nothing yet. */
  type: 'start' | 'message'
  text?: string
  choice?: { block: string; value: string }
  language?: string
  /** What is known of them, kept when their conversation begins. */
  attributes?: Record<string, string>
}
export interface ChannelRequest {
  method: string
  query(name: string): string | undefined
  header(name: string): string | undefined
  /** As it was received: signatures are of these very letters. */
  body: string
}
/** An answer at once; or messages, which are kept before anything is answered. */
export type Received =
  | { type: 'answer'; body: string }
  | { type: 'messages'; incoming: Incoming[] /** The replies are wanted in the answer. */; wait?: boolean }

export interface ChannelTools {
  outbound: Pick<Outbound, 'send'>
  now: () => Date
  /** Names one connection for as long as this server runs: what is held of it in memory hangs on this. */
  connection: string
}
export interface Outgoing {
  message: Message
  sender: string
  conversation: string
  /** It may have arrived before: this server, or one before it, does not know. */
  again: boolean
}

/** A kind of channel: how its requests are checked and read, and how our messages get there. */
export interface Channel<Settings = Record<string, string>, Secrets = Record<string, string>> {
  kind: ChannelKind
  settings: z.ZodType<Settings>
  secrets: z.ZodType<Secrets>
  /** Credentials that the server makes itself, told once to whoever connects it; null where the other side gives them. */
  makeSecrets: (() => Secrets) | null
  /** Checks and reads a request. Throws `signature-invalid`, `signature-old`, `channel-message`. */
  receive(request: ChannelRequest, given: { settings: Settings; secrets: Secrets; now: Date }): Received
  /**
   * Sends one message; a conversation's come one after the other. What throws is tried again, unless its error says `never`: then it
   * is left out.
   */
  send(outgoing: Outgoing, given: { settings: Settings; secrets: Secrets; tools: ChannelTools }): Promise<void>
}

/** Keeps the types of one kind while it is written; who uses it knows strings. */
export function defineChannel<
  Settings extends Record<string, string | undefined>,
  Secrets extends Record<string, string>,
>(channel: Channel<Settings, Secrets>): Channel {
  // Settings and secrets of a connection were parsed by this very kind's schemas before they were stored.
  return channel as unknown as Channel
}
