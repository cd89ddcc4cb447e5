import { useTranslation } from 'react-i18next'
import type { SourcePreview } from '#server/api/dto.ts'
import type { SourceRequest } from '#server/sources/source-shapes.ts'
import data from '../data.module.css'

/** Under which name the source is kept, and how it knows later what is new. */
export function KeepStep({
  preview,
  request,
  onChange,
}: {
  preview: SourcePreview
  request: SourceRequest
  onChange: (request: SourceRequest) => void
}) {
  const { t } = useTranslation('sources')
  return (
    <div className={data.choices}>
      <label className="bl-field">
        <span className="bl-field__label">{t('source.name')}</span>
        <input
          className="bl-input"
          maxLength={120}
          value={request.name}
          onChange={(event) => onChange({ ...request, name: event.target.value })}
        />
      </label>
      <label className="bl-field">
        <span className="bl-field__label">{t('cursor')}</span>
        <select
          className="bl-select"
          value={request.cursorColumn ?? ''}
          onChange={(event) => onChange({ ...request, cursorColumn: event.target.value || null })}
        >
          <option value="">{t('cursor.none')}</option>
          {preview.growing.map((column) => (
            <option key={column} value={column}>
              {t('cursor.column', { column })}
            </option>
          ))}
        </select>
        <span className="bl-field__help">{t(request.cursorColumn === null ? 'cursor.none.help' : 'cursor.help')}</span>
      </label>
      <label className="bl-field">
        <span className="bl-field__label">{t('most')}</span>
        <input
          className="bl-input"
          type="number"
          min={1}
          max={1_000_000}
          value={request.most}
          onChange={(event) =>
            onChange({ ...request, most: Math.min(1_000_000, Math.max(1, event.target.valueAsNumber || 1)) })
          }
        />
      </label>
    </div>
  )
}
