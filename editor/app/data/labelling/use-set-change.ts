import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { showError, showToast } from '../../ui/toast.tsx'
import { refreshSet } from '../refresh-set.ts'
import { labellingApi } from './labelling-api.ts'

/** Changes of a set, one at a time; what was said of one offers the way back. */
export function useSetChange(set: string) {
  const { t } = useTranslation('data')
  const [busy, setBusy] = useState(false)

  /** True where it went well. `say` tells what was done; a revision among what `work` gives can be taken back. */
  const perform = async <T extends { revision: number | null } | undefined>(
    work: () => Promise<T>,
    say?: (done: T) => string,
  ): Promise<boolean> => {
    setBusy(true)
    try {
      const done = await work()
      await refreshSet(set)
      const { revision = null } = done ?? {}
      const back =
        revision === null
          ? undefined
          : {
              label: t('undo'),
              perform: () =>
                void perform(
                  async () => void (await labellingApi.undo(set, revision)),
                  () => t('undone'),
                ),
            }
      if (say) showToast(say(done), back)
      return true
    } catch (error) {
      showError(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  return { perform, busy }
}
