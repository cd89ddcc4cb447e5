import { blockText } from '#editor/canvas/words.ts'
import type { WidgetProps } from '../widget.ts'

/** A few choices side by side; radio buttons underneath, so that arrows and screen readers know them. */
export function SegmentedWidget({ field, value, onChange, id, describedBy }: WidgetProps) {
  return (
    <div
      className="bl-insp-segments"
      id={id}
      role="radiogroup"
      aria-describedby={describedBy}
      aria-label={blockText(field.title)}
    >
      {field.options.map((option) => (
        <label key={option}>
          <input type="radio" name={id} value={option} checked={value === option} onChange={() => onChange(option)} />
          <span>{blockText(`${field.title}.${option}`) || option}</span>
        </label>
      ))}
    </div>
  )
}
