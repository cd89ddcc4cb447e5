import { createMiddleware } from 'hono/factory'

/** The studio runs its own scripts only. Styles inline: the component library writes them at run time. */
const studioPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  // A try of a bot, and the demo page's chat, show pictures from wherever the bot's author keeps them.
  "img-src 'self' data: blob: https:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ')

export const securityHeaders = createMiddleware(async (c, next) => {
  await next()
  const { headers } = c.res
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('x-frame-options', 'DENY')
  // A visitor's file comes with a stricter one.
  if (!c.req.path.startsWith('/v1/') && !headers.has('content-security-policy'))
    headers.set('content-security-policy', studioPolicy)
  // The demo shop's visitors may speak to its bot.
  const microphone = c.req.path === '/demo' ? 'self' : ''
  headers.set('permissions-policy', `camera=(), microphone=(${microphone}), geolocation=()`)
  headers.set('cross-origin-opener-policy', 'same-origin')
  // The widget's files are loaded by the pages of shops; all others belong to this origin.
  if (!headers.has('cross-origin-resource-policy') && !c.req.path.startsWith('/v1/'))
    headers.set('cross-origin-resource-policy', 'same-origin')
})
