import { useTranslation } from 'react-i18next'
import type { Paging, SourceQuery } from '#server/sources/source-shapes.ts'
import styles from './source.module.css'

type Pages = Extract<SourceQuery, { from: 'pages' }>

const ways: { [By in Paging['by']]: Extract<Paging, { by: By }> } = {
  none: { by: 'none' },
  page: { by: 'page', parameter: 'page', first: 1 },
  offset: { by: 'offset', parameter: 'offset' },
  cursor: { by: 'cursor', parameter: 'cursor', at: 'next_cursor' },
  link: { by: 'link' },
}

/** Where the rows of an answer are, and how the next ones are asked for. */
export function PagingFields({ query, onChange }: { query: Pages; onChange: (query: Pages) => void }) {
  const { t } = useTranslation('sources')
  const { paging } = query
  const field = (key: 'parameter' | 'at', value: string) => (
    <label className={`bl-field ${styles.half}`}>
      <span className="bl-field__label">{t(`paging.${key}`)}</span>
      <input
        className="bl-input"
        required
        maxLength={key === 'at' ? 200 : 100}
        value={value}
        onChange={(event) => onChange({ ...query, paging: { ...paging, [key]: event.target.value } as Paging })}
      />
    </label>
  )
  return (
    <div className={styles.fields}>
      <label className={`bl-field ${styles.whole}`}>
        <span className="bl-field__label">{t('rows-at')}</span>
        <input
          className="bl-input"
          maxLength={200}
          value={query.rowsAt ?? ''}
          placeholder="data.items"
          onChange={(event) => onChange({ ...query, rowsAt: event.target.value.trim() || null })}
        />
        <span className="bl-field__help">{t('rows-at.help')}</span>
      </label>
      <label className={`bl-field ${styles.whole}`}>
        <span className="bl-field__label">{t('paging')}</span>
        <select
          className="bl-select"
          value={paging.by}
          onChange={(event) => onChange({ ...query, paging: ways[event.target.value as Paging['by']] })}
        >
          {(Object.keys(ways) as Paging['by'][]).map((by) => (
            <option key={by} value={by}>
              {t(`paging.${by}`)}
            </option>
          ))}
        </select>
      </label>
      {'parameter' in paging && field('parameter', paging.parameter)}
      {paging.by === 'cursor' && field('at', paging.at)}
      {paging.by === 'page' && (
        <label className={`bl-field ${styles.half}`}>
          <span className="bl-field__label">{t('paging.first')}</span>
          <select
            className="bl-select"
            value={paging.first}
            onChange={(event) => onChange({ ...query, paging: { ...paging, first: Number(event.target.value) } })}
          >
            <option value={1}>1</option>
            <option value={0}>0</option>
          </select>
        </label>
      )}
    </div>
  )
}
