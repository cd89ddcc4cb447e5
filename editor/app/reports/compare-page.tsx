import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { ComparedCurves } from '#editor/insights/compared-curves.tsx'
import type { ComparisonView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { Time } from '../ui/time.tsx'
import { useDuration } from '../ui/words.ts'
import { CompareConfig } from './compare-config.tsx'
import { useCompareCsv } from './compare-csv.ts'
import { CompareFigures } from './compare-figures.tsx'
import { CompareLabels } from './compare-labels.tsx'
import styles from './compare-page.module.css'
import { CompareRecords } from './compare-records.tsx'
import { letterOf } from './compare-runs.ts'
import { CompareVerdict } from './compare-verdict.tsx'
import { saveCsv } from './save-csv.ts'

/** Colours of the theme by which runs are told apart, in the order in which they are named. */
const colours = ['--bl-accent', '--bl-hue-action', '--bl-ok', '--bl-hue-people'] as const

/** Two or more runs side by side: how well, how they learned, on which topics they differ, and what was set otherwise. */
export function ComparePage() {
  const { t } = useTranslation('compare')
  const { bot = '' } = useParams()
  const [search] = useSearchParams()
  const asked = search.get('runs') ?? ''
  const ids = asked.split(',').filter(Boolean)
  const view = useQuery({
    queryKey: keys.comparison(bot, asked),
    queryFn: () => api.compareRuns(bot, ids),
    enabled: ids.length > 1,
  })
  useEffect(() => setPageTitle(t('title')), [t])

  if (ids.length < 2)
    return (
      <div className={page.page}>
        <div className="bl-empty">
          <p>{t('too-few')}</p>
          <Link className="bl-button bl-button--primary bl-button--medium" to={`/bots/${bot}/reports`}>
            {t('back')}
          </Link>
        </div>
      </div>
    )
  if (view.error)
    return (
      <div className={page.page}>
        <ErrorNotice error={view.error} onRetry={() => view.refetch()} />
      </div>
    )
  if (!view.data)
    return (
      <div className={page.page} aria-busy="true">
        <div className="bl-skeleton" style={{ height: 96 }} />
        <div className="bl-skeleton" style={{ height: 260 }} />
        <div className="bl-skeleton" style={{ height: 260 }} />
      </div>
    )
  return <Comparison bot={bot} view={view.data} />
}

function Comparison({ bot, view }: { bot: string; view: ComparisonView }) {
  const { t } = useTranslation('compare')
  const toText = useCompareCsv()
  const curves = useMemo(
    () =>
      view.runs.map((run, index) => ({
        name: letterOf(index),
        colour: colours[index] ?? colours[0],
        points: run.curve,
      })),
    [view],
  )
  return (
    <div className={page.page}>
      <nav className={styles.back}>
        <Link to={`/bots/${bot}/reports?pick=${view.runs.map((run) => run.id).join(',')}`}>
          <Icon name="left" size={16} /> {t('back')}
        </Link>
        <Button size="small" icon="download" onClick={() => saveCsv(t('title'), toText(view))}>
          {t('download')}
        </Button>
      </nav>
      <header className={page.head}>
        <div>
          <h2>{t('title')}</h2>
          <p>{t('lead')}</p>
        </div>
      </header>
      <Runs bot={bot} view={view} />
      <CompareVerdict view={view} />
      <Section name="figures">
        <CompareFigures view={view} />
      </Section>
      <div className={page.columns}>
        <Section name="loss">
          <ComparedCurves curves={curves} of="loss" />
        </Section>
        <Section name="accuracy">
          <ComparedCurves curves={curves} of="validationAccuracy" />
        </Section>
      </div>
      <Section name="labels">
        <CompareLabels view={view} />
      </Section>
      <div className={page.columns}>
        <Section name="config">
          <CompareConfig bot={bot} view={view} />
        </Section>
        <Section name="records">
          <CompareRecords view={view} />
        </Section>
      </div>
    </div>
  )
}

function Section({ name, children }: { name: string; children: ReactNode }) {
  const { t } = useTranslation('compare')
  return (
    <section className={page.section} aria-label={t(`section.${name}`)}>
      <h2>{t(`section.${name}`)}</h2>
      <p>{t(`section.${name}.about`)}</p>
      {children}
    </section>
  )
}

/** Which run is called by which letter and drawn in which colour. */
function Runs({ bot, view }: { bot: string; view: ComparisonView }) {
  const { t } = useTranslation('compare')
  const duration = useDuration()
  return (
    <ol className={styles.runs}>
      {view.runs.map((run, index) => (
        <li key={run.id} style={{ borderInlineStartColor: `var(${colours[index]})` }}>
          <b style={{ color: `var(${colours[index]})` }}>{letterOf(index)}</b>
          <span>
            <Time iso={run.startedAt} />
            <small>
              {[run.seconds === null ? t('going') : duration(run.seconds), run.device].filter(Boolean).join(' · ')}
            </small>
          </span>
          {run.report && (
            <Link to={`/bots/${bot}/reports/${run.id}`} aria-label={t('report-of', { run: letterOf(index) })}>
              {t('report')}
            </Link>
          )}
        </li>
      ))}
    </ol>
  )
}
