import { useEffect } from 'react'
import type { InboxEvent } from '#server/api/dto.ts'
import { streams } from '../api.ts'
import { readEventStream } from '../event-stream.ts'
import { keys, queryClient } from '../query.ts'
import { setServerReached } from '../shell/offline-banner.tsx'
import { answers } from './answers.ts'

/** A busy desk changes many times a second; the page looks again this often at most. */
const throttle = 300

/** Keeps what the page shows as it is on the server while the page is open. */
export function useInboxEvents(): void {
  useEffect(() => {
    const stream = new AbortController()
    const changed = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const lookAgain = async () => {
      const old = [keys.chats, keys.waiting, keys.chatTags, ...[...changed].map(keys.chat)]
      changed.clear()
      // Not before the last look has ended: each new one would break off the one before, and a busy desk would never be read.
      await Promise.all(old.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
      timer = changed.size > 0 && !stream.signal.aborted ? setTimeout(lookAgain, throttle) : undefined
    }
    void readEventStream({
      url: streams.inbox,
      signal: stream.signal,
      onEvent: (data) => {
        const event: InboxEvent = JSON.parse(data)
        changed.add(event.chat)
        timer ??= setTimeout(lookAgain, throttle)
      },
      onState: (state) => {
        setServerReached(state !== 'lost')
        // Anything may have happened while nobody listened.
        if (state !== 'open') return
        void queryClient.invalidateQueries({ queryKey: keys.inbox })
        answers.wake()
      },
    })
    return () => {
      stream.abort()
      clearTimeout(timer)
      setServerReached(true)
    }
  }, [])
}
