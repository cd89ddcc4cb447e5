import { useTranslation } from 'react-i18next'
import shared from '#editor/insights/insights.module.css'
import type { InsightView } from '#server/api/dto.ts'
import { useFigureWords } from './figure-words.ts'
import styles from './insights.module.css'
import { type Measure, measures } from './shares.ts'

const columns: readonly Measure[] = ['conversations', 'contained', 'handedOver', 'noMatch', 'rating', 'p50', 'p95']

/** Figures by a key, with all of them together below. */
export function FigureTable({
  caption,
  head,
  view,
  nameOf,
}: {
  caption: string
  head: string
  view: InsightView
  nameOf: (key: string) => string
}) {
  const { t } = useTranslation('insights')
  const words = useFigureWords()
  const cells = (figures: InsightView['total']) =>
    columns.map((measure) => (
      <td key={measure} className={shared.right}>
        {words(measure, measures[measure](figures))}
      </td>
    ))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={caption}>
      <table className={shared.table}>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {columns.map((measure) => (
              <th key={measure} scope="col" className={shared.right}>
                {t(`column.${measure}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.rows.map(({ key, figures }) => (
            <tr key={key}>
              <th scope="row">{nameOf(key)}</th>
              {cells(figures)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('total')}</th>
            {cells(view.total)}
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

/** The same as plain counts, for a spreadsheet to divide. */
export function figureRows(t: (key: string) => string, head: string, view: InsightView): (string | number | null)[][] {
  const counts = ['conversations', 'contained', 'handedOver', 'messages', 'verdicts', 'noMatch', 'apiCalls'] as const
  const line = (key: string, figures: InsightView['total']) => [
    key,
    ...counts.map((count) => figures[count]),
    figures.ratings.count,
    figures.ratings.sum,
    figures.responseMs?.p50 ?? null,
    figures.responseMs?.p95 ?? null,
  ]
  const more = ['ratings', 'ratingSum', 'p50', 'p95']
  return [
    [head, ...[...counts, ...more].map((count) => t(`csv.${count}`))],
    ...view.rows.map(({ key, figures }) => line(key, figures)),
    line(t('total'), view.total),
  ]
}
