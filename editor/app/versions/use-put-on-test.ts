import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { showError, showToast } from '../ui/toast.tsx'
import { toldAnew } from './told-anew.ts'

/** Puts a version on test without a question: no visitor is met by it. */
export function usePutOnTest(bot: string): { busy: number | null; perform: (version: number) => Promise<void> } {
  const { t } = useTranslation('versions')
  const [busy, setBusy] = useState<number | null>(null)
  return {
    busy,
    async perform(version) {
      setBusy(version)
      try {
        await api.placeVersion(bot, version, { environment: 'test' })
        await toldAnew(bot)
        showToast(t('moved.test', { version }))
      } catch (error) {
        showError(error)
      }
      setBusy(null)
    },
  }
}
