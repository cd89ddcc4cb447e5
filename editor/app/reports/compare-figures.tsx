import { useTranslation } from 'react-i18next'
import table from '#editor/insights/insights.module.css'
import type { ComparisonView } from '#server/api/dto.ts'
import { number, percent, useDuration } from '../ui/words.ts'
import styles from './compare-page.module.css'
import { type ComparedFigure, comparedFigures } from './compare-runs.ts'
import { CompareTable } from './compare-table.tsx'

/** The figures of all runs in one table, each with its difference from the first. */
export function CompareFigures({ view }: { view: ComparisonView }) {
  const { t } = useTranslation('compare')
  const duration = useDuration()
  const say = ({ form }: ComparedFigure, value: number) =>
    form === 'share' ? percent(value) : form === 'seconds' ? duration(value) : number(value, 2)
  const change = ({ form }: ComparedFigure, by: number) => {
    const sign = by > 0 ? '+' : '−'
    if (form === 'share') return t('points', { value: `${sign}${number(Math.abs(by) * 100, 1)}` })
    return `${sign}${form === 'seconds' ? duration(Math.abs(by)) : number(Math.abs(by), 2)}`
  }
  return (
    <CompareTable view={view} label={t('section.figures')} head={t('figure')}>
      {comparedFigures(view.runs).map((figure) => (
        <tr key={figure.key}>
          <th scope="row" title={t(`reports:figure.${figure.key}.help`)}>
            {t(`reports:figure.${figure.key}`)}
          </th>
          {figure.values.map((value, index) => {
            const first = figure.values[0] ?? null
            const by = index > 0 && value !== null && first !== null ? value - first : 0
            const good = figure.better && by !== 0 ? by > 0 === (figure.better === 'more') : null
            return (
              <td key={view.runs[index]?.id} className={table.right}>
                {value === null ? '–' : say(figure, value)}
                {Math.abs(by) > 1e-9 && (
                  <span className={styles.change} data-good={good ?? undefined}>
                    {change(figure, by)}
                  </span>
                )}
              </td>
            )
          })}
        </tr>
      ))}
    </CompareTable>
  )
}
