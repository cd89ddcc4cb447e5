import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { number, percent } from '#editor/app/ui/words.ts'
import { blockText } from '#editor/canvas/words.ts'
import { unitText } from '../unit-text.ts'
import type { WidgetProps } from '../widget.ts'

/** A slider with its value beside it. One that may be left to the model has a button that gives it back. */
export function SliderWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const min = field.min ?? 0
  const max = field.max ?? 100
  const step = field.ui.step ?? (field.integer ? 1 : (max - min) / 100)
  const set = typeof value === 'number'
  const at = set ? value : min + (max - min) / 2
  const isShare = !field.integer && min >= 0 && max <= 1
  const said = (own: number): string =>
    isShare ? percent(own, 0) : `${number(own, 6)} ${unitText(field.ui.unit, own)}`.trim()
  const text = set ? said(value) : blockText(`${field.title}.empty`) || t('by-itself')
  return (
    <div className="bl-insp-slider">
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={at}
        aria-describedby={describedBy}
        aria-valuetext={text}
        data-unset={set ? undefined : ''}
        style={{ '--at': `${((at - min) / (max - min)) * 100}%` } as CSSProperties}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output htmlFor={id}>{text}</output>
      {field.nullable && set && (
        <button type="button" className="bl-insp-link" onClick={() => onChange(null)}>
          {t('leave-to-model')}
        </button>
      )}
    </div>
  )
}
