import { useTranslation } from 'react-i18next'
import { mixedUpPairs } from '#editor/insights/mixed-up.ts'
import type { ReportView } from '#server/api/dto.ts'
import type { OpenCell } from './report-cell.ts'
import styles from './reports.module.css'

const most = 8

/** The hot cells of the matrix in words, both directions together: a pair opens its rows. */
export function PairList({ report, onOpen }: { report: ReportView; onOpen: OpenCell }) {
  const { t } = useTranslation('reports')
  const name = (id: string) => report.labels.find((label) => label.id === id)?.name ?? id
  const pairs = mixedUpPairs(report).slice(0, most)
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
