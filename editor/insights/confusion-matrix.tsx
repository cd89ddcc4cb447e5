import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportView } from '#server/api/dto.ts'
import { Button } from '../app/ui/button.tsx'
import styles from './insights.module.css'

export interface Cell {
  truth: string
  predicted: string
}

const firstLook = 16

/**
 * What was meant (rows) against what the bot took it for (columns). A real table: every cell with rows in it is a
 * button that opens them. The labels that are mixed up most come first; the rest is one click away.
 */
export function ConfusionMatrix({ report, onOpen }: { report: ReportView; onOpen: (cell: Cell) => void }) {
  const { t } = useTranslation('reports')
  const [all, setAll] = useState(false)
  const { order, counts, largest, rowTotals } = useMemo(() => arrange(report), [report])
  const shown = all ? order : order.slice(0, firstLook)

  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard */}
      <section className={styles.matrixScroll} tabIndex={0} aria-label={t('matrix')}>
        <table className={styles.matrix}>
          <caption className="bl-sr-only">{t('matrix.how')}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className={styles.corner}>{t('matrix.corner')}</span>
              </th>
              {shown.map((label) => (
                <th key={label.id} scope="col" className={styles.columnHead}>
                  <span title={label.name}>{label.name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((truth) => (
              <tr key={truth.id}>
                <th scope="row" title={truth.name}>
                  {truth.name}
                </th>
                {shown.map((predicted) => {
                  const count = counts.get(`${truth.id}\n${predicted.id}`) ?? 0
                  if (count === 0) return <td key={predicted.id} />
                  const right = truth.id === predicted.id
                  const weight = right ? count / Math.max(rowTotals.get(truth.id) ?? 1, 1) : count / largest
                  return (
                    <td key={predicted.id}>
                      <button
                        type="button"
                        className={right ? styles.cellRight : styles.cellWrong}
                        style={{ '--weight': `${Math.round(18 + weight * 62)}%` } as React.CSSProperties}
                        aria-label={t(right ? 'matrix.right' : 'matrix.wrong', {
                          truth: truth.name,
                          predicted: predicted.name,
                          count,
                        })}
                        title={t(right ? 'matrix.right' : 'matrix.wrong', {
                          truth: truth.name,
                          predicted: predicted.name,
                          count,
                        })}
                        onClick={() => onOpen({ truth: truth.id, predicted: predicted.id })}
                      >
                        {count}
                      </button>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {order.length > firstLook && (
        <Button size="small" variant="plain" className="bl-screen-only" onClick={() => setAll(!all)}>
          {all ? t('matrix.fewer') : t('matrix.all', { count: order.length })}
        </Button>
      )}
    </div>
  )
}

/** Labels with the most wrong rows first, each followed by what it is mixed up with, so that the hot cells stand together. */
function arrange(report: ReportView) {
  const names = new Map(report.labels.map((label) => [label.id, label.name]))
  const counts = new Map<string, number>()
  const wrong = new Map<string, number>()
  const rowTotals = new Map<string, number>()
  const right = report.labels.map((label) => ({
    truth: label.id,
    predicted: label.id,
    count: Math.round(label.recall * label.support),
  }))
  const wrongOnly = report.confusion.filter((cell) => cell.truth !== cell.predicted)
  for (const cell of [...wrongOnly, ...right.filter((one) => one.count > 0)]) {
    counts.set(`${cell.truth}\n${cell.predicted}`, cell.count)
    rowTotals.set(cell.truth, (rowTotals.get(cell.truth) ?? 0) + cell.count)
    for (const id of [cell.truth, cell.predicted]) {
      if (!names.has(id)) names.set(id, id)
      if (cell.truth !== cell.predicted) wrong.set(id, (wrong.get(id) ?? 0) + cell.count)
    }
  }
  const waiting = new Set(names.keys())
  const order: { id: string; name: string }[] = []
  const take = (id: string) => {
    waiting.delete(id)
    order.push({ id, name: names.get(id) ?? id })
  }
  const mixedWith = (id: string, other: string) =>
    (counts.get(`${id}\n${other}`) ?? 0) + (counts.get(`${other}\n${id}`) ?? 0)
  while (waiting.size > 0) {
    let next = [...waiting].sort((a, b) => (wrong.get(b) ?? 0) - (wrong.get(a) ?? 0))[0]
    while (next !== undefined) {
      take(next)
      const last: string = next
      next = [...waiting]
        .filter((other) => mixedWith(last, other) > 0)
        .sort((a, b) => mixedWith(last, b) - mixedWith(last, a))[0]
    }
  }
  const largest = Math.max(1, ...wrongOnly.map((cell) => cell.count))
  return { order, counts, largest, rowTotals }
}
