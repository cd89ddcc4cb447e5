import { Trans, useTranslation } from 'react-i18next'
import type { RetrievalReportView } from '#server/api/dto.ts'
import { Button } from '../ui/button.tsx'
import page from '../ui/page.module.css'
import { number, percent, useDuration } from '../ui/words.ts'
import { type ComparedRow, ComparedRows } from './compared-rows.tsx'
import { type Figure, FigureList } from './figure-list.tsx'
import { retrievalCsv } from './report-csv.ts'
import { ReportHead } from './report-head.tsx'
import shared from './reports.module.css'
import { saveCsv } from './save-csv.ts'
import { TryModel } from './try-model.tsx'

/** What a run found of a model that finds answers: how often the right one comes first, a place to try it, and where it was furthest off. */
export function RetrievalPage({ bot, run, report }: { bot: string; run: string; report: RetrievalReportView }) {
  const { t } = useTranslation('reports')
  return (
    <div className={page.page}>
      <ReportHead bot={bot} createdAt={report.createdAt}>
        <Button size="small" icon="download" onClick={() => saveCsv(t('report'), retrievalCsv(report))}>
          {t('download')}
        </Button>
      </ReportHead>
      <div className={shared.sentence}>
        <p>
          <Trans
            t={t}
            i18nKey="found.sentence"
            values={{ count: Math.round(report.recall1 * 100) }}
            components={{ b: <strong /> }}
          />
        </p>
        <p>{t('found.sentence.five', { share: percent(report.recall5, 0), answers: number(report.answers) })}</p>
      </div>
      <Figures report={report} />
      <section className={page.section}>
        <h2>{t('try')}</h2>
        <p>{t('try.about.found')}</p>
        <TryModel bot={bot} run={run} pairs={false} />
      </section>
      {report.hardest.length > 0 && (
        <section className={page.section}>
          <h2>{t('found.hardest')}</h2>
          <p>{t('found.hardest.about')}</p>
          <Hardest report={report} />
        </section>
      )}
    </div>
  )
}

function Figures({ report }: { report: RetrievalReportView }) {
  const { t } = useTranslation('reports')
  const duration = useDuration()
  const { model, bar } = report
  const figures: Figure[] = [
    { key: 'recall1', value: percent(report.recall1) },
    { key: 'recall5', value: percent(report.recall5) },
    { key: 'mrr10', value: number(report.mrr10, 2) },
    { key: 'rows', value: number(report.rows) },
    { key: 'train-answers', value: number(model.trainRows) },
    { key: 'train-time', value: duration(model.trainSeconds) },
  ]
  return (
    <FigureList figures={figures}>
      <p>{t('model', { encoder: model.encoder, method: t(`method.${model.method}`), device: model.device })}</p>
      {model.heldOut && (
        <p>
          {t('found.learned', {
            rows: number(model.heldOut.rows),
            before: percent(model.heldOut.before.recall1, 0),
            after: percent(model.heldOut.recall1, 0),
          })}
        </p>
      )}
      {bar && (
        <p>
          {t('found.bar', { similarity: number(bar.similarity, 2), kept: percent(bar.kept, 0) })}{' '}
          {bar.foreign &&
            t('found.bar.foreign', { rows: number(bar.foreign.rows), stopped: percent(bar.foreign.stopped, 0) })}
        </p>
      )}
    </FigureList>
  )
}

function Hardest({ report }: { report: RetrievalReportView }) {
  const { t } = useTranslation('reports')
  const rows = report.hardest.map(
    ({ id, question, language, rank, answer, found, similarity }): ComparedRow => ({
      id,
      question,
      language: language ?? undefined,
      figure: { text: t('found.rank', { rank: number(rank) }) },
      answers: [
        [t('found.right'), answer],
        [t('found.first', { similarity: number(similarity, 2) }), found],
      ],
    }),
  )
  return <ComparedRows rows={rows} />
}
