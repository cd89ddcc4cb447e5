import { useTranslation } from 'react-i18next'
import type { ReportRow } from '#server/api/dto.ts'
import { percent } from '../ui/words.ts'
import styles from './guesses.module.css'

/** What the bot took a question for, and what it would have said next. */
export function Guesses({ row }: { row: Pick<ReportRow, 'guesses' | 'truth'> }) {
  const { t } = useTranslation('reports')
  return (
    <ol className={styles.guesses} aria-label={t('guesses')}>
      {row.guesses.map(({ label, name, probability }) => (
        <li key={label} data-right={label === row.truth || undefined}>
          <span className={styles.name} title={name}>
            {name}
          </span>
          <span className={styles.bar} aria-hidden="true">
            <span style={{ width: `${probability * 100}%` }} />
          </span>
          <span className={styles.share}>{percent(probability, 0)}</span>
        </li>
      ))}
    </ol>
  )
}
