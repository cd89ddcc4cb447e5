import { useTranslation } from 'react-i18next'
import table from '#editor/insights/insights.module.css'
import type { ComparisonView } from '#server/api/dto.ts'
import { number, percent } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import styles from './compare-page.module.css'
import { type LabelChange, labelChanges, letterOf } from './compare-runs.ts'

const shown = 6

/** The topics that a further run understands much better or much worse than the first; all of them behind a fold. */
export function CompareLabels({ view }: { view: ComparisonView }) {
  const { t } = useTranslation('compare')
  const [search, changeSearch] = useSearch()
  const last = view.runs.length - 1
  const asked = Number(search.get('with') ?? last)
  const second = asked >= 1 && asked <= last ? asked : last
  const changes = labelChanges(view.runs[0]?.report ?? null, view.runs[second]?.report ?? null)
  const known = changes.filter((label) => label.change !== null)
  const losses = known.filter((label) => (label.change ?? 0) < -1e-9).slice(0, shown)
  const gains = known
    .filter((label) => (label.change ?? 0) > 1e-9)
    .reverse()
    .slice(0, shown)
  const names = { first: letterOf(0), second: letterOf(second) }

  return (
    <div className={styles.labels}>
      {last > 1 && (
        <label className={styles.with}>
          {t('with', { first: names.first })}
          <select value={second} onChange={(event) => changeSearch({ with: event.target.value }, { replace: true })}>
            {view.runs.slice(1).map((run, index) => (
              <option key={run.id} value={index + 1}>
                {letterOf(index + 1)}
              </option>
            ))}
          </select>
        </label>
      )}
      {changes.length === 0 ? (
        <p className={table.note}>{t('labels.none')}</p>
      ) : losses.length + gains.length === 0 ? (
        <p className={table.note}>{t('labels.same')}</p>
      ) : (
        <div className={styles.sides}>
          <Bars title={t('labels.gains', names)} labels={gains} none={t('labels.no-gains')} />
          <Bars title={t('labels.losses', names)} labels={losses} none={t('labels.no-losses')} />
        </div>
      )}
      {changes.length > 0 && (
        <details className={table.details}>
          <summary>{t('labels.all', { count: changes.length })}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long table must be scrollable from the keyboard */}
          <section className={table.tableScroll} tabIndex={0} aria-label={t('section.labels')}>
            <table className={table.table}>
              <thead>
                <tr>
                  <th scope="col">{t('label')}</th>
                  <th scope="col" className={table.right}>
                    {names.first}
                  </th>
                  <th scope="col" className={table.right}>
                    {names.second}
                  </th>
                  <th scope="col" className={table.right}>
                    {t('difference')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {changes.map((label) => (
                  <tr key={label.id}>
                    <th scope="row">{label.name}</th>
                    <td className={table.right}>{label.before === null ? '–' : percent(label.before, 0)}</td>
                    <td className={table.right}>{label.after === null ? '–' : percent(label.after, 0)}</td>
                    <td className={table.right}>{label.change === null ? '–' : <Points by={label.change} />}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
      )}
    </div>
  )
}

function Bars({ title, labels, none }: { title: string; labels: LabelChange[]; none: string }) {
  return (
    <div>
      <h3>{title}</h3>
      {labels.length === 0 ? (
        <p className={table.note}>{none}</p>
      ) : (
        <ul className={styles.bars}>
          {labels.map((label) => (
            <li key={label.id}>
              <span title={label.name}>{label.name}</span>
              <span className={styles.bar} data-good={(label.change ?? 0) > 0} aria-hidden="true">
                <i style={{ width: `${Math.abs(label.change ?? 0) * 100}%` }} />
              </span>
              <span className={styles.fromTo}>
                {percent(label.before ?? 0, 0)} → {percent(label.after ?? 0, 0)}
              </span>
              <Points by={label.change ?? 0} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Points({ by }: { by: number }) {
  const { t } = useTranslation('compare')
  const sign = by > 0 ? '+' : by < 0 ? '−' : ''
  return (
    <span className={styles.change} data-good={by === 0 ? undefined : by > 0}>
      {t('points', { value: `${sign}${number(Math.abs(by) * 100, 0)}` })}
    </span>
  )
}
