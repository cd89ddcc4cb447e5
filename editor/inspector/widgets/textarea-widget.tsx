import type { WidgetProps } from '../widget.ts'

export function TextareaWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  return (
    <textarea
      id={id}
      className="bl-textarea bl-insp-area"
      rows={3}
      aria-describedby={describedBy}
      value={typeof value === 'string' ? value : ''}
      maxLength={field.maxLength ?? undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
