import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { CurvePoint } from '#kit/curve.ts'
import { number, percent } from '../app/ui/words.ts'
import styles from './insights.module.css'

const CurvePlot = lazy(async () => ({ default: (await import('./curve-plot.tsx')).CurvePlot }))

/** Loss and accuracy while a model learns. The last figures stand beside it as text, for those who cannot see the lines. */
export function Curve({ points, height = 160 }: { points: CurvePoint[]; height?: number }) {
  const { t } = useTranslation('runs')
  const last = (key: 'loss' | 'validationLoss' | 'validationAccuracy') =>
    points.findLast((point) => point[key] !== null)?.[key] ?? null
  const loss = last('loss')
  const validationLoss = last('validationLoss')
  const accuracy = last('validationAccuracy')
  return (
    <figure className={styles.curve}>
      <Suspense fallback={<div style={{ height }} />}>
        <CurvePlot points={points} height={height} />
      </Suspense>
      <figcaption className={styles.legend}>
        <span>
          <i style={{ background: 'var(--bl-accent)' }} />
          {t('curve.loss')} {loss === null ? '–' : number(loss, 3)}
        </span>
        {validationLoss !== null && (
          <span>
            <i style={{ background: 'var(--bl-hue-action)' }} />
            {t('curve.validation-loss')} {number(validationLoss, 3)}
          </span>
        )}
        <span>
          <i style={{ background: 'var(--bl-ok)' }} />
          {t('curve.accuracy')} {accuracy === null ? '–' : percent(accuracy)}
        </span>
      </figcaption>
    </figure>
  )
}
