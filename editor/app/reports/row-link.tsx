import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ReportRow } from '#server/api/dto.ts'
import styles from './guesses.module.css'

/** As much of a text as the search of the data page takes. */
const longestSearch = 200

/** Leads to the row among the records, where it still is. */
export function RowLink({ bot, row, tabIndex }: { bot: string; row: ReportRow; tabIndex?: number }) {
  const { t } = useTranslation('reports')
  if (!row.home?.now) return null
  const search = new URLSearchParams({ q: row.home.now.text.slice(0, longestSearch) })
  return (
    <Link
      className={`${styles.link} bl-screen-only`}
      to={`/bots/${bot}/data/${row.home.set}?${search}`}
      aria-label={t('open-row.of', { text: row.text })}
      tabIndex={tabIndex}
    >
      {t('open-row')}
    </Link>
  )
}
