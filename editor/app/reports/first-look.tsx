import { Trans, useTranslation } from 'react-i18next'
import { mixedUpPairs } from '#editor/insights/mixed-up.ts'
import { ofHundred, outcomeAt, outcomesOf } from '#editor/insights/outcomes.ts'
import type { ReportView } from '#server/api/dto.ts'
import { number, percent } from '../ui/words.ts'
import styles from './first-look.module.css'
import { NextStepCard } from './next-step-card.tsx'
import type { OpenCell } from './report-cell.ts'
import { SinceLast } from './since-last.tsx'

const mostPairs = 3

/** All that a manager reads: what becomes of a hundred questions, what is mixed up, what has changed, what to do next. */
export function FirstLook({
  bot,
  run,
  report,
  edited,
  onOpen,
}: {
  bot: string
  run: string
  report: ReportView
  edited: number
  onOpen: OpenCell
}) {
  const { t } = useTranslation('reports')
  return (
    <>
      <Sentence report={report} />
      <div className={styles.cards}>
        <section className={styles.card}>
          <h2>{t('pairs')}</h2>
          <Pairs report={report} onOpen={onOpen} />
        </section>
        <SinceLast bot={bot} run={run} report={report} />
        <NextStepCard bot={bot} report={report} edited={edited} onOpen={onOpen} />
      </div>
    </>
  )
}

function Sentence({ report }: { report: ReportView }) {
  const { t } = useTranslation('reports')
  const step = outcomeAt(outcomesOf(report), report.threshold)
  const [right = 0, handed = 0, wrong = 0] = step ? ofHundred([step.right, step.handedOn, step.wrong]) : []
  const foreign = step?.apart?.foreign ?? 0
  return (
    <div className={styles.sentence}>
      <p>
        <Trans
          t={t}
          i18nKey="sentence"
          values={{ right, handed, wrong }}
          components={{
            right: <strong data-share="right" />,
            handed: <strong data-share="handed" />,
            wrong: <strong data-share="wrong" />,
          }}
        />
      </p>
      <small>
        <span>{t('sentence.known', { share: percent(report.accuracy) })}</span>
        {foreign > 0 && (
          <span>{t('sentence.foreign', { foreign: number(foreign), all: number(foreign + report.rows) })}</span>
        )}
      </small>
      <div className={styles.hundred} aria-hidden="true">
        <span data-share="right" style={{ flexGrow: right }} />
        <span data-share="handed" style={{ flexGrow: handed }} />
        <span data-share="wrong" style={{ flexGrow: wrong }} />
      </div>
    </div>
  )
}

/** The pairs worth a look, most often mixed up first. */
function Pairs({ report, onOpen }: { report: ReportView; onOpen: OpenCell }) {
  const { t } = useTranslation('reports')
  const name = (id: string) => report.labels.find((label) => label.id === id)?.name ?? id
  const pairs = mixedUpPairs(report).slice(0, mostPairs)
  if (pairs.length === 0) return <p>{t('pairs.none')}</p>
  return (
    <ol className={styles.pairs}>
      {pairs.map((pair) => (
        <li key={`${pair.a} ${pair.b}`}>
          <span>
            {name(pair.a)} <i aria-hidden="true">⇄</i> {name(pair.b)}{' '}
            <small>{t('pairs.times', { count: pair.count })}</small>
          </span>
          <button
            type="button"
            className="bl-screen-only"
            aria-label={t('open-rows.of', { a: name(pair.a), b: name(pair.b) })}
            onClick={() => onOpen({ truth: pair.a, predicted: pair.b, both: true })}
          >
            {t('open-rows')}
          </button>
        </li>
      ))}
    </ol>
  )
}
