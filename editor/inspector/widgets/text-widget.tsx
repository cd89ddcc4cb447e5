import type { WidgetProps } from '../widget.ts'

export function TextWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  return (
    <input
      id={id}
      className="bl-input bl-insp-input"
      aria-describedby={describedBy}
      value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
      maxLength={field.maxLength ?? undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
