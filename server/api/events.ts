import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { recordId } from '#runtime/graph/document.ts'
import type { StudioEnv } from '#server/auth/guard.ts'
import { createPresence } from '#server/realtime/presence.ts'
import type { Services } from '#server/services.ts'
import type { StudioEvent } from './dto.ts'
import { valid } from './validate.ts'

const tab = z.string().regex(/^tab_[0-9a-z]{10}$/)
const watch = z.strictObject({ tab: tab.optional() })
const place = z.strictObject({ tab, block: recordId.nullable() })

/** Milliseconds between comment lines that keep a silent connection from being cut by a proxy. */
const keepAlive = 15_000
/** After these the blocks' states are others than before; whoever looks on is told how they are now. */
const changesStates = new Set<StudioEvent['type']>(['node.settled', 'node.failed', 'run.ended'])

export function eventRoutes({ bots, drafts, viewer, events, log }: Services) {
  const routes = new Hono<StudioEnv>().get('/:bot/events', valid('query', watch), async (c) => {
    const { workspace, user } = c.get('signedIn')
    const { tab } = c.req.valid('query')
    const bot = c.req.param('bot')
    await bots.get(workspace, bot)
    const last = Number(c.req.header('last-event-id'))
    const after = c.req.header('last-event-id') !== undefined && Number.isSafeInteger(last) ? last : null
    return streamSSE(c, async (stream) => {
      let ended = (): void => {}
      const end = new Promise<void>((resolve) => {
        ended = resolve
      })
      stream.onAbort(ended)
      const tellStates = async (): Promise<void> => {
        const { document } = await drafts.load(workspace, bot)
        const told: StudioEvent = { type: 'draft.facts', ...(await viewer.about(workspace, bot, document)) }
        await stream.writeSSE({ data: JSON.stringify(told) })
      }
      const here = tab && createPresence(events, `bot:${bot}`, { tab, user: user.id, name: user.name, block: null })
      const stop = await events.subscribe<StudioEvent>(`bot:${bot}`, after, async ({ seq, event }) => {
        await stream.writeSSE({ ...(seq === null ? {} : { id: String(seq) }), data: JSON.stringify(event) })
        if (here) here.hear(event)
        if (changesStates.has(event.type)) await tellStates()
      })
      const beat = setInterval(() => {
        void stream.write(': still here\n\n').catch(ended)
        if (here) here.repeat()
      }, keepAlive)
      try {
        await stream.write('retry: 1000\n\n')
        if (here) here.join()
        await end
      } catch (error) {
        log.warn({ err: error, bot }, 'event stream')
      } finally {
        clearInterval(beat)
        stop()
        if (here) here.leave()
      }
    })
  })
  /** Which block a tab has picked: told to whoever has the bot open, and kept nowhere. */
  return routes.post('/:bot/presence', valid('json', place), async (c) => {
    const { workspace, user } = c.get('signedIn')
    const bot = c.req.param('bot')
    await bots.get(workspace, bot)
    const told: StudioEvent = {
      type: 'presence.seen',
      who: { ...c.req.valid('json'), user: user.id, name: user.name },
      joined: false,
    }
    await events.pass(`bot:${bot}`, told)
    return c.body(null, 204)
  })
}
