import { blockText } from '#editor/canvas/words.ts'
import type { WidgetProps } from '../widget.ts'

export function SelectWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  return (
    <select
      id={id}
      className="bl-select bl-insp-input"
      aria-describedby={describedBy}
      value={String(value)}
      onChange={(event) => onChange(event.target.value)}
    >
      {field.options.map((option) => (
        <option key={option} value={option}>
          {blockText(`${field.title}.${option}`) || option}
        </option>
      ))}
    </select>
  )
}
