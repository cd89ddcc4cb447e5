import { useTranslation } from 'react-i18next'
import { percent } from '../app/ui/words.ts'
import type { Outcome } from './outcomes.ts'
import styles from './trust.module.css'

const width = 360
const height = 176
const left = 36
const right = 8
const top = 18
const bottom = 22

/** Over every threshold at once: how many of a hundred questions are answered rightly, wrongly, or asked back. */
export function OutcomePicture({
  outcomes,
  threshold,
  advised,
}: {
  outcomes: readonly Outcome[]
  threshold: number
  advised: number
}) {
  const { t } = useTranslation('reports')
  const x = (share: number) => left + share * (width - left - right)
  const y = (share: number) => height - bottom - share * (height - bottom - top)
  // From the foot upwards: what is right stands on firm ground, what is wrong lies between it and what is asked back.
  const rightTop = outcomes.map((step) => ({ x: x(step.threshold), y: y(step.right) }))
  const wrongTop = outcomes.map((step) => ({ x: x(step.threshold), y: y(step.right + step.wrong) }))
  const edge = (share: number) => outcomes.map((step) => ({ x: x(step.threshold), y: y(share) }))
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className={styles.picture} role="img" aria-label={t('threshold.alt')}>
      <path d={area(edge(1), wrongTop)} data-share="handed" />
      <path d={area(wrongTop, rightTop)} data-share="wrong" />
      <path d={area(rightTop, edge(0))} data-share="right" />
      {[0, 0.5, 1].map((tick) => (
        <text key={tick} x={left - 6} y={y(tick) + 4} textAnchor="end">
          {tick * 100}
        </text>
      ))}
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <text key={tick} x={x(tick)} y={height - 6} textAnchor={tick === 1 ? 'end' : 'middle'}>
          {percent(tick, 0)}
        </text>
      ))}
      <line x1={x(advised)} x2={x(advised)} y1={top - 4} y2={y(0)} className={styles.halo} />
      <line x1={x(advised)} x2={x(advised)} y1={top - 4} y2={y(0)} className={styles.advised} />
      <text x={x(advised)} y={top - 7} textAnchor={anchorAt(advised)} className={styles.advisedWord}>
        {t('threshold.advised', { threshold: percent(advised, 0) })}
      </text>
      <line x1={x(threshold)} x2={x(threshold)} y1={top} y2={y(0)} className={styles.halo} />
      <line x1={x(threshold)} x2={x(threshold)} y1={top} y2={y(0)} className={styles.now} />
    </svg>
  )
}

/** Words at the rim of the picture grow inwards. */
function anchorAt(share: number): 'start' | 'middle' | 'end' {
  if (share < 0.15) return 'start'
  return share > 0.85 ? 'end' : 'middle'
}

function area(upper: readonly { x: number; y: number }[], lower: readonly { x: number; y: number }[]): string {
  return `M${[...upper, ...lower.toReversed()].map((at) => `${at.x.toFixed(1)} ${at.y.toFixed(1)}`).join('L')}Z`
}
