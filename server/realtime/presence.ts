import type { Presence, StudioEvent } from '#server/api/dto.ts'
import type { EventLog } from './event-log.ts'

/**
 * Keeps the others told of one tab while its stream is open, by passing events alone: nothing is stored, and a tab that is
 * gone is told of at once. Servers that share a database hear each other's tabs.
 */
export function createPresence(events: EventLog, topic: string, tab: Presence) {
  let mine = tab
  const say = (joined: boolean): void => {
    const told: StudioEvent = { type: 'presence.seen', who: mine, joined }
    void events.pass(topic, told).catch(() => {})
  }
  return {
    /** Begins: whoever is there answers with where they are. */
    join: () => say(true),
    /** Says it again, for those who missed it. */
    repeat: () => say(false),
    /** What others, and this very tab by its own request, have said. */
    hear(event: StudioEvent) {
      if (event.type === 'presence.seen') {
        if (event.who.tab !== mine.tab) {
          if (event.joined) say(false)
        } else if (event.who.user === mine.user) mine = event.who
      } else if (event.type === 'presence.left' && event.tab === mine.tab) {
        // An earlier stream of the same tab has ended after this one began.
        say(false)
      }
    },
    leave() {
      const told: StudioEvent = { type: 'presence.left', tab: mine.tab }
      void events.pass(topic, told).catch(() => {})
    },
  }
}
