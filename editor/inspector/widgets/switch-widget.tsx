import type { WidgetProps } from '../widget.ts'

export function SwitchWidget({ value, onChange, id, describedBy }: WidgetProps) {
  return (
    <input
      id={id}
      type="checkbox"
      role="switch"
      className="bl-switch"
      checked={value === true}
      aria-checked={value === true}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.checked)}
    />
  )
}
