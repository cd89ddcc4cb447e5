import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { blockText } from '#editor/canvas/words.ts'
import { issueOf } from '../issue-words.ts'
import { unitText } from '../unit-text.ts'
import type { WidgetProps } from '../widget.ts'

/** Keeps what was typed while it is not a number that fits, and says why; only a fitting one reaches the document. */
export function NumberWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed ?? (typeof value === 'number' ? String(value) : '')
  const issue = typed === null ? null : issueOf(field.schema, parse(typed, field.nullable))
  const unit = unitText(field.ui.unit, typeof value === 'number' ? value : 2)
  return (
    <>
      <span className="bl-insp-unit">
        <input
          id={id}
          className="bl-input bl-insp-input"
          inputMode={field.integer ? 'numeric' : 'decimal'}
          aria-describedby={describedBy}
          aria-invalid={issue !== null}
          placeholder={field.nullable ? blockText(`${field.title}.empty`) || t('no-limit') : undefined}
          value={shown}
          onChange={(event) => {
            const text = event.target.value
            const next = parse(text, field.nullable)
            const fits = field.schema.safeParse(next).success
            setTyped(fits && next !== null && String(next) === text.trim() ? null : text)
            if (fits) onChange(next)
          }}
          onBlur={() => {
            if (issue === null) setTyped(null)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
            event.preventDefault()
            const step = (field.ui.step ?? 1) * (event.key === 'ArrowUp' ? 1 : -1)
            const next = Number(((typeof value === 'number' ? value : (field.min ?? 0)) + step).toFixed(10))
            if (!field.schema.safeParse(next).success) return
            setTyped(null)
            onChange(next)
          }}
        />
        {unit && <span>{unit}</span>}
      </span>
      {issue && (
        <p className="bl-insp-issue" role="alert">
          {issue}
        </p>
      )}
    </>
  )
}

function parse(text: string, nullable: boolean): number | null {
  // Full-width digits and signs are what a Chinese input method gives.
  const plain = text.normalize('NFKC').trim()
  if (plain === '') return nullable ? null : Number.NaN
  return Number(plain)
}
