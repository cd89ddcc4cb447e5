import { useTranslation } from 'react-i18next'
import type { LabelFact } from '#kit/facts.ts'
import styles from './insights.module.css'

const thin = 10

/** How many example rows each label has: one strip, largest first; labels with too few stand out. A segment filters by it. */
export function LabelBalance({
  labels,
  picked,
  onPick,
}: {
  labels: LabelFact[]
  picked: string | null
  onPick: (label: string | null) => void
}) {
  const { t } = useTranslation('data')
  // Whose rows have all gone to others is no topic that lacks some.
  const sorted = labels.filter(({ rows }) => rows > 0).sort((a, b) => b.rows - a.rows)
  const total = sorted.reduce((sum, label) => sum + label.rows, 0)
  const few = sorted.filter((label) => label.rows < thin)
  const median = sorted[Math.floor(sorted.length / 2)]?.rows ?? 0
  if (total === 0) return null
  return (
    <section className={styles.balance} aria-label={t('balance')}>
      <p>
        {few.length > 0
          ? t('balance.few', { count: few.length, name: few.at(-1)?.name, rows: few.at(-1)?.rows })
          : t('balance.good', { labels: sorted.length, median })}
      </p>
      <div className={styles.strip}>
        {sorted.map((label) => (
          <button
            key={label.id}
            type="button"
            aria-pressed={picked === label.id}
            data-few={label.rows < thin || undefined}
            style={{ flexGrow: Math.max(label.rows, total / 200) }}
            title={t('balance.segment', { name: label.name, rows: label.rows })}
            aria-label={t('balance.segment', { name: label.name, rows: label.rows })}
            onClick={() => onPick(picked === label.id ? null : label.id)}
          />
        ))}
      </div>
    </section>
  )
}
