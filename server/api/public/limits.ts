import { isIPv4 } from 'node:net'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { BotloomError } from '#kit'

export interface Limits {
  /** New conversations from one address. */
  conversationsPerMinute: number
  /** Messages in one conversation. */
  messagesPerMinute: number
}

/** Event streams that one conversation may have open: a tab each, and those that a lost network left behind. */
const mostStreams = 16

/** Files of one conversation, and of one address. */
const filesPerMinute = 20

/** Takes one off what `key` may do yet. Throws `code` with the seconds to wait. */
export async function spend(
  limiter: RateLimiterMemory,
  key: string,
  code: 'too-many-conversations' | 'too-many-messages' | 'too-many-requests',
): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    throw new BotloomError(code, { seconds: Math.ceil(refused.msBeforeNext / 1000) })
  }
}

/** Counts in this process: with several servers each grants the limit of its own. */
export function createLimiter(limits: Limits) {
  const conversations = new RateLimiterMemory({ points: limits.conversationsPerMinute, duration: 60 })
  const messages = new RateLimiterMemory({ points: limits.messagesPerMinute, duration: 60 })
  const files = new RateLimiterMemory({ points: filesPerMinute, duration: 60 })
  const streams = new Map<string, number>()
  return {
    conversation: (address: string) => spend(conversations, networkOf(address), 'too-many-conversations'),
    message: (conversation: string) => spend(messages, conversation, 'too-many-messages'),
    /** A file of a conversation, from an address. */
    async file(conversation: string, address: string): Promise<void> {
      await spend(files, conversation, 'too-many-messages')
      await spend(files, networkOf(address), 'too-many-messages')
    },
    /** Takes a place among the streams of a conversation; the answer gives it back. Throws `too-many-messages`. */
    stream(conversation: string): () => void {
      const open = streams.get(conversation) ?? 0
      if (open >= mostStreams) throw new BotloomError('too-many-messages', { seconds: 60 })
      streams.set(conversation, open + 1)
      let given = false
      return () => {
        if (given) return
        given = true
        const left = (streams.get(conversation) ?? 1) - 1
        if (left > 0) streams.set(conversation, left)
        else streams.delete(conversation)
      }
    },
  }
}

/** What one customer of a network has: an IPv4 address, or the /64 that an IPv6 customer numbers at will (RFC 6177). */
export function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (mapped && isIPv4(mapped)) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const groups = [...first, ...Array<string>(zeros).fill('0'), ...last]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
