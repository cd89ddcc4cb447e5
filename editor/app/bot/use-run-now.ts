import { useState } from 'react'
import { draft } from '#editor/document/store.ts'
import { useLiveRun } from '#editor/insights/live-run.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { showError } from '../ui/toast.tsx'

/** Runs what is stale, after everything edited has reached the server. */
export function useRunNow(bot: string): { start: () => Promise<boolean>; busy: boolean } {
  const [busy, setBusy] = useState(false)
  const start = async () => {
    setBusy(true)
    try {
      await draft.flush()
      const run = await api.startRun(bot)
      useLiveRun.getState().resume(run)
      await queryClient.invalidateQueries({ queryKey: keys.runs(bot) })
      return true
    } catch (error) {
      showError(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { start, busy }
}
