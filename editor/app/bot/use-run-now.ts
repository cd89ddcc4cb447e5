import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { draft } from '#editor/document/store.ts'
import { useLiveRun } from '#editor/insights/live-run.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { showError, showToast } from '../ui/toast.tsx'
import { growBranches } from './grow-branches.ts'

/** Runs what is stale, after everything edited has reached the server. With its first run a bot begun from records grows its dialog. */
export function useRunNow(bot: string): { start: () => Promise<boolean>; busy: boolean } {
  const { t } = useTranslation('bot')
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const start = async () => {
    setBusy(true)
    try {
      await draft.flush()
      const run = await api.startRun(bot)
      useLiveRun.getState().resume(run)
      const count = growBranches()
      if (count > 0)
        showToast(t('branches', { count }), {
          label: t('branches.see'),
          perform: () => navigate(`/bots/${bot}/canvas`),
        })
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
