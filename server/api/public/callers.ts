import type { Context, MiddlewareHandler } from 'hono'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { BotloomError } from '#kit'
import type { Person } from '#server/api/dto.ts'
import type { BotRow } from '#server/bots/bot-store.ts'
import type { ApiCaller } from '#server/keys/api-keys.ts'
import { keyIn } from '#server/keys/api-keys.ts'
import type { ApiScope } from '#server/keys/scopes.ts'
import type { Services } from '#server/services.ts'
import { spend } from './limits.ts'

export interface CallerEnv {
  Variables: { caller: ApiCaller; requestId: string }
}

/** Largest body of a request with a key, in bytes: a whole bot with its records. */
export const largestBody = 64 * 1_048_576
/** Requests that one key may send in a minute, counted in this process. */
const requestsPerMinute = 600

export type Callers = ReturnType<typeof createCallers>

/** The door for other servers: the key, what it opens, how often it may ask. */
export function createCallers({ keys, requests, bots, conversations }: Services) {
  const limiter = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 })

  /** Whoever asks with a key that has the scope. Throws what `ApiKeys.check` throws, `scope-missing`, `too-many-requests`. */
  async function admit(c: Pick<Context, 'req'>, scope: ApiScope): Promise<ApiCaller> {
    refuseKeyInAddress(c.req.url)
    const header = c.req.header('authorization')
    if (keyIn(header) !== null && c.req.header('origin') !== undefined) throw new BotloomError('api-key-in-browser')
    const caller = await keys.check(header)
    await spend(limiter, caller.key, 'too-many-requests')
    if (!caller.scopes.has(scope)) throw new BotloomError('scope-missing', { scope })
    return caller
  }

  function opens(caller: ApiCaller, bot: string): boolean {
    return caller.bots === null || caller.bots.includes(bot)
  }

  return {
    admit,
    opens,

    needs(scope: ApiScope): MiddlewareHandler<CallerEnv> {
      return async (c, next) => {
        c.set('caller', await admit(c, scope))
        await next()
      }
    },

    /** A request with an `Idempotency-Key` is carried out once; behind `needs`. */
    once: (async (c, next) => {
      const id = c.req.header('idempotency-key')
      if (id === undefined) return next()
      if (id === '' || id.length > 200)
        throw new BotloomError('invalid-request', { at: 'Idempotency-Key', issue: 'too-long', limit: 200 })
      const request = `${c.req.method} ${c.req.path}\n${await c.req.text()}`
      const { status, body, again } = await requests.once(c.get('caller'), id, request, async () => {
        await next()
        return { status: c.res.status, body: await c.res.clone().text() }
      })
      if (again)
        return new Response(body, {
          status,
          headers: { 'content-type': 'application/json', 'idempotent-replayed': 'true' },
        })
    }) satisfies MiddlewareHandler<CallerEnv>,

    /** A bot by id or slug. Throws `not-found` for one that this key does not open. */
    async bot(caller: ApiCaller, name: string): Promise<BotRow> {
      const bySlug = await bots.findBySlug(name)
      const bot = bySlug?.workspaceId === caller.workspace ? bySlug : await bots.get(caller.workspace, name)
      if (!opens(caller, bot.id)) throw new BotloomError('not-found', { what: 'bot' })
      return bot
    },

    /** Throws `not-found` for a conversation that this key does not open, or a try. */
    async conversation(caller: ApiCaller, id: string): Promise<void> {
      const owner = await conversations.owner(id).catch((error: unknown) => {
        if (error instanceof BotloomError && error.code === 'conversation-unknown') return null
        throw error
      })
      if (!owner || owner.workspace !== caller.workspace || owner.isTry || !opens(caller, owner.bot))
        throw new BotloomError('not-found', { what: 'conversation' })
    },

    /** Who acts in a conversation: the key, under the name that visitors are to see. */
    person: (caller: ApiCaller, name?: string): Person => ({ id: caller.key, name: name ?? caller.name }),
  }
}

/** An address with a key in it is refused whatever else is sent, so that nobody gets used to it. */
function refuseKeyInAddress(url: string): void {
  for (const value of new URL(url).searchParams.values())
    if (value.startsWith('blk_')) throw new BotloomError('api-key-in-query')
}
