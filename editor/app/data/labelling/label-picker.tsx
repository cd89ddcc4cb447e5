import { type KeyboardEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabelFact } from '#kit/facts.ts'
import { findLabels } from './find-labels.ts'
import styles from './labelling.module.css'

const mostShown = 8

/** A field in which a label is found by a few of its letters, or a new one is named; Enter takes the marked one. */
export function LabelPicker({
  labels,
  name,
  placeholder,
  onPick,
}: {
  labels: readonly LabelFact[]
  name: string
  placeholder: string
  /** The name of a label that there is, or of a new one. */
  onPick: (label: string) => void
}) {
  const { t } = useTranslation('data')
  const list = useId()
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const found = findLabels(labels, typed).slice(0, mostShown)
  const fresh = typed.trim()
  const isNew = fresh !== '' && !labels.some((label) => label.name === fresh)
  const choices = [...found.map((label) => label.name), ...(isNew ? [fresh] : [])]

  const pick = (label: string) => {
    setTyped('')
    setOpen(false)
    setAt(0)
    onPick(label)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const chosen = choices[at]
    if (event.key === 'Enter' && open && chosen !== undefined) {
      event.preventDefault()
      pick(chosen)
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation()
      event.preventDefault()
      setOpen(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : choices.length - 1
      setAt(choices.length === 0 ? 0 : (at + step) % choices.length)
    }
  }

  return (
    <div className={styles.picker}>
      <input
        className="bl-input"
        role="combobox"
        aria-label={name}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && choices.length > 0 ? `${list}-${at}` : undefined}
        value={typed}
        maxLength={200}
        placeholder={placeholder}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          setTyped(event.target.value)
          setAt(0)
          setOpen(true)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label={name} className={styles.choices} hidden={!open || choices.length === 0}>
        {choices.map((label, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the field, which keeps the focus
          <div
            key={label}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(label)}
          >
            {isNew && index === choices.length - 1 ? t('new-label', { name: label }) : label}
          </div>
        ))}
      </div>
    </div>
  )
}
