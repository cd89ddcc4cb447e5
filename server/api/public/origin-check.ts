import type { Context } from 'hono'
import { BotloomError } from '#kit'
import type { Look } from '#kit/look.ts'

export interface PublicBot {
  id: string
  workspaceId: string
  slug: string
  origins: string[]
  allowServerCallers: boolean
  look: Partial<Look>
  /** Sealed. */
  identitySecret: string | null
  verifiedOnly: boolean
  testKeySerial: number
}

const headers = 'authorization, content-type, last-event-id, accept-language'

/**
 * Lets a page through that stands on the bot's list (and gives it CORS headers), our own pages, and requests without an
 * `Origin` where the bot allows server callers. Throws `origin-refused` or `server-callers-refused`.
 */
export function checkOrigin(c: Context, bot: PublicBot, ownOrigins: readonly string[]): void {
  const origin = c.req.header('origin')
  c.header('Vary', 'Origin')
  if (origin === undefined) {
    // A page of ours asks without an Origin when it only reads; browsers say where the request comes from all the same.
    const fromPage = c.req.header('sec-fetch-site') === 'same-origin'
    if (!bot.allowServerCallers && !fromPage) throw new BotloomError('server-callers-refused')
    return
  }
  if (!bot.origins.includes(origin) && !ownOrigins.includes(origin))
    throw new BotloomError('origin-refused', { origin: origin.slice(0, 200) })
  c.header('Access-Control-Allow-Origin', origin)
  c.header('Access-Control-Expose-Headers', 'retry-after')
  if (c.req.method === 'OPTIONS') {
    c.header('Access-Control-Allow-Methods', 'GET, POST')
    c.header('Access-Control-Allow-Headers', headers)
    c.header('Access-Control-Max-Age', '600')
  }
}
