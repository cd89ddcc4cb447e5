import { sign, verify } from 'hono/jwt'
import { BotloomError } from '#kit'

/** Minutes rather than days: it is bought again with the resume secret, and it never stands in a URL. */
export const tokenSeconds = 60 * 60
const audience = 'botloom-visitor'

export interface VisitorTokens {
  issue(conversation: string): Promise<string>
  /** The conversation that the token opens. Throws `token-invalid`. */
  check(header: string | undefined): Promise<string>
}

const mostKept = 5_000

/** Signed tokens (HS256) that open one conversation and nothing else. */
export function createVisitorTokens(secret: string, now: () => Date = () => new Date()): VisitorTokens {
  // A signature that was right once stays right; to compute it anew would cost each message a third of a millisecond.
  const signed = new Map<string, { conversation: string; until: number }>()

  async function verified(token: string): Promise<{ conversation: string; until: number }> {
    const known = signed.get(token)
    if (known) return known
    const claims = await verify(token, secret, { alg: 'HS256', aud: audience, exp: false }).catch(() => null)
    if (typeof claims?.sub !== 'string' || typeof claims.exp !== 'number') throw new BotloomError('token-invalid')
    const right = { conversation: claims.sub, until: claims.exp * 1000 }
    if (signed.size >= mostKept) signed.clear()
    signed.set(token, right)
    return right
  }

  return {
    issue(conversation) {
      const seconds = Math.floor(now().getTime() / 1000)
      return sign({ sub: conversation, aud: audience, exp: seconds + tokenSeconds }, secret, 'HS256')
    },
    async check(header) {
      const token = header?.match(/^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i)?.[1]
      if (!token) throw new BotloomError('token-invalid')
      const { conversation, until } = await verified(token)
      if (until <= now().getTime()) throw new BotloomError('token-invalid')
      return conversation
    },
  }
}
