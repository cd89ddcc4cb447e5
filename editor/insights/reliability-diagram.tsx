import { useTranslation } from 'react-i18next'
import type { ReportView } from '#server/api/dto.ts'
import { percent } from '../app/ui/words.ts'
import styles from './insights.module.css'
import { overconfidence, trustLevel } from './mixed-up.ts'

const width = 320
const height = 200
const left = 36
const bottom = 24

/** How sure the model said it was against how often it was right, beside one plain sentence. */
export function ReliabilityDiagram({ report }: { report: ReportView }) {
  const { t } = useTranslation('reports')
  const x = (share: number) => left + share * (width - left - 8)
  const y = (share: number) => height - bottom - share * (height - bottom - 8)
  const most = Math.max(1, ...report.reliability.map((bin) => bin.rows))
  const level = trustLevel(report.ece)
  const gap = overconfidence(report)
  return (
    <figure className={styles.chart}>
      <p>{t(`trust.${level}`)}</p>
      {level !== 'good' && (
        <p className={styles.note}>
          {t(gap > 0 ? 'trust.too-sure' : 'trust.too-shy', { gap: percent(Math.abs(gap)) })}
        </p>
      )}
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className={styles.reliability}
        role="img"
        aria-label={t('reliability.alt')}
      >
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - 8} y1={y(tick)} y2={y(tick)} className={styles.grid} />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end">
              {percent(tick, 0)}
            </text>
            <text x={x(tick)} y={height - 6} textAnchor={tick === 1 ? 'end' : 'middle'}>
              {percent(tick, 0)}
            </text>
          </g>
        ))}
        {report.reliability
          .filter((bin) => bin.rows > 0)
          .map((bin) => (
            <rect
              key={bin.from}
              x={x(bin.from) + 1}
              y={y(bin.accuracy)}
              width={Math.max(x(bin.to) - x(bin.from) - 2, 1)}
              height={Math.max(y(0) - y(bin.accuracy), 1)}
              rx="2"
              className={styles.bin}
              style={{ fillOpacity: 0.3 + 0.7 * Math.sqrt(bin.rows / most) }}
            >
              <title>
                {t('reliability.bin', { said: percent(bin.confidence), right: percent(bin.accuracy), rows: bin.rows })}
              </title>
            </rect>
          ))}
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className={styles.diagonal} />
      </svg>
      <figcaption className={styles.axes}>{t('reliability.axes')}</figcaption>
      <details className={styles.details}>
        <summary>{t('as-table')}</summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('reliability.said')}</th>
              <th scope="col">{t('reliability.right')}</th>
              <th scope="col">{t('rows')}</th>
            </tr>
          </thead>
          <tbody>
            {report.reliability
              .filter((bin) => bin.rows > 0)
              .map((bin) => (
                <tr key={bin.from}>
                  <td>{percent(bin.confidence)}</td>
                  <td>{percent(bin.accuracy)}</td>
                  <td>{bin.rows}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}
