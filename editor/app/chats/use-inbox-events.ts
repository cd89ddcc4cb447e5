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
    const lookAgain = () => {
      timer = undefined
      const old = [keys.chats, keys.waiting, keys.chatTags, ...[...changed].map(keys.chat)]
      changed.clear()
      for (const queryKey of old) void queryClient.invalidateQueries({ queryKey })
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
