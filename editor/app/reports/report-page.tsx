import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { ConfusionMatrix } from '#editor/insights/confusion-matrix.tsx'
import { entitiesOf } from '#editor/insights/entity-findings.ts'
import { EntitySection } from '#editor/insights/entity-section.tsx'
import { LabelTable } from '#editor/insights/label-table.tsx'
import { LanguageTable } from '#editor/insights/language-table.tsx'
import { mixedUpPairs } from '#editor/insights/mixed-up.ts'
import { ReliabilityDiagram } from '#editor/insights/reliability-diagram.tsx'
import { ThresholdSlider } from '#editor/insights/threshold-slider.tsx'
import { TrialTable } from '#editor/insights/trial-table.tsx'
import type { ReportView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { number, percent, useDuration } from '../ui/words.ts'
import { AnswersPage } from './answers-page.tsx'
import { ApplyThreshold } from './apply-threshold.tsx'
import { type Figure, FigureList } from './figure-list.tsx'
import { reportCsv, saveFile } from './report-csv.ts'
import { ReportHead } from './report-head.tsx'
import styles from './reports.module.css'
import { RetrievalPage } from './retrieval-page.tsx'
import { RowsDrawer } from './rows-drawer.tsx'
import { TryModel } from './try-model.tsx'

/** What a run found: one plain sentence first, the figures and pictures below, each leading to its rows. */
export function ReportPage() {
  const { t } = useTranslation('reports')
  const { bot = '', run = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const report = useQuery({ queryKey: keys.report(bot, run), queryFn: () => api.report(bot, run) })
  useEffect(() => setPageTitle(t('report')), [t])

  const truth = search.get('truth') ?? undefined
  const predicted = search.get('predicted') ?? undefined
  const both = search.get('both') === '1'
  const open = (cell: { truth?: string; predicted?: string; both?: boolean }) => {
    const next = new URLSearchParams()
    if (cell.truth) next.set('truth', cell.truth)
    if (cell.predicted) next.set('predicted', cell.predicted)
    if (cell.both) next.set('both', '1')
    setSearch(next)
  }

  if (report.error)
    return (
      <div className={page.page}>
        <ErrorNotice error={report.error} onRetry={() => report.refetch()} />
      </div>
    )
  if (!report.data)
    return (
      <div className={page.page} aria-busy="true">
        <div className="bl-skeleton" style={{ height: 120 }} />
        <div className="bl-skeleton" style={{ height: 96 }} />
        <div className="bl-skeleton" style={{ height: 420 }} />
      </div>
    )
  const data = report.data
  if ('kind' in data)
    return data.kind === 'answers' ? (
      <AnswersPage bot={bot} run={run} report={data} />
    ) : (
      <RetrievalPage bot={bot} run={run} report={data} />
    )
  const entities = entitiesOf(data)
  return (
    <div className={page.page}>
      <ReportHead
        bot={bot}
        createdAt={data.createdAt}
        onDownload={() => saveFile(`${t('report')}.csv`, reportCsv(data))}
      />
      <Sentence report={data} onOpen={open} />
      <Figures report={data} />
      <section className={page.section}>
        <h2>{t('try')}</h2>
        <p>{t(data.model.pairs ? 'try.about.pairs' : 'try.about.labels')}</p>
        <TryModel bot={bot} run={run} pairs={data.model.pairs} />
      </section>
      <section className={page.section}>
        <h2>{t('matrix')}</h2>
        <p>{t('matrix.how')}</p>
        <div className={styles.mixed}>
          <ConfusionMatrix report={data} onOpen={open} />
          <Pairs report={data} onOpen={open} />
        </div>
      </section>
      <div className={page.columns}>
        <section className={page.section}>
          <h2>{t('threshold')}</h2>
          <p>{t('threshold.about')}</p>
          <ThresholdSlider report={data}>
            {(threshold) => (
              <ApplyThreshold bot={bot} examiner={data.node} threshold={threshold} advised={data.threshold} />
            )}
          </ThresholdSlider>
        </section>
        <section className={page.section}>
          <h2>{t('reliability')}</h2>
          <ReliabilityDiagram report={data} />
        </section>
      </div>
      <section className={page.section}>
        <h2>{t('labels')}</h2>
        <p>{t('labels.about')}</p>
        <LabelTable report={data} onOpen={(label) => open({ truth: label })} />
      </section>
      {entities && (
        <section className={page.section}>
          <h2>{t('entities')}</h2>
          <p>{t('entities.about')}</p>
          <EntitySection entities={entities} />
        </section>
      )}
      {data.languages.length > 1 && (
        <section className={page.section}>
          <h2>{t('languages')}</h2>
          <p>{t('languages.about')}</p>
          <LanguageTable languages={data.languages} />
        </section>
      )}
      {data.model.trials.length > 0 && (
        <section className={page.section}>
          <h2>{t('trials')}</h2>
          <p>{t('trials.about')}</p>
          <TrialTable trials={data.model.trials} />
        </section>
      )}
      {(truth || predicted) && (
        <RowsDrawer
          bot={bot}
          run={run}
          report={data}
          cells={
            both && truth && predicted
              ? [
                  { truth, predicted },
                  { truth: predicted, predicted: truth },
                ]
              : [{ truth, predicted }]
          }
          onClose={() => setSearch({})}
        />
      )}
    </div>
  )
}

function Sentence({
  report,
  onOpen,
}: {
  report: ReportView
  onOpen: (cell: { truth: string; predicted: string; both: boolean }) => void
}) {
  const { t } = useTranslation('reports')
  const [pair] = mixedUpPairs(report)
  const name = (id: string) => report.labels.find((label) => label.id === id)?.name ?? id
  return (
    <div className={styles.sentence}>
      <p>
        <Trans
          t={t}
          i18nKey="sentence"
          values={{ count: Math.round(report.accuracy * 100) }}
          components={{ b: <strong /> }}
        />
      </p>
      {pair ? (
        <p>
          {t('sentence.mixed', { a: name(pair.a), b: name(pair.b), count: pair.count })}{' '}
          <button
            type="button"
            className={styles.openRows}
            onClick={() => onOpen({ truth: pair.a, predicted: pair.b, both: true })}
          >
            {t('open-rows')}
          </button>
        </p>
      ) : (
        <p>{t('sentence.none')}</p>
      )}
    </div>
  )
}

/** The pairs worth a look, most often mixed up first. */
function Pairs({
  report,
  onOpen,
}: {
  report: ReportView
  onOpen: (cell: { truth: string; predicted: string; both: boolean }) => void
}) {
  const { t } = useTranslation('reports')
  const name = (id: string) => report.labels.find((label) => label.id === id)?.name ?? id
  const pairs = mixedUpPairs(report).slice(0, 8)
  if (pairs.length === 0) return null
  return (
    <div className={styles.pairs}>
      <h3>{t('pairs')}</h3>
      <ol>
        {pairs.map((pair) => (
          <li key={`${pair.a} ${pair.b}`}>
            <button type="button" onClick={() => onOpen({ truth: pair.a, predicted: pair.b, both: true })}>
              <span>
                {name(pair.a)} <i aria-hidden="true">⇄</i> {name(pair.b)}
              </span>
              <b>{t('pairs.times', { count: pair.count })}</b>
            </button>
          </li>
        ))}
      </ol>
    </div>
  )
}

function Figures({ report }: { report: ReportView }) {
  const { t } = useTranslation('reports')
  const duration = useDuration()
  const figures: Figure[] = [
    {
      key: 'accuracy',
      value: percent(report.accuracy),
      ...(report.microF1 === null ? {} : { help: 'accuracy-multi' }),
    },
    { key: 'macroF1', value: percent(report.macroF1) },
    ...(report.microF1 === null ? [] : [{ key: 'microF1', value: percent(report.microF1) }]),
    ...(report.auroc === null ? [] : [{ key: 'auroc', value: percent(report.auroc) }]),
    { key: 'ece', value: percent(report.ece) },
    { key: 'rows', value: number(report.rows) },
    { key: 'train-rows', value: number(report.model.trainRows) },
    { key: 'train-time', value: duration(report.model.trainSeconds) },
  ]
  const { scope, chosen, shorter } = report.model
  const entityWords = (found: { fullF1: number; f1: number } | undefined) =>
    found ? ` ${t('small-entities', { own: percent(found.f1), full: percent(found.fullF1) })}` : ''
  const minutes = (value: number | null) => number(value ?? 0, 1)
  return (
    <FigureList figures={figures}>
      <p>
        {t('model', {
          encoder: report.model.encoder,
          method: t(`method.${report.model.method}`, { defaultValue: report.model.method }),
          device: report.model.device,
        })}
      </p>
      {chosen && (
        <p>
          {t(`chosen.${chosen.why}`, {
            ...chosen,
            minutes: minutes(chosen.minutes),
            fullMinutes: minutes(chosen.fullMinutes),
            allowed: minutes(chosen.allowed),
          })}
        </p>
      )}
      {shorter && (
        <p>
          {t('shorter', {
            layers: shorter.layers,
            of: shorter.of,
            rows: number(shorter.rows),
            own: percent(shorter.accuracy),
            full: percent(shorter.fullAccuracy),
            size: percent(shorter.size, 0),
            share: percent(1 / shorter.speedup, 0),
          })}
          {entityWords(shorter.entities)}
        </p>
      )}
      {report.model.int8 && (
        <p>
          {t('small-model', {
            rows: number(report.model.int8.rows),
            small: percent(report.model.int8.accuracy),
            full: percent(report.model.int8.fullAccuracy),
            share: percent(1 / report.model.int8.speedup, 0),
          })}
          {entityWords(report.model.int8.entities)}
        </p>
      )}
      {scope && <p>{t(`scope.by.${scope.by}`, { way: t(`scope.${scope.score}`) })}</p>}
    </FigureList>
  )
}
