import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { RunView } from '#server/api/dto.ts'
import { api, errorWords } from '../api.ts'
import { useRunNow } from '../bot/use-run-now.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { Time } from '../ui/time.tsx'
import { percent, useDuration } from '../ui/words.ts'
import styles from './reports.module.css'

/** Every run of the bot, newest first; a run that measured a model leads to its report. */
export function ReportsPage() {
  const { t } = useTranslation('reports')
  const { bot = '' } = useParams()
  const runs = useQuery({ queryKey: keys.runs(bot), queryFn: () => api.runs(bot) })
  const { start, busy } = useRunNow(bot)
  useEffect(() => setPageTitle(t('title')), [t])

  return (
    <div className={page.page}>
      <header className={page.head}>
        <div>
          <h2>{t('title')}</h2>
          <p>{t('lead')}</p>
        </div>
      </header>
      {runs.error && <ErrorNotice error={runs.error} onRetry={() => runs.refetch()} />}
      {runs.isPending && <div className="bl-skeleton" style={{ height: 280 }} />}
      {runs.data?.length === 0 && (
        <div className="bl-empty">
          <p>{t('empty')}</p>
          <Button variant="primary" icon="play" busy={busy} onClick={start}>
            {t('run')}
          </Button>
        </div>
      )}
      <ol className={styles.runs}>
        {runs.data?.map((run) => (
          <RunRow key={run.id} bot={bot} run={run} />
        ))}
      </ol>
    </div>
  )
}

function RunRow({ bot, run }: { bot: string; run: RunView }) {
  const { t } = useTranslation('reports')
  const duration = useDuration()
  const figure = run.nodes.find((node) => node.type === 'evaluate' && (node.figure?.key ?? '') in shares)?.figure
  const seconds = run.endedAt ? (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000 : null
  const reused = run.nodes.filter((node) => node.status === 'reused').length
  const name = figure
    ? t(shares[figure.key] ?? 'understood-share', { share: percent(figure.value) })
    : t(`runs:status.${run.status}`)
  return (
    <li className={styles.run}>
      <div className={styles.runName}>
        {figure ? (
          <Link to={`/bots/${bot}/reports/${run.id}`}>
            <strong>{name}</strong>
          </Link>
        ) : (
          <strong>{name}</strong>
        )}
        <span>
          <Time iso={run.startedAt} />
          {seconds !== null && ` · ${duration(seconds)}`}
          {reused > 0 && ` · ${t('reused', { count: reused })}`}
        </span>
        {run.failure && <span className={styles.failure}>{errorWords(run.failure).message}</span>}
      </div>
      <span className={`bl-tag ${tones[run.status] ?? ''}`}>{t(`runs:status.${run.status}`)}</span>
    </li>
  )
}

/** Figures of an examination, of whatever kind of model, and what they say. */
const shares: Record<string, string> = {
  accuracy: 'understood-share',
  likeness: 'likeness-share',
  found: 'found-share',
}

const tones: Record<string, string> = {
  done: 'bl-tag--ok',
  failed: 'bl-tag--error',
  cancelled: 'bl-tag--warn',
  running: 'bl-tag--accent',
}
