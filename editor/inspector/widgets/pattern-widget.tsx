import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { findPattern, isPattern } from '#runtime/conditions/pattern.ts'
import type { WidgetProps } from '../widget.ts'

/** A pattern; the example in the field beside it (`sample` or `example`) is tried at each key. */
export function PatternWidget({ field, value, onChange, id, describedBy, siblings }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const pattern = typeof value === 'string' ? value : ''
  const sample = siblings.sample ?? siblings.example
  const verdict = judge(pattern, typeof sample === 'string' ? sample : '')
  return (
    <>
      <input
        id={id}
        className="bl-input bl-insp-input bl-insp-mono"
        spellCheck={false}
        autoCapitalize="off"
        aria-describedby={describedBy}
        aria-invalid={verdict?.ok === false}
        maxLength={field.maxLength ?? undefined}
        value={pattern}
        onChange={(event) => onChange(event.target.value)}
      />
      {verdict && (
        <p className={verdict.ok ? 'bl-insp-fits' : 'bl-insp-issue'} role="status">
          <Icon name={verdict.ok ? 'check' : 'warning'} size={14} />
          {t(`pattern.${verdict.word}`, { found: verdict.found })}
        </p>
      )}
    </>
  )
}

function judge(pattern: string, sample: string): { ok: boolean; word: string; found: string } | null {
  if (pattern === '') return null
  if (!isPattern(pattern)) return { ok: false, word: 'bad', found: '' }
  if (sample === '') return null
  const found = findPattern(pattern, sample)
  return found === null ? { ok: false, word: 'unfit', found: '' } : { ok: true, word: 'fits', found: String(found) }
}
