import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportRow, ReportView, SetSummary } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Drawer } from '../ui/drawer.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { showError, showToast } from '../ui/toast.tsx'
import { percent } from '../ui/words.ts'
import styles from './reports.module.css'

/** The test questions behind a cell; a wrong label is put right here, and counts from the next run on. */
export function RowsDrawer({
  bot,
  run,
  report,
  cells,
  onClose,
}: {
  bot: string
  run: string
  report: ReportView
  cells: { truth?: string; predicted?: string }[]
  onClose: () => void
}) {
  const { t } = useTranslation('reports')
  const sets = useQuery({ queryKey: keys.sets(bot), queryFn: () => api.sets(bot) })
  const pages = useQueries({
    queries: cells.map((cell) => ({
      queryKey: keys.reportRows(bot, run, cell),
      queryFn: () => api.reportRows(bot, run, cell),
    })),
  })
  const name = (id?: string) => report.labels.find((label) => label.id === id)?.name ?? id ?? ''
  const [first] = cells
  const title = !first?.predicted
    ? t('drawer.label', { truth: name(first?.truth) })
    : cells.length > 1
      ? t('drawer.both', { a: name(first.truth), b: name(first.predicted) })
      : first.truth === first.predicted
        ? t('drawer.right', { truth: name(first.truth) })
        : t('drawer.wrong', { truth: name(first.truth), predicted: name(first.predicted) })
  const rows = pages.flatMap((one) => one.data ?? [])
  const error = pages.find((one) => one.error)?.error
  return (
    <Drawer title={title} onClose={onClose}>
      <p className={styles.drawerLead}>{t('drawer.lead')}</p>
      {error && <ErrorNotice error={error} />}
      {pages.some((one) => one.isPending) && <div className="bl-skeleton" style={{ height: 240 }} />}
      <ul className={styles.rows}>
        {rows.map((row) => (
          <Row key={row.id} row={row} set={setOf(sets.data, row)} />
        ))}
      </ul>
    </Drawer>
  )
}

/** Label ids are made from the set and the name, so a label tells the set that its row lives in. */
function setOf(sets: SetSummary[] | undefined, row: ReportRow): SetSummary | undefined {
  return sets?.find((set) => set.labels.some((label) => label.id === row.truth)) ?? sets?.[0]
}

function Row({ row, set }: { row: ReportRow; set: SetSummary | undefined }) {
  const { t } = useTranslation('reports')
  const [label, setLabel] = useState(row.truthName)
  const relabel = async (next: string) => {
    if (!set) return
    const before = label
    setLabel(next)
    try {
      await api.changeRow(set.id, row.id, { label: next })
      await queryClient.invalidateQueries({ queryKey: ['rows'] })
      showToast(t('relabelled'))
    } catch (error) {
      setLabel(before)
      showError(error)
    }
  }
  return (
    <li className={styles.row}>
      <p className={styles.rowText} lang={row.language ?? undefined}>
        {row.text}
        {row.pair !== null && <small>{row.pair}</small>}
      </p>
      <div className={styles.rowMeta}>
        <label>
          <span>{t('drawer.meant')}</span>
          <select
            className="bl-select"
            value={label}
            disabled={!set}
            onChange={(event) => void relabel(event.target.value)}
          >
            {!set?.labels.some((one) => one.name === label) && <option>{label}</option>}
            {set?.labels.map((one) => (
              <option key={one.id}>{one.name}</option>
            ))}
          </select>
        </label>
        <span className={styles.taken}>
          {t('drawer.taken', { name: row.predictedName, share: percent(row.probability, 0) })}
        </span>
      </div>
    </li>
  )
}
