import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSummary } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icons.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { Pager } from '../ui/pager.tsx'
import { showError, showToast } from '../ui/toast.tsx'
import { number } from '../ui/words.ts'
import styles from './data.module.css'
import { RowLine } from './row-line.tsx'

const pageSize = 50
const outOfScope = '-'

/** The rows of a set, a page at a time: search, filter, mend in place, delete. */
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
  const label = search.get('label')
  const at = Math.max(Number(search.get('page') ?? 1) - 1, 0)
  const [text, setText] = useState(wanted)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState(false)
  const [deleting, setDeleting] = useState(false)

  // biome-ignore lint/correctness/useExhaustiveDependencies: typed words are looked up once the typing rests
  useEffect(() => {
    if (text === wanted) return
    const timer = setTimeout(() => onChange({ q: text, page: null }), 250)
    return () => clearTimeout(timer)
  }, [text])

  const query = {
    search: wanted,
    ...(label === outOfScope ? { outOfScope: true } : { label }),
    offset: at * pageSize,
    limit: pageSize,
  }
  const rows = useQuery({
    queryKey: keys.rows(set.id, { ...query, revision: set.revision }),
    queryFn: () => api.rows(set.id, query),
    placeholderData: keepPreviousData,
  })
  const shown = rows.data?.rows ?? []
  const total = rows.data?.total ?? 0
  const pages = Math.max(1, Math.ceil(total / pageSize))
  const all = shown.length > 0 && shown.every((row) => picked.has(row.id))

  const remove = async () => {
    setDeleting(true)
    try {
      await api.deleteRows(set.id, [...picked])
      setPicked(new Set())
      setAsking(false)
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['sets'] }),
        queryClient.invalidateQueries({ queryKey: ['rows', set.id] }),
      ])
      showToast(t('deleted', { count: picked.size }))
    } catch (error) {
      showError(error)
    } finally {
      setDeleting(false)
    }
  }

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
        <select
          className="bl-select"
          aria-label={t('filter')}
          value={label ?? ''}
          onChange={(event) => onChange({ label: event.target.value, page: null })}
        >
          <option value="">{t('all-labels')}</option>
          {set.labels.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({one.rows})
            </option>
          ))}
          {set.outOfScopeRows > 0 && (
            <option value={outOfScope}>
              {t('out-of-scope')} ({set.outOfScopeRows})
            </option>
          )}
        </select>
        <span className={styles.count} role="status">
          {picked.size > 0 ? t('picked', { count: picked.size }) : t('found', { count: total, rows: number(total) })}
        </span>
        {picked.size > 0 && (
          <Button size="small" variant="danger" icon="trash" onClick={() => setAsking(true)}>
            {t('delete')}
          </Button>
        )}
      </div>
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
                    onChange={() => setPicked(all ? new Set() : new Set(shown.map((row) => row.id)))}
                  />
                </th>
                <th scope="col">{t('question')}</th>
                <th scope="col" className={styles.labelColumn}>
                  {t('label')}
                </th>
                <th scope="col" className={styles.language}>
                  {t('language')}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <RowLine
                  key={row.id}
                  set={set}
                  row={row}
                  picked={picked.has(row.id)}
                  onPick={() => {
                    const next = new Set(picked)
                    if (!next.delete(row.id)) next.add(row.id)
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
      {asking && (
        <Dialog
          title={t('delete.title', { count: picked.size })}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t('app:cancel')}</Button>
              <Button variant="danger" busy={deleting} onClick={remove}>
                {t('delete.yes')}
              </Button>
            </>
          }
        >
          <p>{t('delete.lost')}</p>
        </Dialog>
      )}
    </section>
  )
}
