import { useQueries, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportRow, ReportView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { toggled } from '../toggled.ts'
import { Button } from '../ui/button.tsx'
import { Drawer } from '../ui/drawer.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { number } from '../ui/words.ts'
import { DrawerRow } from './drawer-row.tsx'
import { labelChoices } from './label-choices.ts'
import { LabelPicker } from './label-picker.tsx'
import type { RowChange } from './row-change.ts'
import styles from './rows-drawer.module.css'
import { useRowEdits } from './use-row-edits.ts'

/**
 * The test questions behind a cell, mended where they stand: one or several get another label, are kept for learning or taken out.
 * By keys: arrows walk, Space picks, a digit labels, Enter looks for a label, T keeps for learning, Delete takes out, Ctrl+Z undoes.
 */
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
  const { apply, undo, said, busy } = useRowEdits(bot, run)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState(0)
  const [picking, setPicking] = useState(false)
  const list = useRef<HTMLUListElement>(null)

  const nameOf = (id?: string) => report.labels.find((label) => label.id === id)?.name ?? id ?? ''
  const rows = pages.flatMap((page) => page.data?.rows ?? [])
  const total = pages.reduce((sum, page) => sum + (page.data?.total ?? 0), 0)
  const current = Math.min(at, rows.length - 1)
  const targets = picked.size > 0 ? rows.filter((row) => picked.has(row.id)) : rows.slice(current, current + 1)
  const loaded = pages.every((page) => page.data)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a digit keeps its label while rows change under it
  const choices = useMemo(() => labelChoices(cells, rows, nameOf), [loaded])
  const homes = new Set(targets.flatMap((row) => row.home?.set ?? []))
  const labels =
    sets.data?.filter((set) => homes.has(set.id)).flatMap((set) => set.labels.map(({ name }) => name)) ?? []

  // The keys are there at once.
  useEffect(() => {
    if (loaded) list.current?.querySelector<HTMLElement>('input[type="checkbox"]')?.focus()
  }, [loaded])

  const focus = (next: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, next))
    setAt(to)
    list.current?.querySelectorAll<HTMLElement>('input[type="checkbox"]')[to]?.focus()
  }
  const change = (what: RowChange) => {
    apply(targets, what)
    setPicking(false)
    if (picked.size > 0) setPicked(new Set())
    focus(picked.size > 0 ? current : current + 1)
  }
  const pick = (row: ReportRow) => setPicked(toggled(picked, row.id))
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !event.shiftKey) {
      event.preventDefault()
      undo?.()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !list.current?.contains(event.target as Node)) return
    const choice = choices[Number(event.key) - 1]
    const onBox = (event.target as HTMLElement).matches('input[type="checkbox"]')
    if (event.key === 'ArrowDown') focus(current + 1)
    else if (event.key === 'ArrowUp') focus(current - 1)
    else if (event.key === 'Home') focus(0)
    else if (event.key === 'End') focus(rows.length - 1)
    else if (choice) change({ kind: 'label', name: choice.name })
    else if (event.key === 'Enter' && onBox) setPicking(true)
    else if (event.key.toLowerCase() === 't') change({ kind: 'learn' })
    else if (event.key === 'Delete') change({ kind: 'exclude' })
    else return
    event.preventDefault()
  }

  const error = pages.find((page) => page.error)?.error
  return (
    <Drawer title={titleOf(t, cells, nameOf)} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the rows and of the buttons below them */}
      <div className={styles.drawer} onKeyDown={onKeyDown}>
        <p className={styles.lead}>{t('drawer.lead')}</p>
        {error && <ErrorNotice error={error} />}
        {!loaded && !error && <div className="bl-skeleton" style={{ height: 240 }} />}
        <ul className={styles.rows} ref={list}>
          {rows.map((row, i) => (
            <DrawerRow
              key={row.id}
              bot={bot}
              row={row}
              picked={picked.has(row.id)}
              current={i === current}
              onFocus={() => setAt(i)}
              onPick={() => pick(row)}
            />
          ))}
        </ul>
        {total > rows.length && loaded && (
          <p className={styles.lead}>{t('drawer.first', { count: rows.length, rows: number(total) })}</p>
        )}
        {rows.length > 0 && (
          <div className={styles.bar} role="toolbar" aria-label={t('edit.bar')}>
            {picking && (
              <LabelPicker
                labels={labels}
                onPick={change}
                onEscape={() => focus(current)}
                onClose={() => setPicking(false)}
              />
            )}
            <p className={styles.who}>
              {picked.size > 0 ? t('edit.picked', { count: picked.size }) : t('edit.current')}
              <span role="status">{said && t(`edit.said.${said.what}`, { count: said.count, name: said.name })}</span>
            </p>
            <div className={styles.choices}>
              {choices.map(({ id, name }, i) => (
                <button
                  key={id}
                  type="button"
                  className={styles.choice}
                  title={name}
                  onClick={() => change({ kind: 'label', name })}
                >
                  <span className={styles.key} aria-hidden="true">
                    {i + 1}
                  </span>{' '}
                  {name}
                </button>
              ))}
              <button type="button" className={styles.choice} aria-haspopup="listbox" onClick={() => setPicking(true)}>
                <span className={styles.key} aria-hidden="true">
                  ⏎
                </span>{' '}
                {t('edit.other')}
              </button>
            </div>
            <div className={styles.actions}>
              <Button size="small" onClick={() => change({ kind: 'learn' })} title={t('edit.learn.help')}>
                {t('edit.learn')}{' '}
                <span className={styles.key} aria-hidden="true">
                  T
                </span>
              </Button>
              <Button
                size="small"
                icon="trash"
                onClick={() => change({ kind: 'exclude' })}
                title={t('edit.exclude.help')}
              >
                {t('edit.exclude')}
              </Button>
              <span className={styles.grow} />
              <Button size="small" icon="restart" busy={busy} disabled={!undo} onClick={() => undo?.()}>
                {t('edit.undo')}
              </Button>
            </div>
          </div>
        )}
      </div>
    </Drawer>
  )
}

function titleOf(
  t: (key: string, values?: Record<string, string>) => string,
  cells: readonly { truth?: string; predicted?: string }[],
  nameOf: (id?: string) => string,
): string {
  const [first] = cells
  const truth = nameOf(first?.truth)
  const predicted = nameOf(first?.predicted)
  if (!first?.predicted) return t('drawer.label', { truth })
  if (cells.length > 1) return t('drawer.both', { a: truth, b: predicted })
  return first.truth === first.predicted ? t('drawer.right', { truth }) : t('drawer.wrong', { truth, predicted })
}
