import { Hono } from 'hono'
import type { Services } from '#server/services.ts'
import { callerBotRoutes } from './caller-bots.ts'
import { callerConversationRoutes } from './caller-conversations.ts'
import { callerDraftRoutes } from './caller-drafts.ts'
import { callerEventRoutes } from './caller-events.ts'
import { callerVersionRoutes } from './caller-versions.ts'
import type { CallerEnv, Callers } from './callers.ts'

/** What other servers may do with a key. Each route names its scope; what names none is not reachable with a key. */
export function callerRoutes(rooms: Services, callers: Callers) {
  return new Hono<CallerEnv>()
    .route('/conversations', callerConversationRoutes(rooms, callers))
    .route('/events', callerEventRoutes(rooms, callers))
    .route('/bots', callerBotRoutes(rooms, callers))
    .route('/bots', callerDraftRoutes(rooms, callers))
    .route('/bots', callerVersionRoutes(rooms, callers))
}
