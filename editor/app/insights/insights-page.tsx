import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { InsightFilter } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { withParam } from '../search-params.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { languageName } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import { DailySection } from './daily-section.tsx'
import { FlowSection } from './flow-section.tsx'
import { slicesOf, spanOf, spans } from './insight-filter.ts'
import styles from './insights.module.css'
import { periodBefore, shiftDay } from './shares.ts'
import { SplitSection, useChannelName } from './split-section.tsx'
import { Tiles } from './tiles.tsx'

/** What a bot's conversations came to, and where on its graph they stop. */
export function InsightsPage() {
  const { t } = useTranslation('insights')
  const { bot = '' } = useParams()
  const [search] = useSearchParams()
  useEffect(() => setPageTitle(t('title')), [t])
  const days = spanOf(search)
  const slices = slicesOf(search)
  // The server knows what day it is where the bot is.
  const usual = useQuery({ queryKey: keys.insights(bot, 'day', {}), queryFn: () => api.insights(bot, 'day', {}) })
  const to = usual.data?.to
  const filter: InsightFilter = { ...(to && { from: shiftDay(to, 1 - days), to }), ...slices }
  const now = useQuery({
    queryKey: keys.insights(bot, 'day', filter),
    queryFn: () => api.insights(bot, 'day', filter),
    enabled: to !== undefined,
    // The usual days are what was just asked for.
    initialData: () => (Object.keys(slices).length === 0 && usual.data?.from === filter.from ? usual.data : undefined),
    initialDataUpdatedAt: usual.dataUpdatedAt,
    placeholderData: keepPreviousData,
  })
  const earlier: InsightFilter = to ? { ...filter, ...periodBefore({ from: shiftDay(to, 1 - days), to }) } : {}
  const before = useQuery({
    queryKey: keys.insights(bot, 'day', earlier),
    queryFn: () => api.insights(bot, 'day', earlier),
    enabled: to !== undefined,
  })
  const versions = useQuery({ queryKey: keys.versions(bot), queryFn: () => api.versions(bot) })
  const version =
    slices.version ?? versions.data?.find(({ current }) => current)?.version ?? versions.data?.[0]?.version
  const error = usual.error ?? now.error
  const empty = usual.data?.any === false
  return (
    <div className={page.page}>
      <header className={page.head}>
        <div>
          <h2>{t('title')}</h2>
          <p>{t('lead')}</p>
        </div>
        {!empty && to !== undefined && <Filters bot={bot} days={days} period={{ from: filter.from, to }} />}
      </header>
      {error && <ErrorNotice error={error} onRetry={() => void Promise.all([usual.refetch(), now.refetch()])} />}
      {empty && <Empty bot={bot} />}
      {!empty && !error && !now.data && <div className="bl-skeleton" style={{ height: 320 }} />}
      {!empty && now.data && (
        <>
          <Tiles bot={bot} filter={filter} total={now.data.total} before={before.data?.total ?? null} days={days} />
          <DailySection view={now.data} />
          {version !== undefined && <FlowSection bot={bot} version={version} filter={filter} />}
          <SplitSection bot={bot} filter={filter} />
        </>
      )}
    </div>
  )
}

function Filters({ bot, days, period }: { bot: string; days: number; period: { from?: string; to: string } }) {
  const { t } = useTranslation('insights')
  const [search, changeSearch] = useSearch()
  const channelName = useChannelName()
  const by = (key: 'version' | 'language' | 'channel') => ({
    queryKey: keys.insights(bot, key, period),
    queryFn: () => api.insights(bot, key, period),
  })
  const [versions, languages, channels] = [useQuery(by('version')), useQuery(by('language')), useQuery(by('channel'))]
  const set = (key: string, value: string) => changeSearch({ [key]: value, block: null }, { replace: true })
  const choice = (key: string, rows: readonly { key: string }[] | undefined, nameOf: (key: string) => string) => {
    const value = search.get(key) ?? ''
    const offered = (rows ?? []).map((row) => row.key)
    return (
      <select
        className="bl-select"
        aria-label={t(`filter.${key}`)}
        value={value}
        onChange={(event) => set(key, event.target.value)}
      >
        <option value="">{t(`filter.${key}.all`)}</option>
        {[...new Set([...offered, ...(value ? [value] : [])])].map((one) => (
          <option key={one} value={one}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    )
  }
  return (
    <div className={styles.filters}>
      <select
        className="bl-select"
        aria-label={t('filter.days')}
        value={days}
        onChange={(event) => set('days', event.target.value)}
      >
        {spans.map((span) => (
          <option key={span} value={span}>
            {t('days', { count: span })}
          </option>
        ))}
      </select>
      {choice('version', versions.data?.rows, (key) => `v${key}`)}
      {choice('language', languages.data?.rows, languageName)}
      {choice('channel', channels.data?.rows, channelName)}
    </div>
  )
}

/** Nobody has talked with it yet. */
function Empty({ bot }: { bot: string }) {
  const { t } = useTranslation('insights')
  const [search] = useSearchParams()
  const navigate = useNavigate()
  return (
    <div className="bl-empty">
      <p>{t('empty')}</p>
      <Button onClick={() => navigate({ pathname: `/bots/${bot}/insights`, search: withParam(search, 'embed', '1') })}>
        {t('empty.embed')}
      </Button>
    </div>
  )
}
