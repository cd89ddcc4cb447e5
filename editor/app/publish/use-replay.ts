import { useEffect, useState } from 'react'
import { draft } from '#editor/document/store.ts'
import type { ReplayedChat } from '#server/api/dto.ts'
import { api } from '../api.ts'

/** Chats that are looked at, at most. */
const most = 50

export interface Replay {
  checked: number
  differing: ReplayedChat[]
  done: boolean
  error: unknown
}

/** Says to the draft, or to a version, what visitors said lately, a few chats at a time, while the dialog is open; null: to nobody. */
export function useReplay(bot: string, version?: number | null): Replay {
  const [replay, setReplay] = useState<Replay>({ checked: 0, differing: [], done: false, error: null })
  useEffect(() => {
    if (version === null) return
    let left = false
    const run = async () => {
      if (version === undefined) await draft.flush()
      let checked = 0
      const differing: ReplayedChat[] = []
      for (let before: string | null = ''; before !== null && checked < most && !left; ) {
        const page = await api.replayRecent(bot, before, version)
        checked += page.checked
        differing.push(...page.differing)
        before = page.next
        if (!left)
          setReplay({ checked, differing: [...differing], done: before === null || checked >= most, error: null })
      }
    }
    run().catch((error: unknown) => {
      if (!left) setReplay((now) => ({ ...now, done: true, error }))
    })
    return () => {
      left = true
    }
  }, [bot, version])
  return replay
}
