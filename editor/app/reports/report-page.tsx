import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { ConfusionMatrix } from '#editor/insights/confusion-matrix.tsx'
import { entitiesOf } from '#editor/insights/entity-findings.ts'
import { EntitySection } from '#editor/insights/entity-section.tsx'
import { LabelTable } from '#editor/insights/label-table.tsx'
import { outcomesOf } from '#editor/insights/outcomes.ts'
import { ReliabilityDiagram } from '#editor/insights/reliability-diagram.tsx'
import { ThresholdSlider } from '#editor/insights/threshold-slider.tsx'
import { TrialTable } from '#editor/insights/trial-table.tsx'
import type { ReportView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { useRunNow } from '../bot/use-run-now.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice, Notice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import '../ui/printed.css'
import { fullTime, number, percent, useDuration } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import { AnswersPage } from './answers-page.tsx'
import { ApplyThreshold } from './apply-threshold.tsx'
import { type Figure, FigureList } from './figure-list.tsx'
import { FirstLook } from './first-look.tsx'
import { HardestRows } from './hardest-rows.tsx'
import { PairList } from './pair-list.tsx'
import type { ReportCell } from './report-cell.ts'
import { confusionCsv, entitiesCsv, labelsCsv, outcomesCsv, reliabilityCsv, rowsCsv, trialsCsv } from './report-csv.ts'
import { ReportHead } from './report-head.tsx'
import { ReportSection } from './report-section.tsx'
import styles from './reports.module.css'
import { RetrievalPage } from './retrieval-page.tsx'
import { RowsDrawer } from './rows-drawer.tsx'
import { SliceSection } from './slice-section.tsx'
import { TryModel } from './try-model.tsx'
import { usePrinting } from './use-printing.ts'

/** What a run found: one plain sentence first, the figures and pictures below, each leading to its rows. */
export function ReportPage() {
  const { t } = useTranslation('reports')
  const { bot = '', run = '' } = useParams()
  const report = useQuery({ queryKey: keys.report(bot, run), queryFn: () => api.report(bot, run) })
  useEffect(() => setPageTitle(t('report')), [t])

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
        <div className="bl-skeleton" style={{ height: 168 }} />
        <div className="bl-skeleton" style={{ height: 420 }} />
      </div>
    )
  const data = report.data
  if (!('kind' in data)) return <LabelsPage bot={bot} run={run} report={data} />
  return data.kind === 'answers' ? (
    <AnswersPage bot={bot} run={run} report={data} />
  ) : (
    <RetrievalPage bot={bot} run={run} report={data} />
  )
}

function LabelsPage({ bot, run, report }: { bot: string; run: string; report: ReportView }) {
  const { t } = useTranslation('reports')
  const [search, changeSearch] = useSearch()
  const edits = useQuery({ queryKey: keys.reportEdits(bot, run), queryFn: () => api.reportEdits(bot, run) })
  const paper = useRef<HTMLDivElement>(null)
  usePrinting(paper)

  const truth = search.get('truth') ?? undefined
  const predicted = search.get('predicted') ?? undefined
  const both = search.get('both') === '1'
  const show = (cell: ReportCell) =>
    changeSearch(
      {
        truth: cell.truth ?? null,
        predicted: cell.predicted ?? null,
        both: cell.both ? '1' : null,
      },
      { preventScrollReset: true },
    )

  const entities = entitiesOf(report)
  const edited = edits.data?.rows.length ?? 0
  const { trials } = report.model
  return (
    <div className={page.page} data-printed ref={paper}>
      <PaperHead bot={bot} createdAt={report.createdAt} />
      <ReportHead bot={bot} createdAt={report.createdAt}>
        <Button size="small" icon="print" onClick={() => window.print()}>
          {t('print')}
        </Button>
      </ReportHead>
      {edited > 0 && <EditedNotice bot={bot} count={edited} />}
      <FirstLook bot={bot} run={run} report={report} edited={edited} onOpen={show} />
      <Figures report={report} />
      <ReportSection title={t('matrix')} about={t('matrix.how')} csv={() => confusionCsv(report)} picture="table">
        <div className={styles.mixed}>
          <ConfusionMatrix report={report} onOpen={show} />
          <PairList report={report} onOpen={show} />
        </div>
      </ReportSection>
      <ReportSection title={t('labels')} about={t('labels.about')} csv={() => labelsCsv(report)}>
        <LabelTable report={report} onOpen={(label) => show({ truth: label })} />
      </ReportSection>
      <ReportSection
        id="hardest"
        title={t('hardest')}
        about={t('hardest.about')}
        csv={async () => rowsCsv(await api.reportRows(bot, run, { order: 'hardest' }).then(({ rows }) => rows))}
      >
        <HardestRows bot={bot} run={run} />
      </ReportSection>
      <div className={page.columns}>
        <ReportSection
          title={t('threshold')}
          about={t('threshold.about')}
          csv={() => outcomesCsv(outcomesOf(report))}
          picture="drawing"
        >
          <ThresholdSlider report={report}>
            {(threshold) => (
              <ApplyThreshold bot={bot} examiner={report.node} threshold={threshold} advised={report.threshold} />
            )}
          </ThresholdSlider>
        </ReportSection>
        <ReportSection title={t('reliability')} csv={() => reliabilityCsv(report)} picture="drawing">
          <ReliabilityDiagram report={report} />
        </ReportSection>
      </div>
      <SliceSection report={report} />
      {entities && (
        <ReportSection title={t('entities')} about={t('entities.about')} csv={() => entitiesCsv(entities)}>
          <EntitySection entities={entities} />
        </ReportSection>
      )}
      {trials.length > 0 && (
        <ReportSection title={t('trials')} about={t('trials.about')} csv={() => trialsCsv(trials)}>
          <TrialTable trials={trials} />
        </ReportSection>
      )}
      <div className="bl-screen-only">
        <ReportSection title={t('try')} about={t(report.model.pairs ? 'try.about.pairs' : 'try.about.labels')}>
          <TryModel bot={bot} run={run} pairs={report.model.pairs} />
        </ReportSection>
      </div>
      {(truth || predicted) && (
        <RowsDrawer
          // Another cell is another list: what was picked in it stays behind.
          key={JSON.stringify([truth, predicted, both])}
          bot={bot}
          run={run}
          report={report}
          cells={
            both && truth && predicted
              ? [
                  { truth, predicted },
                  { truth: predicted, predicted: truth },
                ]
              : [{ truth, predicted }]
          }
          onClose={() => show({})}
        />
      )}
    </div>
  )
}

/** Whose report it is and of when, which a screen shows around it. */
function PaperHead({ bot, createdAt }: { bot: string; createdAt: string }) {
  const { t } = useTranslation('reports')
  const detail = useQuery({ queryKey: keys.bot(bot), queryFn: () => api.bot(bot) })
  return (
    <p className={`${styles.paperHead} bl-paper-only`}>
      <b>{detail.data?.name}</b> {t('report')} · {fullTime(createdAt)}
    </p>
  )
}

/** The figures stay those of the test; what was changed since counts from the next run on. */
function EditedNotice({ bot, count }: { bot: string; count: number }) {
  const { t } = useTranslation('reports')
  const { start, busy } = useRunNow(bot)
  return (
    <Notice
      tone="warn"
      action={
        <Button size="small" className="bl-screen-only" busy={busy} onClick={() => void start()}>
          {t('edited.run')}
        </Button>
      }
    >
      {t('edited', { count })}
    </Notice>
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
    <FigureList figures={figures} folded>
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
