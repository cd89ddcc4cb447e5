import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportView } from '#server/api/dto.ts'
import { percent } from '../app/ui/words.ts'
import styles from './insights.module.css'
import { atThreshold } from './mixed-up.ts'

/** How sure the bot must be to answer: what that would have meant for the test questions, as the slider moves. */
export function ThresholdSlider({ report }: { report: ReportView }) {
  const { t } = useTranslation('reports')
  const id = useId()
  const [threshold, setThreshold] = useState(report.threshold)
  const step = atThreshold(report, threshold)
  if (!step) return null
  const shares = [
    { key: 'right', share: step.right },
    { key: 'wrong', share: step.wrong },
    { key: 'handed', share: step.handedOn },
  ] as const
  return (
    <div className={styles.threshold}>
      <label htmlFor={id}>
        {t('threshold.question')} <output htmlFor={id}>{percent(threshold, 0)}</output>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={0.98}
        step={0.02}
        value={threshold}
        list={`${id}-now`}
        onChange={(event) => setThreshold(Number(event.target.value))}
      />
      <datalist id={`${id}-now`}>
        <option value={report.threshold} />
      </datalist>
      <div className={styles.stack} aria-hidden="true">
        {shares.map(({ key, share }) => (
          <span key={key} data-share={key} style={{ width: `${share * 100}%` }} />
        ))}
      </div>
      <dl className={styles.shares} aria-live="polite">
        {shares.map(({ key, share }) => (
          <div key={key} data-share={key}>
            <dt>{t(`threshold.${key}`)}</dt>
            <dd>{t('of-100', { count: Math.round(share * 100) })}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>{t('threshold.now', { threshold: percent(report.threshold, 0) })}</p>
    </div>
  )
}
