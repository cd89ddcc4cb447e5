import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VersionView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { showToast } from '../ui/toast.tsx'
import { percent } from '../ui/words.ts'
import styles from './environments.module.css'
import { toldAnew } from './told-anew.ts'

/** Which version is compared with the live one, and how many visitors get it. */
export function StartExperimentDialog({
  bot,
  live,
  versions,
  onClose,
}: {
  bot: string
  live: number
  versions: VersionView[]
  onClose: () => void
}) {
  const { t } = useTranslation('versions')
  const id = useId()
  const others = versions.filter(({ version }) => version !== live)
  const [version, setVersion] = useState((others.find(({ onTest }) => onTest) ?? others[0])?.version ?? 0)
  const [share, setShare] = useState(50)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const start = async () => {
    setBusy(true)
    setError(null)
    try {
      await api.startExperiment(bot, { version, share })
      await toldAnew(bot)
      showToast(t('ab.started'))
      onClose()
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('ab.start.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" busy={busy} onClick={start}>
            {t('ab.start.yes')}
          </Button>
        </>
      }
    >
      <p>{t('ab.about')}</p>
      <p>{t('ab.a', { version: live })}</p>
      <label className="bl-field">
        <span className="bl-field__label">{t('ab.b')}</span>
        <select className="bl-input" value={version} onChange={(event) => setVersion(Number(event.target.value))}>
          {others.map((one) => (
            <option key={one.version} value={one.version}>
              {`v${one.version}${one.note ? ` · ${one.note}` : ''}${one.onTest ? ` · ${t('test')}` : ''}`}
            </option>
          ))}
        </select>
      </label>
      <div className="bl-field">
        <label className="bl-field__label" htmlFor={id}>
          {t('ab.share')}
        </label>
        <div className={styles.share}>
          <input
            id={id}
            type="range"
            min={1}
            max={99}
            value={share}
            onChange={(event) => setShare(Number(event.target.value))}
          />
          <output htmlFor={id}>{t('ab.shares', { a: percent(1 - share / 100), b: percent(share / 100) })}</output>
        </div>
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}
