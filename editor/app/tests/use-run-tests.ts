import { useCallback, useEffect, useRef, useState } from 'react'
import { draft } from '#editor/document/store.ts'
import type { ChatTestView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'

/** So many at a time, so that it can be seen how far it is. */
const portion = 4

/** Runs tests against the draft and puts how they went into the list. Rejects where the server refuses. */
export function useRunTests(bot: string): {
  run: (ids: readonly string[]) => Promise<void>
  stop: () => void
  /** Null while none runs. */
  progress: { done: number; all: number } | null
} {
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null)
  const round = useRef(0)
  const stop = useCallback(() => {
    round.current++
    setProgress(null)
  }, [])
  useEffect(() => stop, [stop])
  const run = useCallback(
    async (ids: readonly string[]) => {
      const mine = ++round.current
      setProgress({ done: 0, all: ids.length })
      try {
        await draft.flush()
        for (let done = 0; done < ids.length && mine === round.current; done += portion) {
          const ran = await api.runTests(bot, ids.slice(done, done + portion))
          queryClient.setQueryData<ChatTestView[]>(keys.tests(bot), (all) =>
            all?.map((test) => ran.find(({ id }) => id === test.id) ?? test),
          )
          if (mine === round.current) setProgress({ done: Math.min(done + portion, ids.length), all: ids.length })
        }
      } finally {
        if (mine === round.current) setProgress(null)
      }
    },
    [bot],
  )
  return { run, stop, progress }
}
