import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { BotloomError } from '#kit'

export interface Limits {
  /** New conversations from one address. */
  conversationsPerMinute: number
  /** Messages in one conversation. */
  messagesPerMinute: number
}

/** Counts in this process: with several servers each grants the limit of its own. */
export function createLimiter(limits: Limits) {
  const conversations = new RateLimiterMemory({ points: limits.conversationsPerMinute, duration: 60 })
  const messages = new RateLimiterMemory({ points: limits.messagesPerMinute, duration: 60 })
  async function spend(
    limiter: RateLimiterMemory,
    key: string,
    code: 'too-many-conversations' | 'too-many-messages',
  ): Promise<void> {
    try {
      await limiter.consume(key)
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      throw new BotloomError(code, { seconds: Math.ceil(refused.msBeforeNext / 1000) })
    }
  }
  return {
    conversation: (address: string) => spend(conversations, address, 'too-many-conversations'),
    message: (conversation: string) => spend(messages, conversation, 'too-many-messages'),
  }
}
