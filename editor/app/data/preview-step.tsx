import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ColumnChoice, ImportRequest, RecordsView, SetSummary } from '#server/api/dto.ts'
import { Icon } from '../ui/icons.tsx'
import { number } from '../ui/words.ts'
import { BrokenRows } from './broken-rows.tsx'
import styles from './data.module.css'
import { FileContents } from './file-contents.tsx'

type ReadAs = Pick<ImportRequest, 'encoding' | 'heading' | 'part'>
type TextEncoding = NonNullable<ImportRequest['encoding']>
type LabelFrom = 'column' | 'one' | 'none' | 'out'

const encodings: readonly NonNullable<RecordsView['encoding']>[] = [
  'UTF-8',
  'UTF-16 LE',
  'UTF-16 BE',
  'GB18030',
  'Big5',
  'Windows-1252',
]

/** What was understood of the records, and what each column is. */
export function PreviewStep<Choice extends ColumnChoice & ReadAs>({
  set,
  preview,
  request,
  more = false,
  onChange,
  onReadAs = () => {},
}: {
  set: SetSummary
  preview: RecordsView
  request: Choice
  /** There are more rows than were read. */
  more?: boolean
  onChange: (request: Choice) => void
  /** The file was read wrongly: read it again, in this way. */
  onReadAs?: (as: ReadAs) => void
}) {
  const { t } = useTranslation('data')
  const labels = useId()
  const without: LabelFrom = request.label === null ? 'none' : 'one'
  const from: LabelFrom = request.outOfScope ? 'out' : request.labelColumn !== null ? 'column' : without
  const pairColumn = request.pairColumn ?? null
  const others = preview.columns.filter((column) => column !== request.textColumn && column !== pairColumn)
  const typed = (request.label ?? '').trim()
  const known = set.labels.some((one) => one.name === typed)

  const { encoding, heading, part } = request

  const isWorkbook = preview.format === 'xlsx'

  const choose = (next: LabelFrom) =>
    onChange({
      ...request,
      labelColumn: next === 'column' ? (preview.guess.label ?? others[0] ?? null) : null,
      label: next === 'one' ? (request.label ?? '') : null,
      outOfScope: next === 'out',
    })

  return (
    <>
      <p className={styles.understood}>
        <Icon name="check" size={16} />
        {t(more ? 'understood.first' : preview.encoding === null ? 'understood.no-encoding' : 'understood', {
          name: preview.name,
          format: t(`format.${preview.format}`),
          rows: number(preview.rows),
          encoding: preview.encoding,
        })}
      </p>
      <FileContents contents={preview.contents} />
      <div className={styles.choices}>
        {preview.parts.length > 1 && (
          <label className="bl-field">
            <span className="bl-field__label">{t(isWorkbook ? 'sheet' : 'split')}</span>
            <select
              className="bl-select"
              value={preview.part ?? ''}
              onChange={(event) => onReadAs({ encoding, heading, part: event.target.value || undefined })}
            >
              {!isWorkbook && <option value="">{t('split.all')}</option>}
              {preview.parts.map(({ name, hidden }) => (
                <option key={name} value={name}>
                  {hidden ? t('sheet.hidden', { name }) : name}
                </option>
              ))}
            </select>
          </label>
        )}
        {preview.encoding !== null && (
          <label className="bl-field">
            <span className="bl-field__label">{t('encoding')}</span>
            <select
              className="bl-select"
              value={preview.encoding}
              onChange={(event) => onReadAs({ encoding: event.target.value as TextEncoding, heading, part })}
            >
              {encodings.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        )}
        {preview.heading !== null && (
          <label className="bl-field">
            <span className="bl-field__label">{t('heading')}</span>
            <select
              className="bl-select"
              value={preview.heading ? 'names' : 'record'}
              onChange={(event) => onReadAs({ encoding, heading: event.target.value === 'names', part })}
            >
              <option value="names">{t('heading.names')}</option>
              <option value="record">{t('heading.record')}</option>
            </select>
          </label>
        )}
        {preview.columns.length > 1 && (
          <label className="bl-field">
            <span className="bl-field__label">{t('text-column')}</span>
            <select
              className="bl-select"
              value={request.textColumn}
              onChange={(event) =>
                onChange({
                  ...request,
                  textColumn: event.target.value,
                  pairColumn: pairColumn === event.target.value ? null : pairColumn,
                  labelColumn: request.labelColumn === event.target.value ? null : request.labelColumn,
                })
              }
            >
              {preview.columns.map((column) => (
                <option key={column}>{column}</option>
              ))}
            </select>
          </label>
        )}
        {preview.columns.length > 1 && (
          <label className="bl-field">
            <span className="bl-field__label">{t('pair-column')}</span>
            <select
              className="bl-select"
              value={pairColumn ?? ''}
              onChange={(event) => {
                const next = event.target.value || null
                onChange({
                  ...request,
                  pairColumn: next,
                  // Rows of two texts may do without a topic.
                  label: next !== null && request.label === '' ? null : request.label,
                  labelColumn: request.labelColumn === next ? null : request.labelColumn,
                })
              }}
            >
              <option value="">{t('pair-column.none')}</option>
              {preview.columns
                .filter((column) => column !== request.textColumn)
                .map((column) => (
                  <option key={column}>{column}</option>
                ))}
            </select>
          </label>
        )}
        <label className="bl-field">
          <span className="bl-field__label">{t('label-from')}</span>
          <select className="bl-select" value={from} onChange={(event) => choose(event.target.value as LabelFrom)}>
            {others.length > 0 && <option value="column">{t('label-from.column')}</option>}
            <option value="one">{t('label-from.one')}</option>
            <option value="none">{t('label-from.none')}</option>
            <option value="out">{t('label-from.out')}</option>
          </select>
        </label>
        {from === 'column' && (
          <label className="bl-field">
            <span className="bl-field__label">{t('label-column')}</span>
            <select
              className="bl-select"
              value={request.labelColumn ?? ''}
              onChange={(event) => onChange({ ...request, labelColumn: event.target.value })}
            >
              {others.map((column) => (
                <option key={column}>{column}</option>
              ))}
            </select>
            {preview.constant.includes(request.labelColumn ?? '') && (
              <span className="bl-field__help" role="status">
                {t('label-column.one', { name: preview.sample[0]?.[request.labelColumn ?? ''] })}
              </span>
            )}
          </label>
        )}
        {from === 'one' && (
          <label className="bl-field">
            <span className="bl-field__label">{t('label')}</span>
            <input
              className="bl-input"
              list={labels}
              value={request.label ?? ''}
              maxLength={80}
              placeholder={t('label.placeholder')}
              onChange={(event) => onChange({ ...request, label: event.target.value })}
            />
            <datalist id={labels}>
              {set.labels.map((one) => (
                <option key={one.id} value={one.name} />
              ))}
            </datalist>
            {typed !== '' && <span className="bl-field__help">{t(known ? 'label.known' : 'label.new')}</span>}
          </label>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={styles.sample} tabIndex={0} aria-label={t('sample')}>
        <table className={styles.table}>
          <caption className="bl-sr-only">{t('sample')}</caption>
          <thead>
            <tr>
              {preview.columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  data-used={[request.textColumn, pairColumn, request.labelColumn].includes(column) || undefined}
                >
                  {column}
                  {column === request.textColumn && <span className="bl-tag bl-tag--accent">{t('question')}</span>}
                  {column === pairColumn && <span className="bl-tag bl-tag--accent">{t('pair')}</span>}
                  {column === request.labelColumn && <span className="bl-tag bl-tag--accent">{t('label')}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.sample.map((record, index) => (
              <tr key={index}>
                {preview.columns.map((column) => (
                  <td key={column}>{record[column]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <BrokenRows count={preview.brokenRows} rows={preview.broken} />
    </>
  )
}
