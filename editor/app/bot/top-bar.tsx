import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router'
import { useStore } from 'zustand'
import { blockViews } from '#editor/document/block-views.ts'
import { useDraft } from '#editor/document/store.ts'
import { isGoingOn, runProgress, useLiveRun } from '#editor/insights/live-run.ts'
import { useClashCount } from '#editor/inspector/use-clash-count.ts'
import { withParam } from '../search-params.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { percent, useDuration } from '../ui/words.ts'
import styles from './bot.module.css'
import { People } from './people.tsx'
import { SaveStateText } from './save-state.tsx'
import { useRunNow } from './use-run-now.ts'
import { useStaleBlocks } from './use-stale-blocks.ts'

const RunPlanPanel = lazy(async () => ({ default: (await import('./run-plan-panel.tsx')).RunPlanPanel }))

export function TopBar({ bot, name }: { bot: string; name: string }) {
  const { t } = useTranslation('bot')
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const [search] = useSearchParams()
  const open = useDraft((state) => state.phase === 'open')
  const errors = useStore(blockViews, (state) => state.problems.filter((one) => one.severity === 'error').length)
  const problems = useStore(blockViews, (state) => state.problems.length)
  const clashes = useClashCount()
  const trying = pathname.endsWith('/canvas') && search.get('side') === 'try'

  return (
    <header className={styles.bar}>
      <div className={styles.crumbs}>
        <Link to="/">{t('bots')}</Link>
        <span aria-hidden="true">/</span>
        <h1 title={name}>{name || ' '}</h1>
      </div>
      <SaveStateText />
      {problems > 0 && (
        <Link
          className={styles.problems}
          data-errors={errors > 0 || undefined}
          to={`/bots/${bot}/canvas?drawer=problems`}
          aria-label={t('problems.count', { count: problems })}
          title={t('problems.count', { count: problems })}
        >
          <Icon name="warning" size={16} /> {problems}
        </Link>
      )}
      <span role="status" className={styles.clashes}>
        {clashes > 0 && (
          <Link className={styles.problems} to={`/bots/${bot}/canvas?drawer=problems`} title={t('clashes.about')}>
            {t('clashes', { count: clashes })}
          </Link>
        )}
      </span>
      <People bot={bot} />
      <div className={styles.actions}>
        <Button
          icon="chat"
          aria-label={t('try')}
          aria-pressed={trying}
          disabled={!open}
          onClick={() => navigate(`/bots/${bot}/canvas?side=${trying ? 'block' : 'try'}`)}
        >
          <span className={styles.word}>{t('try')}</span>
        </Button>
        <RunButton bot={bot} open={open} />
        <Button
          variant="primary"
          icon="publish"
          aria-label={t('publish')}
          disabled={!open}
          onClick={() => navigate({ pathname, search: withParam(search, 'publish', '1') })}
        >
          <span className={styles.word}>{t('publish')}</span>
        </Button>
      </div>
    </header>
  )
}

function RunButton({ bot, open }: { bot: string; open: boolean }) {
  const { t } = useTranslation('bot')
  const navigate = useNavigate()
  const live = useLiveRun()
  const stale = useStaleBlocks()
  const duration = useDuration()
  const { start, busy } = useRunNow(bot)
  const toRun = () => navigate(`/bots/${bot}/canvas?drawer=run`)
  const [planned, setPlanned] = useState(false)
  const split = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!planned) return
    const opener = split.current?.querySelector<HTMLElement>('[aria-haspopup]')
    const away = (event: PointerEvent) => {
      if (event.target instanceof Node && !split.current?.contains(event.target)) setPlanned(false)
    }
    document.addEventListener('pointerdown', away)
    return () => {
      document.removeEventListener('pointerdown', away)
      // The focus goes back to where it came from, unless a click has taken it elsewhere.
      if (!document.activeElement || document.activeElement === document.body) opener?.focus()
    }
  }, [planned])

  if (isGoingOn(live.status)) {
    const { share, secondsLeft } = runProgress(live)
    return (
      <Button className={styles.running} onClick={toRun} title={t('run.open')}>
        <span className="bl-spinner" aria-hidden="true" />
        <span>
          {percent(share, 0)}
          {secondsLeft !== null && (
            <span className={styles.word}> · {t('runs:left', { time: duration(secondsLeft) })}</span>
          )}
        </span>
        <span className={styles.runningBar} style={{ width: `${share * 100}%` }} />
      </Button>
    )
  }
  const run = async () => {
    setPlanned(false)
    if (await start()) toRun()
  }
  return (
    <div className={styles.run} ref={split}>
      <Button
        icon="play"
        busy={busy}
        disabled={!open}
        aria-label={stale.length > 0 ? t('run.stale', { count: stale.length }) : t('run')}
        title={stale.length > 0 ? t('run.stale', { count: stale.length }) : t('run.fresh')}
        onClick={run}
      >
        <span className={styles.word}>{t('run')}</span>
        {stale.length > 0 && <span className={styles.stale}>{t('stale', { count: stale.length })}</span>}
      </Button>
      <Button
        icon="down"
        className={styles.planOpener}
        disabled={!open}
        aria-label={t('run.plan')}
        title={t('run.plan')}
        aria-haspopup="dialog"
        aria-expanded={planned}
        onClick={() => setPlanned(!planned)}
      />
      {planned && (
        <Suspense>
          <RunPlanPanel bot={bot} onRun={run} onClose={() => setPlanned(false)} />
        </Suspense>
      )}
    </div>
  )
}
