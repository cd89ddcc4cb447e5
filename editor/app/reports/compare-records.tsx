import { useTranslation } from 'react-i18next'
import table from '#editor/insights/insights.module.css'
import type { ComparisonView } from '#server/api/dto.ts'
import { number } from '../ui/words.ts'
import { blockNameOf } from './compare-config.tsx'
import styles from './compare-page.module.css'
import { CompareTable } from './compare-table.tsx'

/** How many rows each run read, and which came, went or changed since the first. */
export function CompareRecords({ view }: { view: ComparisonView }) {
  const { t } = useTranslation('compare')
  const blocks = new Map(view.runs.flatMap((run) => run.blocks.map((block) => [block.node, block] as const)))
  const nodes = [...new Set(view.runs.flatMap((run) => run.data.map((data) => data.node)))]
  if (nodes.length === 0) return <p className={table.note}>{t('records.none')}</p>
  const changeOf = (node: string, index: number) =>
    index === 0 ? undefined : view.beside[index - 1]?.records.find((records) => records.node === node)
  return (
    <CompareTable view={view} label={t('section.records')} head={t('block')}>
      {nodes.map((node) => {
        const block = blocks.get(node)
        return (
          <tr key={node}>
            <th scope="row">{block ? blockNameOf(block) : node}</th>
            {view.runs.map((run, index) => {
              const rows = run.data.find((data) => data.node === node)?.rows
              const change = changeOf(node, index)
              return (
                <td key={run.id} className={table.right}>
                  {rows === undefined ? '–' : t('records.rows', { count: rows, rows: number(rows) })}
                  {change && change.added + change.removed + change.changed > 0 && (
                    <small className={styles.block}>
                      {t('records.change', {
                        added: number(change.added),
                        removed: number(change.removed),
                        changed: number(change.changed),
                      })}
                    </small>
                  )}
                </td>
              )
            })}
          </tr>
        )
      })}
    </CompareTable>
  )
}
