import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExperimentView, OpenChoice } from '#server/api/dto.ts'
import { api } from '../api.ts'
import publish from '../publish/publish.module.css'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { showToast } from '../ui/toast.tsx'
import { Impact } from './impact.tsx'
import { toldAnew } from './told-anew.ts'

const arms = ['a', 'b'] as const

/** One of the two goes on for everybody; what that does is shown as before every Publish. */
export function StopExperimentDialog({
  bot,
  experiment,
  onClose,
}: {
  bot: string
  experiment: ExperimentView
  onClose: () => void
}) {
  const { t } = useTranslation('versions')
  const [keep, setKeep] = useState<'a' | 'b'>(experiment.verdict === 'b-better' ? 'b' : 'a')
  const [open, setOpen] = useState<OpenChoice>('stay')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { version } = experiment[keep]
  const stop = async () => {
    setBusy(true)
    setError(null)
    try {
      await api.stopExperiment(bot, experiment.id, { keep, open })
      await toldAnew(bot)
      showToast(t('ab.stopped', { version }))
      onClose()
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('ab.stop.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" busy={busy} onClick={stop}>
            {t('ab.stop.yes', { version })}
          </Button>
        </>
      }
    >
      <fieldset className={publish.choice}>
        <legend>{t('ab.keep')}</legend>
        {arms.map((arm) => (
          <label key={arm} className="bl-check">
            <input type="radio" name="keep" checked={keep === arm} onChange={() => setKeep(arm)} />
            <strong>{t(`ab.keep.${arm}`, { version: experiment[arm].version })}</strong>
          </label>
        ))}
      </fieldset>
      <Impact bot={bot} version={version} open={open} onOpen={setOpen} />
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}
