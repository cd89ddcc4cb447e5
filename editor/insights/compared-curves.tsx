import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { CurvePoint } from '#kit/curve.ts'
import { number, percent } from '../app/ui/words.ts'
import styles from './insights.module.css'

const Plot = lazy(async () => ({ default: (await import('./compared-curve-plot.tsx')).ComparedCurvePlot }))

export type CurveKey = 'loss' | 'validationAccuracy'
export interface ComparedCurve {
  name: string
  /** Name of a colour of the theme, with its dashes in front. */
  colour: string
  points: readonly CurvePoint[]
}

const height = 200
/** Rows of the table behind a picture: at these shares of the training. */
const looks = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/** One quantity of several trainings over each other, with the table behind it. */
export function ComparedCurves({ curves, of }: { curves: ComparedCurve[]; of: CurveKey }) {
  const { t } = useTranslation('compare')
  const drawn = curves
    .map((curve) => ({ ...curve, points: overTraining(curve.points) }))
    .filter(({ points }) => points.some((point) => point[of] !== null))
  if (drawn.length === 0) return <p className={styles.note}>{t('curves.none')}</p>
  const say = (value: number | null) =>
    value === null ? '–' : of === 'validationAccuracy' ? percent(value) : number(value, 3)
  return (
    <figure className={styles.curve}>
      <Suspense fallback={<div style={{ height }} />}>
        <Plot curves={drawn} of={of} height={height} />
      </Suspense>
      <figcaption className={styles.legend}>
        {drawn.map((curve) => (
          <span key={curve.name}>
            <i style={{ background: `var(${curve.colour})` }} />
            {curve.name} {say(lastOf(curve.points, of, 1))}
          </span>
        ))}
      </figcaption>
      <details className={styles.details}>
        <summary>{t('table')}</summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('curves.at')}</th>
              {drawn.map(({ name }) => (
                <th key={name} scope="col" className={styles.right}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {looks.map((at) => (
              <tr key={at}>
                <th scope="row">{percent(at, 0)}</th>
                {drawn.map(({ name, points }) => (
                  <td key={name} className={styles.right}>
                    {say(lastOf(points, of, at))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

/** The points over the training alone, from its first step to its last: what comes before takes one run longer than another. */
function overTraining(points: readonly CurvePoint[]): CurvePoint[] {
  const steps = points.filter((point) => point.loss !== null)
  const [from, to] = steps.length > 1 ? [steps[0]!.at, steps.at(-1)!.at] : [0, 1]
  return points.map((point) => ({ ...point, at: Math.min(1, Math.max(0, (point.at - from) / (to - from || 1))) }))
}

/** What was known when this share of the training was done. */
function lastOf(points: readonly CurvePoint[], of: CurveKey, at: number): number | null {
  return points.findLast((point) => point.at <= at + 1e-9 && point[of] !== null)?.[of] ?? null
}
