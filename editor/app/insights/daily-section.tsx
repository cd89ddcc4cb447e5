import { lazy, Suspense, useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { InsightView } from '#server/api/dto.ts'
import { studioLanguage } from '../i18n.ts'
import { toCsv } from '../reports/to-csv.ts'
import { number } from '../ui/words.ts'
import { toDays } from './daily.ts'
import { FigureTable, figureRows } from './figure-table.tsx'
import { InsightSection } from './insight-section.tsx'
import styles from './insights.module.css'

const DailyPlot = lazy(async () => ({ default: (await import('./daily-plot.tsx')).DailyPlot }))

const height = 220
const parts = [
  { key: 'going', colour: '--bl-border-strong' },
  { key: 'handedOver', colour: '--bl-hue-people' },
  { key: 'contained', colour: '--bl-ok' },
] as const

/** How many conversations each day had and what became of them. */
export function DailySection({ view }: { view: InsightView }) {
  const { t, i18n } = useTranslation('insights')
  const days = useMemo(() => toDays(view.rows), [view.rows])
  // biome-ignore lint/correctness/useExhaustiveDependencies: days are named anew in another language
  const dayName = useCallback((day: string) => nameOf(day, { month: 'numeric', day: 'numeric' }), [i18n.language])
  const busiest = days.reduce((best, day) => (day.conversations > best.conversations ? day : best), days[0]!)
  return (
    <InsightSection
      title={t('daily')}
      about={t('daily.about', {
        count: view.total.conversations,
        day: nameOf(busiest.day, { month: 'long', day: 'numeric', weekday: 'short' }),
        most: number(busiest.conversations),
      })}
      csv={() => toCsv(figureRows(t, t('column.day'), view))}
    >
      <figure className={styles.plot}>
        <Suspense fallback={<div style={{ height }} />}>
          <DailyPlot days={days} parts={parts} dayName={dayName} height={height} />
        </Suspense>
        <figcaption className={styles.legend}>
          {parts.toReversed().map(({ key, colour }) => (
            <span key={key}>
              <i style={{ background: `var(${colour})` }} />
              {t(`part.${key}`)} {number(days.reduce((sum, day) => sum + day.parts[key], 0))}
            </span>
          ))}
        </figcaption>
      </figure>
      <details className={styles.behind}>
        <summary>{t('daily.table')}</summary>
        <FigureTable
          caption={t('daily')}
          head={t('column.day')}
          view={view}
          nameOf={(day) => nameOf(day, { dateStyle: 'medium' })}
        />
      </details>
    </InsightSection>
  )
}

function nameOf(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(studioLanguage(), { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
}
