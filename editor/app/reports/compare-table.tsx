import type { ReactNode } from 'react'
import table from '#editor/insights/insights.module.css'
import type { ComparisonView } from '#server/api/dto.ts'
import styles from './compare-page.module.css'
import { letterOf } from './compare-runs.ts'

/** A table with a column a run; `children` are its rows, `head` names what they are of. */
export function CompareTable({
  view,
  label,
  head,
  children,
}: {
  view: ComparisonView
  label: string
  head: string
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {view.runs.map((run, index) => (
              <th key={run.id} scope="col" className={table.right}>
                {letterOf(index)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
