import { useTranslation } from 'react-i18next'
import type { ReportView } from '#server/api/dto.ts'
import { percent } from '../app/ui/words.ts'
import shared from './insights.module.css'
import styles from './trust.module.css'
import { likelyRange } from './trust.ts'

/** The figures behind the reliability diagram. */
export function ReliabilityTable({ bins }: { bins: ReportView['reliability'] }) {
  const { t } = useTranslation('reports')
  return (
    <table className={`${shared.table} ${styles.narrow}`}>
      <thead>
        <tr>
          <th scope="col">{t('reliability.said')}</th>
          <th scope="col">{t('reliability.right')}</th>
          <th scope="col">{t('likely')}</th>
          <th scope="col">{t('rows')}</th>
        </tr>
      </thead>
      <tbody>
        {bins.map((bin) => {
          const range = likelyRange(bin.accuracy * bin.rows, bin.rows)
          return (
            <tr key={bin.from}>
              <td>{percent(bin.confidence)}</td>
              <td>{percent(bin.accuracy)}</td>
              <td>
                {percent(range.from, 0)} – {percent(range.to, 0)}
              </td>
              <td>{bin.rows}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
