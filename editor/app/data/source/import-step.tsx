import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary, SourceView } from '#server/api/dto.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice, Notice } from '../../ui/notice.tsx'
import { BrokenRows } from '../broken-rows.tsx'
import styles from './source.module.css'
import { sourceCalls } from './source-calls.ts'
import { SourceFault, useSourceWords } from './source-words.tsx'
import { changeSource, useSources } from './use-source.ts'

/** How far an import is. It goes on when this is closed. */
export function ImportStep({ set, source, onClose }: { set: SetSummary; source: SourceView; onClose: () => void }) {
  const { t } = useTranslation('sources')
  const { sources, error } = useSources(set.id)
  const words = useSourceWords()
  const [failed, setFailed] = useState<unknown>(null)
  const [stopping, setStopping] = useState(false)
  const now = sources.find(({ id }) => id === source.id) ?? source
  const isRunning = now.state === 'running'
  const stop = async () => {
    setStopping(true)
    setFailed(null)
    await changeSource(set.id, () => sourceCalls.stop(set.id, source.id)).catch(setFailed)
    setStopping(false)
  }
  return (
    <Dialog
      title={isRunning ? t('running', { name: now.name }) : t(`state.${now.state}`)}
      onClose={onClose}
      footer={
        isRunning ? (
          <>
            <Button busy={stopping} icon="stop" onClick={stop}>
              {t('stop')}
            </Button>
            <Button onClick={onClose}>{t('in-background')}</Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            {t('done')}
          </Button>
        )
      }
    >
      <div className={styles.running} role="status" aria-busy={isRunning || undefined}>
        {isRunning && <span className="bl-spinner" aria-hidden="true" />}
        <p className={styles.figures}>{words(now)}</p>
        {isRunning && <p className="bl-field__help">{t('running.help')}</p>}
      </div>
      {now.state === 'done' && now.cursorColumn !== null && <Notice tone="ok">{t('kept')}</Notice>}
      <SourceFault source={now} />
      <BrokenRows count={now.brokenRows} rows={now.broken} />
      {(failed ?? error) !== null && <ErrorNotice error={failed ?? error} />}
    </Dialog>
  )
}
