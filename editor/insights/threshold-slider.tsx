import { type ReactNode, useId, useMemo, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import type { ReportView } from '#server/api/dto.ts'
import { number, percent } from '../app/ui/words.ts'
import shared from './insights.module.css'
import { OutcomePicture } from './outcome-picture.tsx'
import { OutcomeTable } from './outcome-table.tsx'
import { costOf, type Outcome, ofHundred, outcomeAt, outcomesOf, wrongCostOf } from './outcomes.ts'
import styles from './trust.module.css'

/**
 * How sure the bot must be to answer: what that would have meant for the test questions, as the slider moves. What can
 * be done with the threshold that it stands at is the page's to say (`children`).
 */
export function ThresholdSlider({
  report,
  children,
}: {
  report: ReportView
  children?: (threshold: number) => ReactNode
}) {
  const { t } = useTranslation('reports')
  const id = useId()
  const [threshold, setThreshold] = useState(Math.round(report.threshold * 100) / 100)
  const outcomes = useMemo(() => outcomesOf(report), [report])
  const step = outcomeAt(outcomes, threshold)
  if (!step) return null
  const [right = 0, wrong = 0, handed = 0] = ofHundred([step.right, step.wrong, step.handedOn])
  const counts = { right, wrong, handed }
  return (
    <div className={styles.threshold}>
      <p className={styles.outcome}>
        <Trans
          t={t}
          i18nKey="threshold.of-100"
          values={counts}
          components={{
            right: <b data-share="right" />,
            wrong: <b data-share="wrong" />,
            handed: <b data-share="handed" />,
          }}
        />
      </p>
      <OutcomePicture outcomes={outcomes} threshold={threshold} advised={report.threshold} />
      <input
        id={id}
        type="range"
        className="bl-screen-only"
        min={0}
        max={1}
        step={0.01}
        value={threshold}
        aria-valuetext={`${percent(threshold, 0)}: ${plain(t('threshold.of-100', counts))}`}
        onChange={(event) => setThreshold(Number(event.target.value))}
      />
      <label htmlFor={id}>
        {t('threshold.question')} <output htmlFor={id}>{percent(threshold, 0)}</output>
      </label>
      {children?.(threshold)}
      <Apart apart={step.apart} />
      <Cost step={step} advised={report.threshold} outcomes={outcomes} />
      <details className={shared.details}>
        <summary>{t('as-table')}</summary>
        <OutcomeTable outcomes={outcomes} />
      </details>
    </div>
  )
}

/** The two mistakes that the shares hide: known questions that it does not dare to answer, foreign ones that it does. */
function Apart({ apart }: { apart: Outcome['apart'] }) {
  const { t } = useTranslation('reports')
  if (!apart) return null
  return (
    <ul className={styles.apart}>
      <li>{t('threshold.known', { handed: number(apart.knownHandedOn), known: number(apart.known) })}</li>
      <li>
        {apart.foreign > 0
          ? t('threshold.foreign', { through: number(apart.foreignAnswered), foreign: number(apart.foreign) })
          : t('threshold.no-foreign')}
      </li>
    </ul>
  )
}

function Cost({ step, advised, outcomes }: { step: Outcome; advised: number; outcomes: readonly Outcome[] }) {
  const { t } = useTranslation('reports')
  const wrongCost = wrongCostOf(advised)
  const best = outcomeAt(outcomes, advised)
  return (
    <p className={shared.note}>
      {t('threshold.cost', {
        cost: number(wrongCost, 1),
        total: number(costOf(step, wrongCost)),
        advised: percent(advised, 0),
        best: number(best ? costOf(best, wrongCost) : 0),
      })}
    </p>
  )
}

/** A text without its marks, for where no element can stand. */
function plain(text: string): string {
  return text.replace(/<\/?\w+>/g, '')
}
