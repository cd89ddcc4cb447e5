import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RowFilter, SetSummary } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { languageName } from '../ui/words.ts'
import styles from './data.module.css'

const outOfScope = '-'
const unlabelled = '?'
const noLanguage = '-'

/** Orders of the table, by their names in the address. */
const orders = {
  newest: { sort: 'added', descending: true },
  oldest: { sort: 'added', descending: false },
  changed: { sort: 'changed', descending: true },
  text: { sort: 'text', descending: false },
  label: { sort: 'label', descending: false },
} as const
type Order = keyof typeof orders

const orderOf = (search: URLSearchParams): Order =>
  (Object.keys(orders) as Order[]).find((one) => one === search.get('sort')) ?? 'newest'

/** What the address asks of the rows. */
export function filterOf(search: URLSearchParams): RowFilter {
  const label = search.get('label')
  return {
    search: search.get('q') ?? '',
    ...(label === outOfScope ? { outOfScope: true } : label === unlabelled ? { unlabelled: true } : {}),
    ...(label && label !== outOfScope && label !== unlabelled ? { label } : {}),
    language: search.get('lang') ?? '',
    source: search.get('source') ?? '',
    ...(search.get('marked') === '1' ? { marked: true } : {}),
    ...orders[orderOf(search)],
  }
}

/** Which rows the table shows, and in which order; all of it stands in the address. */
export function RowFilters({
  set,
  search,
  onChange,
}: {
  set: SetSummary
  search: URLSearchParams
  onChange: (values: Record<string, string | null>) => void
}) {
  const { t } = useTranslation('data')
  const sources = useQuery({
    queryKey: keys.rowSources(set.id, set.revision),
    queryFn: () => api.rowSources(set.id),
  })
  const choose = (key: string) => (event: { target: { value: string } }) =>
    onChange({ [key]: event.target.value || null, page: null })
  const source = search.get('source')
  // A file's id stands before its name, for us alone.
  const sourceName = (one: string) => one.replace(/^file_\S+ /, '') || t('source.none')
  return (
    <>
      <select
        className="bl-select"
        aria-label={t('filter')}
        value={search.get('label') ?? ''}
        onChange={choose('label')}
      >
        <option value="">{t('all-labels')}</option>
        {set.labels.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name} ({one.rows})
          </option>
        ))}
        {set.unlabelledRows > 0 && (
          <option value={unlabelled}>
            {t('no-label.filter')} ({set.unlabelledRows})
          </option>
        )}
        {set.outOfScopeRows > 0 && (
          <option value={outOfScope}>
            {t('out-of-scope')} ({set.outOfScopeRows})
          </option>
        )}
      </select>
      {set.languages.length > 1 && (
        <select
          className="bl-select"
          aria-label={t('language.filter')}
          value={search.get('lang') ?? ''}
          onChange={choose('lang')}
        >
          <option value="">{t('all-languages')}</option>
          {set.languages.map(({ language }) => (
            <option key={language} value={language}>
              {languageName(language)}
            </option>
          ))}
          <option value={noLanguage}>{t('language.none')}</option>
        </select>
      )}
      {((sources.data?.length ?? 0) > 1 || source) && (
        <select className="bl-select" aria-label={t('source.filter')} value={source ?? ''} onChange={choose('source')}>
          <option value="">{t('all-sources')}</option>
          {sources.data?.map((one) => (
            <option key={one.source} value={one.source}>
              {sourceName(one.source)} ({one.rows})
            </option>
          ))}
        </select>
      )}
      <select className="bl-select" aria-label={t('sort')} value={orderOf(search)} onChange={choose('sort')}>
        {(Object.keys(orders) as Order[]).map((order) => (
          <option key={order} value={order}>
            {t(`sort.${order}`)}
          </option>
        ))}
      </select>
      <label className={styles.only}>
        <input
          type="checkbox"
          checked={search.get('marked') === '1'}
          onChange={(event) => onChange({ marked: event.target.checked ? '1' : null, page: null })}
        />{' '}
        {t('marked.only')}
      </label>
    </>
  )
}
