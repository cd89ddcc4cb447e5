import type { Logger } from 'pino'
import type { OpenDatabase } from '#server/db/client.ts'

const channel = 'botloom_webhooks'

export type WebhookInterest = Awaited<ReturnType<typeof createWebhookInterest>>

/**
 * Which bots have somebody who is told, and of what: known in memory on every server, so that a turn of a bot without webhooks asks
 * nothing and writes nothing for them.
 */
export async function createWebhookInterest(
  database: Pick<OpenDatabase, 'query' | 'listen' | 'notify'>,
  log: Pick<Logger, 'warn'>,
) {
  let all = new Map<string, { bot: string | null; events: string[] }[]>()
  let reading: Promise<void> = Promise.resolve()

  async function read(): Promise<void> {
    const rows = await database.query<{ workspace_id: string; bot_id: string | null; events: string[] }>(
      'select workspace_id, bot_id, events from webhook_endpoints where active',
    )
    const found: typeof all = new Map()
    for (const { workspace_id, bot_id, events } of rows) {
      const mine = found.get(workspace_id) ?? []
      mine.push({ bot: bot_id, events })
      found.set(workspace_id, mine)
    }
    all = found
  }
  /** One after the other: what is read last is the newest. */
  const refresh = (): Promise<void> => {
    reading = reading
      .then(read)
      .catch((error) => log.warn({ err: error }, 'which webhooks there are could not be read'))
    return reading
  }
  const stop = await database.listen(
    channel,
    () => void refresh(),
    () => void refresh(),
  )
  await refresh()

  return {
    /** Types of events that somebody wants of a bot; null where nobody wants any. */
    of(workspace: string, bot: string): ReadonlySet<string> | null {
      const mine = all.get(workspace)?.filter((endpoint) => endpoint.bot === null || endpoint.bot === bot)
      return mine?.length ? new Set(mine.flatMap(({ events }) => events)) : null
    },
    /** Whether there is any endpoint at all. */
    any: (): boolean => all.size > 0,
    /** Endpoints were changed: here it counts when this resolves, elsewhere a moment later. */
    async changed(): Promise<void> {
      await refresh()
      await database.notify(channel, '')
    },
    async close(): Promise<void> {
      await stop()
      await reading
    },
  }
}
