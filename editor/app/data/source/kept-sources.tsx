import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary, SourceView } from '#server/api/dto.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { BrokenRows } from '../broken-rows.tsx'
import styles from './source.module.css'
import { sourceCalls } from './source-calls.ts'
import { SourceFault, useSourceWords } from './source-words.tsx'
import { changeSource, useSources } from './use-source.ts'

/** Where this set's rows came from before: one click brings what is new. Shows nothing where there is none. */
export function KeptSources({ set }: { set: SetSummary }) {
  const { t } = useTranslation('sources')
  const words = useSourceWords()
  const { sources } = useSources(set.id)
  const [failed, setFailed] = useState<unknown>(null)
  const [doomed, setDoomed] = useState<SourceView | null>(null)
  if (sources.length === 0) return null
  const perform = (work: () => Promise<unknown>) => {
    setFailed(null)
    changeSource(set.id, work).catch(setFailed)
  }
  return (
    <section className={styles.list} aria-label={t('sources')}>
      <h3 className={styles.heading}>{t('sources')}</h3>
      {sources.map((source) => (
        <div key={source.id} className={styles.list}>
          <div className={styles.item}>
            <div>
              <strong>{source.name}</strong>
              <small>
                {source.connection.name} · {t(`kind.${source.connection.kind}`)} · <Time iso={source.startedAt} />
              </small>
              <small className={styles.figures} role="status">
                {words(source)}
              </small>
            </div>
            {source.state === 'running' ? (
              <Button size="small" icon="stop" onClick={() => perform(() => sourceCalls.stop(set.id, source.id))}>
                {t('stop')}
              </Button>
            ) : (
              <Button
                size="small"
                icon="restart"
                onClick={() => perform(() => sourceCalls.importNew(set.id, source.id))}
              >
                {t(source.cursorColumn === null ? 'import-again' : 'import-new')}
              </Button>
            )}
            <IconButton
              size="small"
              icon="trash"
              label={t('source.remove', { name: source.name })}
              onClick={() => setDoomed(source)}
            />
          </div>
          <SourceFault source={source} />
          <BrokenRows count={source.brokenRows} rows={source.broken} />
        </div>
      ))}
      {failed !== null && <ErrorNotice error={failed} />}
      {doomed && (
        <ConfirmDialog
          danger
          title={t('source.remove', { name: doomed.name })}
          action={t('connection.remove.yes')}
          perform={() => changeSource(set.id, () => sourceCalls.remove(set.id, doomed.id))}
          onClose={() => setDoomed(null)}
        >
          <p>{t('source.remove.lost')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
