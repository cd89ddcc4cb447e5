import type { Logger } from 'pino'
import type { ConversationEvent } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import type { EventLog } from './event-log.ts'

export const feedTopic = (workspace: string): string => `conversations:${workspace}`

/**
 * What happened in the conversations of a workspace, kept in the log of events. It is written behind the turn that it tells of, many at
 * once where many happen, so that no visitor waits for it: a server that is killed between the two leaves those events out. Nothing is
 * written where nobody could read it.
 */
export function createConversationFeed(deps: {
  db: Database
  events: Pick<EventLog, 'append'>
  log: Pick<Logger, 'error'>
  /** Whether somebody may follow a workspace. */
  followed: (workspace: string) => boolean
}) {
  const { db, events, log, followed } = deps
  let waiting: { workspace: string; event: ConversationEvent }[] = []
  let writing: Promise<void> | null = null

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      // Topics in one order: two servers never wait for each other.
      batch.sort((one, other) => one.workspace.localeCompare(other.workspace))
      try {
        await db.transaction(async (tx) => {
          for (const { workspace, event } of batch) await events.append(tx, workspace, feedTopic(workspace), event)
        })
      } catch (error) {
        log.error({ err: error, events: batch.length }, 'events of conversations could not be written')
      }
    }
  }

  return {
    tell(workspace: string, happened: readonly ConversationEvent[]): void {
      if (!followed(workspace)) return
      for (const event of happened) waiting.push({ workspace, event })
      writing ??= write().finally(() => {
        writing = null
      })
    },

    /** When all that was told is written. */
    async close(): Promise<void> {
      while (writing) await writing
    },
  }
}
