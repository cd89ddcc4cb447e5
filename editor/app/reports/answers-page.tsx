import { Trans, useTranslation } from 'react-i18next'
import type { AnswersReportView } from '#server/api/dto.ts'
import { Button } from '../ui/button.tsx'
import page from '../ui/page.module.css'
import { number, percent, useDuration } from '../ui/words.ts'
import { AskModel } from './ask-model.tsx'
import { type ComparedRow, ComparedRows } from './compared-rows.tsx'
import { type Figure, FigureList } from './figure-list.tsx'
import { answersCsv } from './report-csv.ts'
import { ReportHead } from './report-head.tsx'
import shared from './reports.module.css'
import { saveCsv } from './save-csv.ts'

/** What a run found of a model that writes answers: how like the given ones its own are, some side by side, and a place to ask it. */
export function AnswersPage({ bot, run, report }: { bot: string; run: string; report: AnswersReportView }) {
  const { t } = useTranslation('reports')
  return (
    <div className={page.page}>
      <ReportHead bot={bot} createdAt={report.createdAt}>
        <Button size="small" icon="download" onClick={() => saveCsv(t('report'), answersCsv(report))}>
          {t('download')}
        </Button>
      </ReportHead>
      <div className={shared.sentence}>
        <p>
          <Trans
            t={t}
            i18nKey="answers.sentence"
            values={{ share: percent(report.written.chrF, 0) }}
            components={{ b: <strong /> }}
          />
        </p>
        <p>
          {t('answers.sentence.exact', { share: percent(report.written.exact, 0), rows: number(report.written.rows) })}
        </p>
      </div>
      <Figures report={report} />
      <section className={page.section}>
        <h2>{t('ask')}</h2>
        <p>{t('ask.about')}</p>
        <AskModel bot={bot} run={run} />
      </section>
      <section className={page.section}>
        <h2>{t('answers.examples')}</h2>
        <p>{t('answers.examples.about')}</p>
        <Examples report={report} />
      </section>
    </div>
  )
}

function Figures({ report }: { report: AnswersReportView }) {
  const { t } = useTranslation('reports')
  const duration = useDuration()
  const { model } = report
  const figures: Figure[] = [
    { key: 'chrF', value: percent(report.written.chrF) },
    { key: 'perplexity', value: number(report.perplexity, 1) },
    { key: 'token-accuracy', value: percent(report.tokenAccuracy) },
    { key: 'answers', value: number(report.rows) },
    { key: 'train-answers', value: number(model.trainRows) },
    { key: 'train-time', value: duration(model.trainSeconds) },
  ]
  return (
    <FigureList figures={figures}>
      <p>{t('model', { encoder: model.encoder, method: t(`method.${model.method}`), device: model.device })}</p>
      {model.heldOut && (
        <p>
          {t('answers.learned', {
            rows: number(model.heldOut.rows),
            before: number(Math.exp(model.heldOut.before), 1),
            after: number(Math.exp(model.heldOut.loss), 1),
          })}
        </p>
      )}
    </FigureList>
  )
}

function Examples({ report }: { report: AnswersReportView }) {
  const { t } = useTranslation('reports')
  const rows = report.examples.map(({ id, question, given, written, ended, chrF }): ComparedRow => {
    const own = (
      <>
        {written || <em>{t('answers.nothing')}</em>}
        {!ended && <em> {t('answers.cut')}</em>}
      </>
    )
    return {
      id,
      question,
      figure: { text: percent(chrF, 0), help: t('figure.chrF.help') },
      answers: [
        [t('answers.given'), given],
        [t('answers.written'), own],
      ],
    }
  })
  return <ComparedRows rows={rows} />
}
