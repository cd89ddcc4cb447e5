import { useId } from 'react'

/** Room for a text that is put to a model; Enter sends the form around it, with Shift it begins a new line. */
export function QuestionBox({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <label className="bl-field" htmlFor={id}>
      <span className="bl-field__label">{label}</span>
      <textarea
        id={id}
        className="bl-textarea"
        maxLength={2000}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          event.currentTarget.form?.requestSubmit()
        }}
      />
    </label>
  )
}
