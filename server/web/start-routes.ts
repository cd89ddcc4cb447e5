import { Hono } from 'hono'
import { BotloomError, errorText } from '#kit'
import type { StartProgress } from '#server/api/dto.ts'
import { sameText } from '#server/auth/secrets.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import { refusedPage, signedInPage } from './signed-in-page.ts'

/** What answers before anybody is signed in: alive, ready, how far the start is, and the door itself. */
export function createStartRoutes(
  { auth, insightCounter }: Services,
  given: { progress: () => StartProgress; controlToken: string; makeLink: () => Promise<string> },
) {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'alive' }))
    .get('/readyz', (c) => {
      const { phase } = given.progress()
      return c.json({ status: phase }, phase === 'ready' ? 200 : 503)
    })
    .get('/api/start', (c) => c.json(given.progress() satisfies StartProgress))
    .get('/sign-in', async (c) => {
      c.header('cache-control', 'no-store')
      try {
        for (const cookie of await auth.signIn(c.req.query('token') ?? '', c.req.raw.headers))
          c.header('set-cookie', cookie, { append: true })
      } catch (error) {
        if (!(error instanceof BotloomError)) throw error
        return c.html(refusedPage(errorText(error.code, error.params, localeOf(c)), localeOf(c)), 401)
      }
      const next = c.req.query('next') ?? '/'
      // A page and no redirect: after a click in another program a browser keeps strict cookies back from a redirect.
      return c.html(signedInPage(/^\/(?![/\\])[\w./-]*$/.test(next) ? next : '/', localeOf(c)))
    })
    .use('/control/*', async (c, next) => {
      if (!sameText(c.req.header('authorization') ?? '', `Bearer ${given.controlToken}`))
        throw new BotloomError('not-signed-in')
      await next()
    })
    .post('/control/link', async (c) => c.json({ link: await given.makeLink() }))
    .post('/control/insights', async (c) => c.json({ conversations: await insightCounter.rebuild() }))
}
