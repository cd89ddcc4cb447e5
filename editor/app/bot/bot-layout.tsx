import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet, useLocation, useNavigate, useParams } from 'react-router'
import { blockName } from '#editor/canvas/words.ts'
import { watchDraft } from '#editor/document/block-views.ts'
import { watchStaleness } from '#editor/document/run-states.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { isGoingOn, runProgress, useLiveRun } from '#editor/insights/live-run.ts'
import type { StudioEvent } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { setTitleBot, setTitleProgress } from '../page-title.ts'
import { keys } from '../query.ts'
import { withParam } from '../search-params.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { showToast } from '../ui/toast.tsx'
import { percent } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import styles from './bot.module.css'
import { TopBar } from './top-bar.tsx'
import { UnansweredCount } from './unanswered-count.tsx'
import { useBotCommands } from './use-bot-commands.tsx'
import { useBotSession } from './use-bot-session.ts'

const EmbedDialog = lazy(async () => ({ default: (await import('../embed/embed-dialog.tsx')).EmbedDialog }))
const PublishDialog = lazy(async () => ({ default: (await import('../publish/publish-dialog.tsx')).PublishDialog }))

const tabs = ['canvas', 'data', 'reports', 'tests', 'insights', 'unanswered', 'versions'] as const

/** The pages of one bot: its bar, its tabs, and what goes on behind them. */
export function BotLayout() {
  const { t } = useTranslation('bot')
  const { bot = '' } = useParams()
  const [search, changeSearch] = useSearch()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const detail = useQuery({ queryKey: keys.bot(bot), queryFn: () => api.bot(bot) })
  const runs = useQuery({ queryKey: keys.runs(bot), queryFn: () => api.runs(bot) })
  const phase = useDraft((state) => state.phase)
  const loadError = useDraft((state) => state.error)

  useBotSession(bot, (event) => tell(event))
  const tell = (event: StudioEvent) => {
    if (event.type !== 'run.ended') return
    const words = t(`run-ended.${event.status}`, { defaultValue: '' })
    if (!words) return
    showToast(words, {
      label: t(event.status === 'done' ? 'see-report' : 'see-run'),
      perform: () =>
        navigate(event.status === 'done' ? `/bots/${bot}/reports/${event.run}` : `/bots/${bot}/canvas?drawer=run`),
    })
    if (document.hidden && 'Notification' in window && Notification.permission === 'granted')
      new Notification('Botloom', { body: words, icon: '/favicon.svg' })
  }
  useTitleProgress()
  useBotCommands(bot, tabs)
  const name = detail.data?.name ?? ''
  useEffect(() => {
    setTitleBot(name)
    return () => setTitleBot('')
  }, [name])

  // Every page shows how many problems there are, and the canvas draws what it finds.
  useEffect(() => watchDraft(draft), [])
  // An edit turns what it makes stale amber at once.
  useEffect(() => watchStaleness(draft), [])

  const going = runs.data?.find((run) => isGoingOn(run.status))
  useEffect(() => {
    if (going) useLiveRun.getState().resume(going)
  }, [going])
  useEffect(() => {
    const { run, status, receive } = useLiveRun.getState()
    const known = runs.data?.find((one) => one.id === run)
    // Its end was told to nobody here: the page was opened, or came back, a moment too late.
    if (known && isGoingOn(status) && !isGoingOn(known.status))
      receive({ type: 'run.ended', run: known.id, status: known.status, failure: known.failure })
  }, [runs.data])

  const closeDialog = useCallback(() => {
    changeSearch({ publish: null, embed: null })
  }, [changeSearch])

  const error = detail.error ?? (phase === 'failed' ? loadError : null)
  if (error)
    return (
      <div className={styles.failed}>
        <ErrorNotice
          error={error}
          onRetry={() => {
            void detail.refetch()
            void draft.open(bot)
          }}
        />
      </div>
    )
  return (
    <div className={styles.layout}>
      <TopBar bot={bot} name={name} />
      <div className={styles.tabRow}>
        <nav className={styles.tabs} aria-label={t('pages')}>
          {tabs.map((tab) => (
            <NavLink
              key={tab}
              to={`/bots/${bot}/${tab}`}
              className={pathname.startsWith(`/bots/${bot}/${tab}`) ? styles.tabActive : undefined}
            >
              {t(`tab.${tab}`)}
              {tab === 'unanswered' && <UnansweredCount bot={bot} />}
            </NavLink>
          ))}
        </nav>
        <Button
          variant="plain"
          size="small"
          icon="code"
          aria-label={t('embed:open')}
          title={t('embed:open')}
          aria-haspopup="dialog"
          onClick={() => navigate({ pathname, search: withParam(search, 'embed', '1') })}
        >
          <span className={styles.word}>{t('embed:open')}</span>
        </Button>
      </div>
      <div className={styles.page}>
        <Outlet />
      </div>
      {search.get('publish') === '1' && (
        <Suspense>
          <PublishDialog bot={bot} onClose={closeDialog} />
        </Suspense>
      )}
      {search.get('embed') === '1' && (
        <Suspense>
          <EmbedDialog bot={bot} onClose={closeDialog} />
        </Suspense>
      )}
    </div>
  )
}

/** How far the run is, in the page's title; a mark stays until the page is looked at again. */
function useTitleProgress() {
  const [missed, setMissed] = useState(false)
  const live = useLiveRun()
  const going = isGoingOn(live.status)
  const { share, node } = runProgress(live)
  const record = useDraft((state) => (node ? state.document.nodes[node] : undefined))
  const ended = live.status !== null && !going
  useEffect(() => {
    if (ended && document.hidden) setMissed(true)
    if (going) setMissed(false)
  }, [ended, going])
  useEffect(() => {
    const seen = () => document.hidden || setMissed(false)
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [])
  const text = going ? [percent(share, 0), record && blockName(record)].filter(Boolean).join(' ') : missed ? '✓' : null
  useEffect(() => {
    setTitleProgress(text)
    return () => setTitleProgress(null)
  }, [text])
}
