import { useTranslation } from 'react-i18next'
import { number, percent } from '../app/ui/words.ts'
import shared from './insights.module.css'
import styles from './slice-table.module.css'
import { apartSlices, isVague, type Slice } from './slices.ts'

/** Whether one part of the test is understood as well as another; the range says what a small one cannot know. */
export function SliceTable({ title, head, slices }: { title: string; head: string; slices: readonly Slice[] }) {
  const { t } = useTranslation('reports')
  const apart = apartSlices(slices)
  return (
    <div className={styles.slices}>
      <h3>{title}</h3>
      <p>
        {apart ? t('slices.apart', { weak: apart.weak.name, strong: apart.strong.name }) : t('slices.may-be-chance')}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={title}>
        <table className={shared.table}>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              <th scope="col">{t('column.recall')}</th>
              <th scope="col">{t('likely')}</th>
              <th scope="col" className={shared.right}>
                {t('rows')}
              </th>
            </tr>
          </thead>
          <tbody>
            {slices.map((slice) => (
              <tr key={slice.name}>
                <th scope="row">{slice.name}</th>
                <td>{percent(slice.accuracy, 0)}</td>
                <td>
                  <span className={styles.range}>
                    <span className={styles.track} aria-hidden="true">
                      <span style={{ left: `${slice.likely.from * 100}%`, right: `${(1 - slice.likely.to) * 100}%` }} />
                      <i style={{ left: `${slice.accuracy * 100}%` }} />
                    </span>
                    <span>
                      {percent(slice.likely.from, 0)} – {percent(slice.likely.to, 0)}
                    </span>
                  </span>
                </td>
                <td className={shared.right}>
                  {isVague(slice) && <span className={styles.few}>{t('slices.few')}</span>} {number(slice.rows)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}
