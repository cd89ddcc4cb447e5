import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { InsightFilter } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { toCsv } from '../reports/to-csv.ts'
import { ErrorNotice } from '../ui/notice.tsx'
import { languageName } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import { FigureTable, figureRows } from './figure-table.tsx'
import { type Split, splitOf, splits } from './insight-filter.ts'
import { InsightSection } from './insight-section.tsx'
import styles from './insights.module.css'

/** The same figures side by side: one version beside another, one language, one channel. */
export function SplitSection({ bot, filter }: { bot: string; filter: InsightFilter }) {
  const { t } = useTranslation('insights')
  const [search, changeSearch] = useSearch()
  const by = splitOf(search)
  const channelName = useChannelName()
  const split = useQuery({ queryKey: keys.insights(bot, by, filter), queryFn: () => api.insights(bot, by, filter) })
  const nameOf: Record<Split, (key: string) => string> = {
    version: (key) => `v${key}`,
    language: languageName,
    channel: channelName,
  }
  return (
    <InsightSection
      title={t('split')}
      about={t('split.about')}
      csv={split.data && (() => toCsv(figureRows(t, t(`column.${by}`), split.data)))}
    >
      <fieldset className={styles.switch}>
        <legend className="bl-sr-only">{t('split.by')}</legend>
        {splits.map((one) => (
          <label key={one} data-on={one === by || undefined}>
            <input
              type="radio"
              name="split"
              checked={one === by}
              onChange={() => changeSearch({ by: one }, { replace: true })}
            />
            {t(`split.by.${one}`)}
          </label>
        ))}
      </fieldset>
      {split.error && <ErrorNotice error={split.error} onRetry={() => split.refetch()} />}
      {split.isPending && <div className="bl-skeleton" style={{ height: 120 }} />}
      {split.data && (
        <FigureTable caption={t('split')} head={t(`column.${by}`)} view={split.data} nameOf={nameOf[by]} />
      )}
    </InsightSection>
  )
}

/** What a channel is called; one that the studio has no word for keeps its own. */
export function useChannelName(): (channel: string) => string {
  const { t } = useTranslation('insights')
  return (channel) => t(`channel.${channel}`, { defaultValue: channel })
}
