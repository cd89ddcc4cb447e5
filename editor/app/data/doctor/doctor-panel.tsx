import { useTranslation } from 'react-i18next'
import type { SetSummary } from '#server/api/dto.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice, Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { number } from '../../ui/words.ts'
import styles from './doctor.module.css'
import { FindingCard } from './finding-card.tsx'
import { useCheck } from './use-check.ts'
import { useFixes } from './use-fixes.ts'

/** What is wrong with a set before anything is trained on it: cards, the most harmful first, each with its rows and its fix. */
export function DoctorPanel({ set, onClose }: { set: SetSummary; onClose: () => void }) {
  const { t } = useTranslation('doctor')
  const { view, last, stopped, error, start, cancel } = useCheck(set)
  const { fix, undo, said, busy } = useFixes(set.id)
  const check = last?.check
  const running = view?.state === 'running' || (view?.state === 'none' && !stopped)

  return (
    <section className={styles.panel} aria-label={t('title')}>
      <div className={styles.top}>
        <div className={styles.words}>
          <h2>{t('title')}</h2>
          <p role="status">
            {check && !running ? t('summary', { count: check.findings.length, rows: number(check.rows) }) : t('about')}
            {check && !running && (
              <>
                {' · '}
                <Time iso={check.checkedAt} />
              </>
            )}
          </p>
        </div>
        <Button size="small" icon="back" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
      {error && <ErrorNotice error={error} onRetry={start} />}
      {view?.state === 'failed' && (
        <Notice
          tone="error"
          action={
            <Button size="small" onClick={start}>
              {t('again')}
            </Button>
          }
        >
          <strong>{t('failed')}</strong>
          <span>{t('failed.remedy')}</span>
        </Notice>
      )}
      {stopped && view?.state === 'none' && (
        <Notice
          action={
            <Button size="small" onClick={start}>
              {t('again')}
            </Button>
          }
        >
          {t('stopped')}
        </Notice>
      )}
      {running && (
        <div className={styles.running}>
          <span
            className="bl-bar"
            role="progressbar"
            aria-label={t('running')}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round((view?.share ?? 0) * 100)}
          >
            <span style={{ width: `${Math.round((view?.share ?? 0) * 100)}%` }} />
          </span>
          <span>{view?.secondsLeft ? t('running.left', { count: view.secondsLeft }) : t('running')}</span>
          <Button size="small" onClick={cancel}>
            {t('stop')}
          </Button>
        </div>
      )}
      {said && (
        <Notice
          tone="ok"
          action={
            undo && (
              <Button size="small" busy={busy} onClick={undo}>
                {t('undo')}
              </Button>
            )
          }
        >
          <span role="status">{t(`said.${said.what}`, { count: said.count, title: t(`${said.kind}.title`) })}</span>
        </Notice>
      )}
      {!check && running && <div className="bl-skeleton" style={{ height: 240 }} />}
      {check?.findings.length === 0 && !running && <Notice tone="ok">{t('healthy')}</Notice>}
      {check?.findings.map((finding) => (
        <FindingCard
          // What was left out belongs to the rows of this content.
          key={`${last!.hash} ${finding.kind}`}
          set={set}
          hash={last!.hash}
          finding={finding}
          busy={busy}
          onFix={(how) => fix(last!.hash, finding.kind, how)}
        />
      ))}
    </section>
  )
}
