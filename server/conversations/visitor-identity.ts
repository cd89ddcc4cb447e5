import { randomBytes } from 'node:crypto'
import { verify } from 'hono/jwt'
import { BotloomError } from '#kit'
import { createSealer } from '#server/auth/sealed.ts'
import { storableText } from '#server/data/storable-text.ts'

/** What a site vouches for of one of its visitors. */
export interface VerifiedVisitor {
  /** Who it is to the site: the same person on every device. */
  id: string
  /** All that was signed, `id` among it. */
  attributes: Record<string, string>
}

/** Claims that are about the token itself (RFC 7519, 4.1). */
const registered = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'id'])
const mostAttributes = 30
const longestKey = 40
const longestValue = 500

export const newIdentitySecret = (): string => randomBytes(32).toString('base64url')

export type VisitorIdentities = ReturnType<typeof createVisitorIdentities>

/**
 * Reads the tokens (JWT, HS256) with which a site's server vouches for its visitors. A bot's secret is kept sealed under the
 * installation's.
 */
export function createVisitorIdentities(secret: string) {
  const sealer = createSealer(secret, 'visitor identities')
  return {
    seal: (identitySecret: string): string => sealer.seal(identitySecret),

    /** Throws `identity-invalid` for whatever this bot's secret did not sign, and for what has run out or never does. */
    async read(bot: { identitySecret: string | null }, token: string): Promise<VerifiedVisitor> {
      if (bot.identitySecret === null) throw new BotloomError('identity-invalid')
      const opened = sealer.open(bot.identitySecret)
      const claims = await verify(token, opened, { alg: 'HS256', iat: false }).catch(() => null)
      const id = textOf(claims?.id ?? claims?.sub)
      // A token that is good for ever would be so in whoever's hands.
      if (!claims || id === null || id.trim() === '' || typeof claims.exp !== 'number')
        throw new BotloomError('identity-invalid')
      const attributes: Record<string, string> = { id }
      for (const [key, value] of Object.entries(claims).slice(0, mostAttributes)) {
        const text = textOf(value)
        if (!registered.has(key) && key.length <= longestKey && text !== null) attributes[storableText(key)] = text
      }
      return { id, attributes }
    },
  }
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null
  return storableText(String(value).slice(0, longestValue))
}
