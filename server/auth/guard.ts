import { createMiddleware } from 'hono/factory'
import { BotloomError } from '#kit'
import type { Auth, SignedIn } from './auth.ts'
import { sameText } from './secrets.ts'

export interface StudioEnv {
  Variables: { signedIn: SignedIn; requestId: string }
}

/**
 * Everything that answers without a session, by name. What is not here is refused, whatever route is added.
 * `/v1` has its own door: a visitor's token, or a bot's slug with its list of origins.
 */
export const openRoutes: { name: string; matches: (method: string, path: string) => boolean }[] = [
  { name: 'health', matches: (method, path) => isRead(method) && (path === '/healthz' || path === '/readyz') },
  { name: 'start progress', matches: (method, path) => isRead(method) && path === '/api/start' },
  { name: 'sign-in', matches: (method, path) => method === 'GET' && path === '/sign-in' },
  {
    name: 'what the command line asks for',
    matches: (method, path) => method === 'POST' && (path === '/control/link' || path === '/control/insights'),
  },
  { name: 'public API', matches: (_, path) => path.startsWith('/v1/') },
  // Pages and scripts hold no data; what they show comes from the guarded API.
  { name: 'pages', matches: (method, path) => isRead(method) && !/^\/(api|control)(\/|$)/.test(path) },
]

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'
const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/** Default-deny, in this one place: session, same origin, CSRF token. */
export function guard(deps: { auth: Auth; host: string; publicUrl: string | undefined }) {
  const publicHost = deps.publicUrl ? new URL(deps.publicUrl).host : null
  const localOnly = loopback.test(deps.host) && publicHost === null

  return createMiddleware<StudioEnv>(async (c, next) => {
    const { path, method } = c.req
    const host = c.req.header('host') ?? ''
    // A foreign name that resolves to this machine (DNS rebinding) must not reach a server that listens for itself only.
    if (localOnly && host !== '' && !loopback.test(host)) throw new BotloomError('request-refused')
    if (openRoutes.some((route) => route.matches(method, path))) {
      await next()
      return
    }

    const signedIn = await deps.auth.session(c.req.raw.headers)
    if (!signedIn) throw new BotloomError('not-signed-in')
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site')
    if (origin !== undefined && !isOwn(origin, host)) throw new BotloomError('request-refused')
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new BotloomError('request-refused')
    if (!isRead(method) && !sameText(c.req.header('x-botloom-csrf') ?? '', signedIn.csrf))
      throw new BotloomError('request-refused')
    c.set('signedIn', signedIn)
    await next()
    // Signing out has the last word on the cookie.
    if (!c.res.headers.has('set-cookie'))
      for (const cookie of signedIn.cookies) c.header('set-cookie', cookie, { append: true })
  })

  function isOwn(origin: string, host: string): boolean {
    try {
      const from = new URL(origin).host
      return from === host || from === publicHost
    } catch {
      return false
    }
  }
}
