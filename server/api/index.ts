import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { requestId } from 'hono/request-id'
import { BotloomError } from '#kit'
import { guard, type StudioEnv } from '#server/auth/guard.ts'
import { problemOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import { securityHeaders } from '#server/web/security-headers.ts'
import { answerRoutes } from './answers.ts'
import { apiCallRoutes } from './api-calls.ts'
import { botRoutes } from './bots.ts'
import { channelRoutes } from './channels.ts'
import { chatTestRoutes } from './chat-tests.ts'
import { draftRoutes } from './drafts.ts'
import { eventRoutes } from './events.ts'
import { experimentRoutes } from './experiments.ts'
import { fileRoutes } from './files.ts'
import { inboxRoutes } from './inbox.ts'
import { insightRoutes } from './insights.ts'
import { keyRoutes } from './keys.ts'
import { labellingRoutes } from './labelling.ts'
import { modelTryRoutes } from './model-tries.ts'
import { runRoutes } from './runs.ts'
import { botSetRoutes, setRoutes } from './sets.ts'
import { connectionRoutes, sourceRoutes } from './sources.ts'
import { studioRoutes } from './studio.ts'
import { conversationRoutes, tryRoutes } from './tries.ts'
import { unansweredRoutes } from './unanswered.ts'
import { versionRoutes } from './versions.ts'
import { webhookRoutes } from './webhooks.ts'

const mostMegabytes = 8

/** Guards, request ids and errors for everything that the server answers; the studio's API behind them. */
export function createApi(services: Services) {
  const { auth, config, log } = services
  const app = new Hono<StudioEnv>()
  app.onError((error, c) => problemOf(error, c, log))
  app.notFound((c) => problemOf(new BotloomError('not-found', { what: c.req.path.slice(0, 100) }), c, log))
  app.use(requestId({ headerName: '' }))
  app.use(securityHeaders)
  app.use(guard({ auth, host: config.host, publicUrl: config.publicUrl }))
  app.use('/api/*', async (c, next) => {
    await next()
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    c.header('x-request-id', c.get('requestId'))
  })
  const limited = bodyLimit({
    maxSize: mostMegabytes * 1_048_576,
    onError: () => {
      throw new BotloomError('invalid-request', { issue: 'body-too-large', limit: mostMegabytes })
    },
  })
  // Uploads are streamed and counted by whoever reads them.
  const uploads = new Set(['/api/files', '/api/bots/import'])
  app.use('/api/*', (c, next) => (uploads.has(c.req.path) ? next() : limited(c, next)))
  return app
    .route('/api', studioRoutes(services))
    .route('/api/bots', botRoutes(services))
    .route('/api/bots', draftRoutes(services))
    .route('/api/bots', eventRoutes(services))
    .route('/api/bots', runRoutes(services))
    .route('/api/bots', answerRoutes(services))
    .route('/api/bots', modelTryRoutes(services))
    .route('/api/bots', botSetRoutes(services))
    .route('/api/bots', versionRoutes(services))
    .route('/api/bots', experimentRoutes(services))
    .route('/api/bots', tryRoutes(services))
    .route('/api/bots', chatTestRoutes(services))
    .route('/api/bots', apiCallRoutes(services))
    .route('/api/bots', insightRoutes(services))
    .route('/api/bots', unansweredRoutes(services))
    .route('/api/bots', connectionRoutes(services))
    .route('/api/conversations', conversationRoutes(services))
    .route('/api/inbox', inboxRoutes(services))
    .route('/api/channels', channelRoutes(services))
    .route('/api/webhooks', webhookRoutes(services))
    .route('/api/sets', setRoutes(services))
    .route('/api/sets', labellingRoutes(services))
    .route('/api/sets', sourceRoutes(services))
    .route('/api/files', fileRoutes(services))
    .route('/api/keys', keyRoutes(services))
}

/** The studio's API as a type: all that the editor knows of the server. */
export type AppType = ReturnType<typeof createApi>
