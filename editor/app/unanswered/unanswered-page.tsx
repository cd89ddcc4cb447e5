import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import type { SetSummary, UnansweredMessage, UnansweredView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { useMedia } from '../chats/use-media.ts'
import { spanOf, spans } from '../insights/insight-filter.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { toggled } from '../toggled.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice, Notice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { languageName, number, percent } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import { AnsweredSection } from './answered-section.tsx'
import { GroupCard } from './group-card.tsx'
import { MessageMap } from './message-map.tsx'
import { TopicDialog } from './topic-dialog.tsx'
import { TopicList } from './topic-list.tsx'
import styles from './unanswered.module.css'
import { useUnanswered } from './use-unanswered.ts'

/** Cards that are drawn before somebody asks for more. */
const cardsFirst = 20
const leftOver = -1

/** What live chats did not understand, in groups: each becomes rows of a topic, or is put away. */
export function UnansweredPage() {
  const { t } = useTranslation('unanswered')
  const { bot = '' } = useParams()
  const [search, changeSearch] = useSearch()
  useEffect(() => setPageTitle(t('title')), [t])
  const days = spanOf(search)
  const language = search.get('language') ?? ''
  const desk = useUnanswered(bot, { days, ...(language && { language }) })
  const sets = useQuery({ queryKey: keys.sets(bot), queryFn: () => api.sets(bot) })
  const set = sets.data?.find(({ id }) => id === search.get('set')) ?? sets.data?.[0]
  const { data, error, refetch } = desk.query
  const languages = [...new Set([...(data?.languages ?? []), ...(language ? [language] : [])])]
  return (
    <div className={page.page}>
      <header className={page.head}>
        <div>
          <h2>{t('title')}</h2>
          <p>{t('lead')}</p>
        </div>
        <div className={styles.filters}>
          {sets.data && sets.data.length > 1 && (
            <select
              className="bl-select"
              aria-label={t('filter.set')}
              value={set?.id}
              onChange={(event) => changeSearch({ set: event.target.value }, { replace: true })}
            >
              {sets.data.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
          <select
            className="bl-select"
            aria-label={t('filter.days')}
            value={days}
            onChange={(event) => changeSearch({ days: event.target.value }, { replace: true })}
          >
            {spans.map((span) => (
              <option key={span} value={span}>
                {t('days', { count: span })}
              </option>
            ))}
          </select>
          <select
            className="bl-select"
            aria-label={t('filter.language')}
            value={language}
            onChange={(event) => changeSearch({ language: event.target.value || null }, { replace: true })}
          >
            <option value="">{t('filter.language.all')}</option>
            {languages.map((one) => (
              <option key={one} value={one}>
                {languageName(one)}
              </option>
            ))}
          </select>
        </div>
      </header>
      <div className={styles.status} role="status">
        {desk.last && (
          <>
            <span>{desk.last.words}</span>
            <Button size="small" variant="plain" icon="restart" busy={desk.busy} onClick={desk.undo}>
              {t('undo')}
            </Button>
          </>
        )}
      </div>
      {error && <ErrorNotice error={error} onRetry={() => refetch()} />}
      {sets.error && <ErrorNotice error={sets.error} onRetry={() => sets.refetch()} />}
      {!error && !data && <div className="bl-skeleton" style={{ height: 420 }} />}
      {data && <Body key={`${days} ${language}`} bot={bot} view={data} set={set} desk={desk} />}
      <AnsweredSection bot={bot} />
    </div>
  )
}

interface Asked {
  ids: string[]
  suggested: string
  isNew: boolean
}

function Body({
  bot,
  view,
  set,
  desk,
}: {
  bot: string
  view: UnansweredView
  set: SetSummary | undefined
  desk: ReturnType<typeof useUnanswered>
}) {
  const { t } = useTranslation('unanswered')
  const navigate = useNavigate()
  const hasRoom = useMedia('(min-width: 901px)')
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [lit, setLit] = useState<{ group: number; byMap: boolean } | null>(null)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [most, setMost] = useState(cardsFirst)
  const byId = new Map(view.messages.map((message) => [message.id, message]))
  const messagesOf = (ids: readonly string[]): UnansweredMessage[] => ids.flatMap((id) => byId.get(id) ?? [])
  const nameOf = (group: number): string => {
    const words = view.groups.find((one) => one.group === group)?.words ?? []
    return words.length > 0 ? words.join(' · ') : t(group === leftOver ? 'left-over' : 'no-name')
  }
  const left = view.messages.filter(({ group }) => group === leftOver)
  const cards = [
    ...view.groups.map(({ group, messages }) => ({ group, messages: messagesOf(messages) })),
    ...(left.length > 0 ? [{ group: leftOver, messages: left }] : []),
  ]
  const litAt = cards.findIndex(({ group }) => group === lit?.group)
  const shown = cards.slice(0, Math.max(most, litAt + 1))

  if (view.total === 0)
    return (
      <div className="bl-empty">
        <p>{t('empty')}</p>
        <Button onClick={() => navigate(`/bots/${bot}/insights`)}>{t('empty.insights')}</Button>
      </div>
    )
  if (view.state === 'failed' && cards.length === 0)
    return (
      <Notice
        tone="error"
        action={
          <Button size="small" onClick={desk.again}>
            {t('again')}
          </Button>
        }
      >
        {t('failed')}
      </Notice>
    )
  const suggestedOf = (ids: readonly string[]): string => {
    const groups = new Set(messagesOf(ids).map(({ group }) => group))
    const [only] = groups
    const words = groups.size === 1 ? view.groups.find(({ group }) => group === only)?.words : undefined
    return words?.slice(0, 2).join(' ') ?? ''
  }
  const ask = (ids: string[], isNew: boolean) => setAsked({ ids, suggested: suggestedOf(ids), isNew })
  const teach = async (ids: readonly string[], topic: string) => {
    if (!set || !(await desk.teach(ids, set.id, topic))) return
    setAsked(null)
    setPicked(new Set())
  }
  const drop = (ids: string[], topic: string | null) => {
    if (topic === null) ask(ids, true)
    else void teach(ids, topic)
  }
  return (
    <>
      {view.state === 'running' && <Progress share={view.share} total={view.total} />}
      {view.total >= view.most && (
        <p className={styles.about}>{t('most', { count: view.most, number: number(view.most) })}</p>
      )}
      {!set && (
        <Notice
          tone="warn"
          action={
            <Button size="small" onClick={() => navigate(`/bots/${bot}/data`)}>
              {t('no-set.data')}
            </Button>
          }
        >
          {t('no-set')}
        </Notice>
      )}
      {cards.length === 0 ? (
        view.state === 'running' && <div className="bl-skeleton" style={{ height: 360 }} />
      ) : (
        <div className={styles.desk}>
          <div className={styles.cards}>
            {shown.map(({ group, messages }) => (
              <GroupCard
                key={group}
                group={group}
                name={nameOf(group)}
                messages={messages}
                lit={lit?.byMap === true && lit.group === group}
                picked={picked}
                busy={desk.busy || !set}
                onLight={() => setLit({ group, byMap: false })}
                onPick={(id) => setPicked(toggled(picked, id))}
                onTeach={(ids) => ask(ids, false)}
                onDismiss={async (ids) => {
                  if (await desk.dismiss(ids)) setPicked(new Set())
                }}
              />
            ))}
            {shown.length < cards.length && (
              <Button onClick={() => setMost(most + cardsFirst)}>
                {t('more-groups', { count: cards.length - shown.length })}
              </Button>
            )}
          </div>
          {hasRoom && (
            <aside className={styles.side} aria-label={t('map')}>
              <MessageMap
                messages={view.messages}
                picked={litAt < 0 ? null : lit!.group}
                onPick={(group) => setLit({ group, byMap: true })}
              />
              {set && <TopicList set={set} onDrop={drop} />}
            </aside>
          )}
        </div>
      )}
      {asked && set && (
        <TopicDialog
          count={asked.ids.length}
          set={set}
          suggested={asked.suggested}
          isNew={asked.isNew}
          busy={desk.busy}
          onTeach={(topic) => teach(asked.ids, topic)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  )
}

function Progress({ share, total }: { share: number; total: number }) {
  const { t } = useTranslation('unanswered')
  return (
    <p className={styles.progress} role="status">
      <span className="bl-spinner" aria-hidden="true" />
      {t('grouping', { count: total, number: number(total), share: percent(share, 0) })}
    </p>
  )
}
