import { useTranslation } from 'react-i18next'
import type { ReportView } from '#server/api/dto.ts'
import { percent } from '../app/ui/words.ts'
import shared from './insights.module.css'
import { ReliabilityTable } from './reliability-table.tsx'
import styles from './trust.module.css'
import { likelyRange, overconfidence, toldBin, trustLevel } from './trust.ts'

const width = 360
const height = 240
const left = 36
const right = 8
/** Where the picture of shares ends, and where the counts below it do. */
const foot = 176
const countsFoot = 238

/** How sure the model said it was against how often it was right, with the rows that each bar stands on. */
export function ReliabilityDiagram({ report }: { report: ReportView }) {
  const { t } = useTranslation('reports')
  const x = (share: number) => left + share * (width - left - right)
  const y = (share: number) => foot - share * (foot - 8)
  const bins = report.reliability.filter((bin) => bin.rows > 0)
  const most = Math.max(1, ...bins.map((bin) => bin.rows))
  return (
    <figure className={shared.chart}>
      <Words report={report} />
      <svg viewBox={`0 0 ${width} ${height}`} className={styles.picture} role="img" aria-label={t('reliability.alt')}>
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} className={styles.grid} />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end">
              {percent(tick, 0)}
            </text>
            <text x={x(tick)} y={foot + 16} textAnchor={tick === 1 ? 'end' : 'middle'}>
              {percent(tick, 0)}
            </text>
          </g>
        ))}
        {bins.map((bin) => {
          const range = likelyRange(bin.accuracy * bin.rows, bin.rows)
          const middle = x((bin.from + bin.to) / 2)
          const wide = x(bin.to) - x(bin.from) - 2
          const tall = Math.max(2, (bin.rows / most) * 26)
          return (
            <g key={bin.from}>
              <title>
                {t('reliability.bin', { said: percent(bin.confidence), right: percent(bin.accuracy), rows: bin.rows })}
              </title>
              <rect
                x={x(bin.from) + 1}
                y={y(bin.accuracy)}
                width={wide}
                height={Math.max(y(0) - y(bin.accuracy), 1)}
                rx="2"
                className={styles.bin}
              />
              <line x1={middle} x2={middle} y1={y(range.from)} y2={y(range.to)} className={styles.whisker} />
              <rect
                x={x(bin.from) + 1}
                y={countsFoot - tall}
                width={wide}
                height={tall}
                rx="1"
                className={styles.count}
              />
              <text x={middle} y={countsFoot - tall - 3} textAnchor="middle" className={styles.countWord}>
                {bin.rows}
              </text>
            </g>
          )
        })}
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className={styles.diagonal} />
      </svg>
      <figcaption className={shared.axes}>{t('reliability.axes')}</figcaption>
      <details className={shared.details}>
        <summary>{t('as-table')}</summary>
        <ReliabilityTable bins={bins} />
      </details>
    </figure>
  )
}

/** The one sentence that a manager takes along, then how far it holds for all questions. */
function Words({ report }: { report: ReportView }) {
  const { t } = useTranslation('reports')
  const told = toldBin(report)
  const level = trustLevel(report.ece)
  const gap = overconfidence(report)
  return (
    <>
      <p className={styles.told}>
        {told
          ? t('trust.told', {
              said: percent(told.confidence, 0),
              right: Math.round(told.accuracy * 100),
              rows: told.rows,
            })
          : t('trust.few')}
      </p>
      <div className={shared.note}>
        <p>{t(`trust.${level}`, { gap: percent(report.ece) })}</p>
        {level !== 'good' && <p>{t(gap > 0 ? 'trust.too-sure' : 'trust.too-shy')}</p>}
      </div>
    </>
  )
}
