import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary, TableRow } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { lazyWithTexts } from '../lazy-with-texts.ts'
import { keys } from '../query.ts'
import { Icon } from '../ui/icons.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { Pager } from '../ui/pager.tsx'
import { number } from '../ui/words.ts'
import styles from './data.module.css'
import { PickedRows } from './picked-rows.tsx'
import { filterOf, RowFilters } from './row-filters.tsx'
import { RowLine } from './row-line.tsx'

const RowDrawer = lazyWithTexts('labelling', async () => (await import('./labelling/row-drawer.tsx')).RowDrawer)

const pageSize = 50

/** The rows of a set, a page at a time: search, filter, sort, mend in place, and what can be done with several of them. */
export function RowsTable({
  set,
  search,
  onChange,
}: {
  set: SetSummary
  search: URLSearchParams
  onChange: (values: Record<string, string | null>) => void
}) {
  const { t } = useTranslation('data')
  const wanted = search.get('q') ?? ''
  const at = Math.max(Number(search.get('page') ?? 1) - 1, 0)
  const [text, setText] = useState(wanted)
  const [picked, setPicked] = useState<ReadonlyMap<string, TableRow>>(new Map())

  // biome-ignore lint/correctness/useExhaustiveDependencies: typed words are looked up once the typing rests
  useEffect(() => {
    if (text === wanted) return
    const timer = setTimeout(() => onChange({ q: text, page: null }), 250)
    return () => clearTimeout(timer)
  }, [text])

  const query = { ...filterOf(search), offset: at * pageSize, limit: pageSize }
  const rows = useQuery({
    queryKey: keys.rows(set.id, { ...query, revision: set.revision }),
    queryFn: () => api.rows(set.id, query),
    placeholderData: keepPreviousData,
  })
  const shown = rows.data?.rows ?? []
  const total = rows.data?.total ?? 0
  const pages = Math.max(1, Math.ceil(total / pageSize))
  const all = shown.length > 0 && shown.every((row) => picked.has(row.id))

  const open = shown.find((row) => row.id === search.get('row'))

  return (
    <section className={styles.rows} aria-label={t('rows')}>
      <div className={styles.tools}>
        <label className={styles.search}>
          <Icon name="search" size={16} />
          <input
            type="search"
            className="bl-input"
            value={text}
            placeholder={t('search')}
            aria-label={t('search')}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <RowFilters set={set} search={search} onChange={onChange} />
        <span className={styles.count} role="status">
          {picked.size > 0 ? t('picked', { count: picked.size }) : t('found', { count: total, rows: number(total) })}
        </span>
      </div>
      {picked.size > 0 && <PickedRows set={set} picked={picked} onDone={() => setPicked(new Map())} />}
      {rows.error && <ErrorNotice error={rows.error} onRetry={() => rows.refetch()} />}
      {rows.isPending ? (
        <div className="bl-skeleton" style={{ height: 480 }} />
      ) : (
        <div className={styles.tableBox} aria-busy={rows.isPlaceholderData}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th className={styles.check}>
                  <input
                    type="checkbox"
                    aria-label={t('pick-all')}
                    checked={all}
                    onChange={() =>
                      setPicked(all ? new Map() : new Map([...picked, ...shown.map((row) => [row.id, row] as const)]))
                    }
                  />
                </th>
                <th scope="col">{t('question')}</th>
                <th scope="col" className={styles.labelColumn}>
                  {t('label')}
                </th>
                <th scope="col" className={styles.language}>
                  {t('language')}
                </th>
                <th className={styles.more} aria-label={t('history')} />
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <RowLine
                  key={row.id}
                  set={set}
                  row={row}
                  picked={picked.has(row.id)}
                  onOpen={() => onChange({ row: row.id })}
                  onPick={() => {
                    const next = new Map(picked)
                    if (!next.delete(row.id)) next.set(row.id, row)
                    setPicked(next)
                  }}
                />
              ))}
            </tbody>
          </table>
          {shown.length === 0 && <p className={styles.nothing}>{t('nothing-found')}</p>}
        </div>
      )}
      <Pager
        label={t('pager')}
        at={at}
        pages={pages}
        onTurn={(next) => onChange({ page: next === 0 ? null : String(next + 1) })}
      />
      {open && (
        <Suspense>
          <RowDrawer set={set} row={open} onClose={() => onChange({ row: null })} />
        </Suspense>
      )}
    </section>
  )
}
