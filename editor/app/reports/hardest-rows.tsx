import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import shared from '#editor/insights/insights.module.css'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { ErrorNotice } from '../ui/notice.tsx'
import { Pager } from '../ui/pager.tsx'
import { useSearch } from '../use-search.ts'
import { Guesses } from './guesses.tsx'
import styles from './hardest-rows.module.css'
import { RowLink } from './row-link.tsx'

const pageSize = 10

/** Mistakes that it was surest of first, then what it barely got right: a page at a time, which the address holds. */
export function HardestRows({ bot, run }: { bot: string; run: string }) {
  const { t } = useTranslation('reports')
  const [search, changeSearch] = useSearch()
  const at = Math.max(Math.trunc(Number(search.get('hard') ?? 1)) - 1 || 0, 0)
  const query = { order: 'hardest' as const, offset: at * pageSize, limit: pageSize }
  const page = useQuery({
    queryKey: keys.reportRows(bot, run, query),
    queryFn: () => api.reportRows(bot, run, query),
    placeholderData: keepPreviousData,
  })
  const pages = Math.max(1, Math.ceil((page.data?.total ?? 0) / pageSize))
  const turn = (to: number) =>
    changeSearch({ hard: to === 0 ? null : String(to + 1) }, { replace: true, preventScrollReset: true })

  if (page.error) return <ErrorNotice error={page.error} onRetry={() => page.refetch()} />
  if (!page.data) return <div className="bl-skeleton" style={{ height: 480 }} />
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('hardest')} aria-busy={page.isPlaceholderData}>
        <table className={`${shared.table} ${styles.rows}`}>
          <thead>
            <tr>
              <th scope="col">{t('hardest.question')}</th>
              <th scope="col">{t('hardest.meant')}</th>
              <th scope="col">{t('guesses')}</th>
              <th scope="col">
                <span className="bl-sr-only">{t('open-row')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {page.data.rows.map((row) => (
              <tr key={row.id}>
                <th scope="row" lang={row.language ?? undefined}>
                  {row.text}
                  {row.pair !== null && <small>{row.pair}</small>}
                </th>
                <td className={styles.meant}>
                  {row.truth === '' ? t('pick.foreign') : row.truthName}
                  <span data-wrong={row.truth !== row.predicted || undefined}>
                    {t(row.truth === row.predicted ? 'hardest.right' : 'hardest.wrong')}
                  </span>
                </td>
                <td>
                  <Guesses row={row} />
                </td>
                <td>
                  <RowLink bot={bot} row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Pager
        className={`${styles.pager} bl-screen-only`}
        label={t('hardest.pager')}
        at={at}
        pages={pages}
        onTurn={turn}
      />
    </>
  )
}
