import { useTranslation } from 'react-i18next'
import type { BrokenRow } from '#server/data/records.ts'
import styles from './data.module.css'

/** Rows that were set apart, each with its reason; nothing where all fit. */
export function BrokenRows({ count, rows }: { count: number; rows: readonly BrokenRow[] }) {
  const { t } = useTranslation('data')
  if (count === 0) return null
  return (
    <details className={styles.broken}>
      <summary>{t('broken', { count })}</summary>
      <ul>
        {rows.slice(0, 50).map((row, index) => (
          <li key={index}>
            <span>
              {t('line', { line: row.line })} · {t(`broken.${row.reason}`, { defaultValue: row.reason })}
            </span>
            <code>{row.raw}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}
