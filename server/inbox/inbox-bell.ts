import type { ChatStatus, InboxEvent } from '#server/api/dto.ts'
import type { EventLog } from '#server/realtime/event-log.ts'

export const inboxTopic = (workspace: string): string => `inbox:${workspace}`
/** Milliseconds between two rings for chats that the bot leads by itself: there may be hundreds a second. */
const pause = 1_000

export interface InboxBell {
  /** A chat is other than before: at once where a person is concerned, else at most once in a while. */
  ring(workspace: string, chat: string, status: ChatStatus): void
}

/** Tells open inboxes, on every server, that a chat is to be looked at again. */
export function createInboxBell(events: Pick<EventLog, 'pass'>, onError: (error: unknown) => void): InboxBell {
  const rung = new Map<string, { waiting: string | null }>()
  const tell = (workspace: string, chat: string): void => {
    const event: InboxEvent = { type: 'inbox.changed', chat }
    events.pass(inboxTopic(workspace), event).catch(onError)
  }
  return {
    ring(workspace, chat, status) {
      if (status === 'waiting' || status === 'agent') return tell(workspace, chat)
      const lately = rung.get(workspace)
      if (lately) {
        lately.waiting = chat
        return
      }
      const quiet = { waiting: null as string | null }
      rung.set(workspace, quiet)
      tell(workspace, chat)
      setTimeout(() => {
        rung.delete(workspace)
        // One is enough: the list is read as a whole.
        if (quiet.waiting !== null) tell(workspace, quiet.waiting)
      }, pause).unref()
    },
  }
}
