import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { Services } from '#server/services.ts'
import type { StudioEvent } from './dto.ts'

/** Milliseconds between comment lines that keep a silent connection from being cut by a proxy. */
const keepAlive = 15_000
/** After these the blocks' states are others than before; whoever looks on is told how they are now. */
const changesStates = new Set<StudioEvent['type']>(['node.settled', 'node.failed', 'run.ended'])

export function eventRoutes({ bots, drafts, viewer, events, log }: Services) {
  return new Hono<StudioEnv>().get('/:bot/events', async (c) => {
    const { workspace } = c.get('signedIn')
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
      const stop = await events.subscribe<StudioEvent>(`bot:${bot}`, after, async ({ seq, event }) => {
        await stream.writeSSE({ ...(seq === null ? {} : { id: String(seq) }), data: JSON.stringify(event) })
        if (changesStates.has(event.type)) await tellStates()
      })
      const beat = setInterval(() => void stream.write(': still here\n\n').catch(ended), keepAlive)
      try {
        await stream.write('retry: 1000\n\n')
        await end
      } catch (error) {
        log.warn({ err: error, bot }, 'event stream')
      } finally {
        clearInterval(beat)
        stop()
      }
    })
  })
}
