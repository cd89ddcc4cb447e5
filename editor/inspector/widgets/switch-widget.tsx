import type { WidgetProps } from '../widget.ts'

export function SwitchWidget({ value, onChange, id, describedBy }: WidgetProps) {
  return (
    // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox says itself whether it is on
    <input
      id={id}
      type="checkbox"
      role="switch"
      className="bl-insp-switch"
      checked={value === true}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.checked)}
    />
  )
}
