import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionTables } from '#server/api/dto.ts'
import type { SourceQuery } from '#server/sources/source-shapes.ts'
import { number } from '../../ui/words.ts'
import { PagingFields } from './paging-fields.tsx'
import styles from './source.module.css'

type Table = ConnectionTables['tables'][number]

/** What is proposed of a connection. */
export function firstQuery({ connection, tables }: ConnectionTables): SourceQuery {
  const [first] = tables
  if (connection.kind === 'http') return { from: 'pages', rowsAt: null, paging: { by: 'none' } }
  if (!first) return { from: 'statement', sql: '' }
  return { from: 'table', schema: first.schema, table: first.name }
}

/** Which rows: a table, a statement of one's own, or the pages of a web service. */
export function QueryStep({
  connected,
  query,
  onChange,
}: {
  connected: ConnectionTables
  query: SourceQuery
  onChange: (query: SourceQuery) => void
}) {
  const { t } = useTranslation('sources')
  const ways = useId()
  const { tables, connection } = connected
  const keyOf = ({ schema, name }: Table) => JSON.stringify([schema, name])
  const several = new Set(tables.map(({ schema }) => schema)).size > 1
  const words = (table: Table) =>
    [
      several ? `${table.schema}.${table.name}` : table.name,
      table.kind === 'view' && t('view'),
      table.rows !== null && t('rows-about', { rows: number(table.rows) }),
    ]
      .filter(Boolean)
      .join(' · ')

  if (query.from === 'pages') return <PagingFields query={query} onChange={onChange} />
  const first = tables[0]
  return (
    <>
      <fieldset className={styles.ways}>
        <legend className="bl-sr-only">{t('read')}</legend>
        <label>
          <input
            type="radio"
            name={ways}
            checked={query.from === 'table'}
            disabled={!first}
            onChange={() => first && onChange({ from: 'table', schema: first.schema, table: first.name })}
          />
          {t('read.table')}
        </label>
        <label>
          <input
            type="radio"
            name={ways}
            checked={query.from === 'statement'}
            onChange={() => onChange({ from: 'statement', sql: '' })}
          />
          {t('read.statement')}
        </label>
      </fieldset>
      {query.from === 'table' ? (
        <label className="bl-field">
          <span className="bl-field__label">{t('table')}</span>
          <select
            className="bl-select"
            value={JSON.stringify([query.schema, query.table])}
            onChange={(event) => {
              const [schema, table] = JSON.parse(event.target.value) as [string, string]
              onChange({ from: 'table', schema, table })
            }}
          >
            {tables.map((table) => (
              <option key={keyOf(table)} value={keyOf(table)}>
                {words(table)}
              </option>
            ))}
          </select>
          <span className="bl-field__help">{t('table.help')}</span>
        </label>
      ) : (
        <label className="bl-field">
          <span className="bl-field__label">{t('statement')}</span>
          <textarea
            className={`bl-textarea ${styles.sql}`}
            rows={8}
            spellCheck={false}
            maxLength={20_000}
            value={query.sql}
            placeholder={'SELECT id, question, topic FROM tickets WHERE closed'}
            onChange={(event) => onChange({ from: 'statement', sql: event.target.value })}
          />
          <span className="bl-field__help">{t('statement.help', { kind: t(`kind.${connection.kind}`) })}</span>
        </label>
      )}
    </>
  )
}
