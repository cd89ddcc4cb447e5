import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportView } from '#server/api/dto.ts'
import { percent } from '../app/ui/words.ts'
import styles from './insights.module.css'

type Column = 'name' | 'recall' | 'precision' | 'f1' | 'support'
const columns: Column[] = ['name', 'recall', 'precision', 'f1', 'support']

/** Each topic's figures, weakest first; any column sorts. A name opens the rows that were not understood. */
export function LabelTable({ report, onOpen }: { report: ReportView; onOpen: (label: string) => void }) {
  const { t, i18n } = useTranslation('reports')
  const [sort, setSort] = useState<{ by: Column; down: boolean }>({ by: 'recall', down: false })
  const rows = [...report.labels].sort((a, b) => {
    const order = sort.by === 'name' ? a.name.localeCompare(b.name, i18n.language) : a[sort.by] - b[sort.by]
    return sort.down ? -order : order
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard
    <section className={styles.tableScroll} tabIndex={0} aria-label={t('labels')}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                aria-sort={sort.by === column ? (sort.down ? 'descending' : 'ascending') : undefined}
                className={column === 'name' ? undefined : styles.right}
              >
                <button
                  type="button"
                  className={styles.sort}
                  title={t(`column.${column}.help`)}
                  onClick={() =>
                    setSort({
                      by: column,
                      down: sort.by === column ? !sort.down : column !== 'name' && column !== 'recall',
                    })
                  }
                >
                  {t(`column.${column}`)}
                  <span aria-hidden="true">{sort.by === column ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <button type="button" className={styles.rowLink} onClick={() => onOpen(row.id)}>
                  {row.name}
                </button>
              </th>
              <td className={styles.right}>
                <span className={styles.withBar}>
                  <span className="bl-bar" aria-hidden="true">
                    <span style={{ width: `${row.recall * 100}%` }} />
                  </span>
                  {percent(row.recall, 0)}
                </span>
              </td>
              <td className={styles.right}>{percent(row.precision, 0)}</td>
              <td className={styles.right}>{percent(row.f1, 0)}</td>
              <td className={styles.right}>{row.support}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
