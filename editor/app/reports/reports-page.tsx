import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import type { RunView } from '#server/api/dto.ts'
import { api, errorWords } from '../api.ts'
import { useRunNow } from '../bot/use-run-now.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { Time } from '../ui/time.tsx'
import { fullTime, percent, useDuration } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import styles from './reports.module.css'
import { RunFiles } from './run-files.tsx'

/** Every run of the bot, newest first; a run that measured a model leads to its report. */
export function ReportsPage() {
  const { t } = useTranslation('reports')
  const { bot = '' } = useParams()
  const navigate = useNavigate()
  const runs = useQuery({ queryKey: keys.runs(bot), queryFn: () => api.runs(bot) })
  const { start, busy } = useRunNow(bot)
  const [search, changeSearch] = useSearch()
  // Kept here too: a tick shows at once, whenever the router has time to write it into the address.
  const [ticks, setTicks] = useState(() => (search.get('pick') ?? '').split(','))
  const picked = ticks.filter((id) => runs.data?.some((run) => run.id === id))
  const pick = (runs: readonly string[]) => {
    setTicks([...runs])
    changeSearch({ pick: runs.join(',') }, { replace: true })
  }
  const comparable = (runs.data?.filter(hasReport).length ?? 0) > 1
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
          <RunRow
            key={run.id}
            bot={bot}
            run={run}
            pick={
              comparable && hasReport(run)
                ? {
                    on: picked.includes(run.id),
                    full: picked.length >= mostCompared,
                    change: (on) => pick([...picked.filter((id) => id !== run.id), ...(on ? [run.id] : [])]),
                  }
                : null
            }
          />
        ))}
      </ol>
      {picked.length > 0 && (
        <div className={styles.compareBar} role="status">
          <span>
            {t(picked.length < 2 ? 'compare:pick-more' : 'compare:picked', {
              count: picked.length,
              most: mostCompared,
            })}
          </span>
          <Button variant="plain" size="small" onClick={() => pick([])}>
            {t('compare:unpick')}
          </Button>
          <Button
            variant="primary"
            size="small"
            disabled={picked.length < 2}
            onClick={() => navigate(`/bots/${bot}/reports/compare?runs=${inTime(picked, runs.data ?? []).join(',')}`)}
          >
            {t('compare:compare')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** More than this nobody can tell apart on one picture. */
const mostCompared = 4
const hasReport = (run: RunView) => run.files.report

/** The oldest first: what came later is held against what was there before. */
function inTime(picked: readonly string[], runs: readonly RunView[]): string[] {
  return runs
    .filter((run) => picked.includes(run.id))
    .reverse()
    .map((run) => run.id)
}

function RunRow({
  bot,
  run,
  pick,
}: {
  bot: string
  run: RunView
  /** Null where it cannot be compared. */
  pick: { on: boolean; full: boolean; change: (on: boolean) => void } | null
}) {
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
      {pick && (
        <input
          type="checkbox"
          className={styles.pick}
          checked={pick.on}
          disabled={pick.full && !pick.on}
          aria-label={t('compare:pick', { run: name, time: fullTime(run.startedAt) })}
          title={t(pick.full && !pick.on ? 'compare:pick-full' : 'compare:pick-to')}
          onChange={(event) => pick.change(event.target.checked)}
        />
      )}
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
      <RunFiles bot={bot} run={run} />
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
